// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsentRegistry} from "../interfaces/IConsentRegistry.sol";
import {ConsentSlot} from "../libraries/ConsentSlot.sol";
import {MandateHash} from "../libraries/MandateHash.sol";
import {SignatureRule} from "../libraries/SignatureRule.sol";
import {ConsentState} from "./ConsentState.sol";

/// @title Representatives with a window and a scope of their own
///
///                grantMandate             revoke
///     Unknown ─────────────────▶ Granted ────────▶ Revoked, and with it all that was granted under it
///                                  │  ▲
///                                  └──┘ grantUnderMandate, revokeUnderMandate
///
/// @notice Only the controller grants a mandate. What its representative grants stays inside the mandate's window when it
/// is granted, and inside its scope when it is evaluated: the chain holds the scope's salted hash and nothing else.
abstract contract Mandates is ConsentState {
    using ConsentSlot for uint256;

    mapping(bytes32 consentId => bytes32 mandateId) private _mandates;

    /// @inheritdoc IConsentRegistry
    function grantMandate(Mandate calldata mandate) external returns (bytes32 mandateId) {
        mandateId = _mandateIdOf(mandate);
        if (_identities.identityOwner(mandate.patient) != msg.sender) {
            revert MandateActorUnauthorized(mandateId, msg.sender);
        }
        _grantMandate(mandate, mandateId);
    }

    /// @inheritdoc IConsentRegistry
    function grantMandateBySignature(Mandate calldata mandate, bytes calldata signature)
        external
        returns (bytes32 mandateId)
    {
        mandateId = _mandateIdOf(mandate);
        _checkSigner(mandateId, _identities.identityOwner(mandate.patient), mandateId, signature);
        _grantMandate(mandate, mandateId);
    }

    /// @inheritdoc IConsentRegistry
    function grantUnderMandate(Grant calldata consent, Mandate calldata mandate) external returns (bytes32 consentId) {
        bytes32 mandateId = _mandateIdOf(mandate);
        _checkRepresentative(mandate, mandateId);
        consentId = _idOf(consent);
        _grantUnder(consent, consentId, mandate, mandateId);
    }

    /// @inheritdoc IConsentRegistry
    function grantUnderMandateBySignature(
        Grant calldata consent,
        Mandate calldata mandate,
        bytes calldata signature
    ) external returns (bytes32 consentId) {
        bytes32 mandateId = _mandateIdOf(mandate);
        consentId = _idOf(consent);
        _checkSigner(mandateId, mandate.representative, consentId, signature);
        _grantUnder(consent, consentId, mandate, mandateId);
    }

    /// @inheritdoc IConsentRegistry
    function revokeUnderMandate(bytes32 consentId, Mandate calldata mandate) external {
        bytes32 mandateId = _mandateIdOf(mandate);
        _checkRepresentative(mandate, mandateId);
        _revokeUnder(consentId, mandate, mandateId);
    }

    /// @inheritdoc IConsentRegistry
    function revokeUnderMandateBySignature(bytes32 consentId, Mandate calldata mandate, bytes calldata signature)
        external
    {
        bytes32 mandateId = _mandateIdOf(mandate);
        bytes32 digest = _revocationDigest(mandate.patient, consentId);
        _checkSigner(mandateId, mandate.representative, digest, signature);
        _revokeUnder(consentId, mandate, mandateId);
    }

    /// @inheritdoc IConsentRegistry
    function mandateIdOf(Mandate calldata mandate) external view returns (bytes32) {
        return _mandateIdOf(mandate);
    }

    /// @inheritdoc IConsentRegistry
    function hashScope(Scope calldata scope) external pure returns (bytes32) {
        return MandateHash.ofScope(scope);
    }

    /// @inheritdoc IConsentRegistry
    function mandateOf(bytes32 consentId) external view returns (bytes32 mandateId) {
        return _mandates[consentId];
    }

    /// @dev Whether a consent that was granted under a mandate is shown with that mandate, its scope, and both in force.
    /// The mandate's window need not be read: the consent's lies inside it.
    function _checkMandate(bytes32 consentId, Mandate calldata mandate, Scope calldata scope)
        internal
        view
        returns (Reason)
    {
        if (!MandateHash.isWritable(mandate) || mandate.scopeHash != MandateHash.ofScope(scope)) {
            return Reason.MandateUnknown;
        }
        bytes32 mandateId = _mandateIdOf(mandate);
        if (_mandates[consentId] != mandateId) return Reason.MandateUnknown;
        // granted once, it is Granted or Revoked
        return _slotOf(mandate.patient, mandateId).status() == Status.Granted
            ? Reason.Permitted
            : Reason.MandateRevoked;
    }

    function _grantMandate(Mandate calldata mandate, bytes32 mandateId) private {
        _checkRegistryActive();
        if (mandate.representative == address(0)) revert MandateRepresentativeMissing(mandateId);
        _open(
            mandate.patient, mandateId, mandate.validFrom, mandate.validUntil, mandate.relayBefore, false
        );
        emit MandateGranted(
            mandate.patient, mandateId, mandate.representative, mandate.validFrom, mandate.validUntil
        );
    }

    function _grantUnder(Grant calldata consent, bytes32 consentId, Mandate calldata mandate, bytes32 mandateId)
        private
    {
        _checkRegistryActive();
        if (consent.patient != mandate.patient) revert MandatePatientOther(mandateId, consent.patient);
        if (_isDeactivated(consent.patient)) revert ConsentPatientDeactivated(consent.patient);
        Status status = _slotOf(mandate.patient, mandateId).status();
        if (status != Status.Granted) revert MandateNotGranted(mandateId, status);
        if (block.timestamp < mandate.validFrom || block.timestamp >= mandate.validUntil) {
            revert MandateNotInForce(mandateId, mandate.validFrom, mandate.validUntil);
        }
        if (consent.validFrom < mandate.validFrom || consent.validUntil > mandate.validUntil) {
            revert MandateWindowExceeded(mandateId, consent.validFrom, consent.validUntil);
        }
        _mandates[consentId] = mandateId;
        _grant(consent, consentId, true);
    }

    function _revokeUnder(bytes32 consentId, Mandate calldata mandate, bytes32 mandateId) private {
        if (_mandates[consentId] != mandateId) revert ConsentNotUnderMandate(consentId, mandateId);
        _revoke(mandate.patient, consentId);
    }

    function _checkRepresentative(Mandate calldata mandate, bytes32 mandateId) private view {
        if (msg.sender != mandate.representative) revert MandateActorUnauthorized(mandateId, msg.sender);
    }

    function _checkSigner(bytes32 mandateId, address signer, bytes32 digest, bytes calldata signature) private view {
        if (!SignatureRule.isAccounts(signer, digest, signature)) revert MandateSignatureInvalid(mandateId, signer);
    }

    function _mandateIdOf(Mandate calldata mandate) private view returns (bytes32) {
        return _typedDigest(NAME_HASH, MandateHash.ofMandate(mandate));
    }
}
