// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsentRegistry} from "../interfaces/IConsentRegistry.sol";
import {IIdentityRegistry} from "../interfaces/IIdentityRegistry.sol";
import {IMemberRegistry} from "../interfaces/IMemberRegistry.sol";
import {IRegistryAuthority} from "../interfaces/IRegistryAuthority.sol";
import {ConsentHash} from "../libraries/ConsentHash.sol";
import {ConsentSlot} from "../libraries/ConsentSlot.sol";
import {SignatureRule} from "../libraries/SignatureRule.sol";
import {TypedDomain} from "../libraries/TypedDomain.sol";

/// @title What is stored of consents and mandates, and who moves it
///
///                 open                     close
///     Unknown ─────────────▶ Granted ───────────────▶ Revoked
///        │                                               ▲
///        └───────────────────────────────────────────────┘
///              close (cancels a signature in flight)
///
/// @notice Consents and mandates share one kind of slot: their ids are digests of different types, so that none can be
/// taken for the other.
abstract contract ConsentState is IConsentRegistry, TypedDomain {
    using ConsentSlot for uint256;
    using SignatureRule for IIdentityRegistry;

    /// @dev One word (ConsentSlot), in a struct so that where it lies is computed once.
    struct Slot {
        uint256 word;
    }

    bytes32 internal constant NAME_HASH = keccak256("Consentry");

    IRegistryAuthority internal immutable _authority;
    IIdentityRegistry internal immutable _identities;
    IMemberRegistry internal immutable _members;

    mapping(address patient => mapping(bytes32 id => Slot)) private _slots;

    constructor(IRegistryAuthority authority, IIdentityRegistry identities, IMemberRegistry members) {
        _authority = authority;
        _identities = identities;
        _members = members;
    }

    /// @dev Unknown → Granted, of a consent or a mandate. The caller says so in an event.
    function _open(address patient, bytes32 id, uint64 validFrom, uint64 validUntil, uint64 relayBefore, bool mandated)
        internal
    {
        if (block.timestamp >= relayBefore) revert ConsentRelayTooLate(id, relayBefore);
        if (validFrom >= validUntil) revert ConsentWindowEmpty(validFrom, validUntil);
        if (block.timestamp >= validUntil) revert ConsentExpired(id, validUntil);
        Slot storage slot = _slots[patient][id];
        // an unknown id is an empty word
        uint256 word = slot.word;
        if (word != 0) revert ConsentAlreadyKnown(id, word.status());
        word = ConsentSlot.granted(validFrom, validUntil);
        slot.word = mandated ? word.underMandate() : word;
    }

    function _grant(Grant calldata consent, bytes32 consentId, bool mandated) internal {
        (address patient, uint64 validFrom, uint64 validUntil) =
            (consent.patient, consent.validFrom, consent.validUntil);
        _open(patient, consentId, validFrom, validUntil, consent.relayBefore, mandated);
        emit ConsentGranted(patient, consentId, validFrom, validUntil);
    }

    /// @dev Granted or Unknown → Revoked. No status of the registry stands in the way.
    function _revoke(address patient, bytes32 id) internal {
        Slot storage slot = _slots[patient][id];
        uint256 word = slot.word;
        if (word.isRevoked()) revert ConsentAlreadyRevoked(id);
        slot.word = word.revoked();
        emit ConsentRevoked(patient, id);
    }

    function _slotOf(address patient, bytes32 id) internal view returns (uint256) {
        return _slots[patient][id].word;
    }

    /// @dev New grants, mandates and replacements only while the Authority lists this registry as active.
    function _checkRegistryActive() internal view {
        IRegistryAuthority.RegistryStatus listed = _authority.registryStatusOf(address(this));
        if (listed != IRegistryAuthority.RegistryStatus.Active) revert ConsentRegistryNotActive(listed);
    }

    function _checkActor(address patient) internal view {
        if (!_actsFor(patient, msg.sender)) revert ConsentActorUnauthorized(patient, msg.sender);
    }

    function _checkSignature(address patient, bytes32 consentId, bytes32 digest, bytes calldata signature)
        internal
        view
    {
        if (!_identities.isPatients(patient, digest, signature)) revert ConsentSignatureInvalid(patient, consentId);
    }

    /// @dev `account` is not zero.
    function _actsFor(address patient, address account) internal view returns (bool) {
        return _identities.identityOwner(patient) == account
            || _identities.validDelegate(patient, SignatureRule.REPRESENTATIVE, account);
    }

    function _isDeactivated(address patient) internal view returns (bool) {
        return _identities.identityOwner(patient) == address(0);
    }

    function _idOf(Grant calldata consent) internal view returns (bytes32) {
        return _typedDigest(NAME_HASH, ConsentHash.ofConsent(consent));
    }

    function _revocationDigest(address patient, bytes32 consentId) internal view returns (bytes32) {
        return _typedDigest(NAME_HASH, ConsentHash.ofRevocation(patient, consentId));
    }

    /// @inheritdoc TypedDomain
    function _domainName() internal pure override returns (string memory, bytes32) {
        return ("Consentry", NAME_HASH);
    }
}
