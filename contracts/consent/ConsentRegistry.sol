// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAuthority} from "../interfaces/IAuthority.sol";
import {IConsentRegistry} from "../interfaces/IConsentRegistry.sol";
import {IIdentityRegistry} from "../interfaces/IIdentityRegistry.sol";
import {IMemberRegistry} from "../interfaces/IMemberRegistry.sol";
import {ConsentHash} from "../libraries/ConsentHash.sol";
import {ConsentSlot} from "../libraries/ConsentSlot.sol";
import {PermitRule} from "../libraries/PermitRule.sol";
import {ProvisionRule} from "../libraries/ProvisionRule.sol";
import {SignatureRule} from "../libraries/SignatureRule.sol";
import {TypedDomain} from "../libraries/TypedDomain.sol";

/// @title Consents by patient and id, one slot each
///
///                 grant                    revoke
///     Unknown ─────────────▶ Granted ───────────────▶ Revoked
///        │                                               ▲
///        └───────────────────────────────────────────────┘
///              revoke (cancels a signature in flight)
///
/// @notice An id is used once, for ever. A window that has ended changes no state: it is read against the time.
contract ConsentRegistry is IConsentRegistry, TypedDomain {
    using ConsentSlot for uint256;
    using SignatureRule for IIdentityRegistry;

    bytes32 private constant NAME_HASH = keccak256("Consentry");

    IAuthority private immutable _authority;
    IIdentityRegistry private immutable _identities;
    IMemberRegistry private immutable _members;

    mapping(address patient => mapping(bytes32 consentId => uint256 slot)) private _slots;

    constructor(IAuthority authority, IIdentityRegistry identities, IMemberRegistry members) {
        _authority = authority;
        _identities = identities;
        _members = members;
    }

    /// @inheritdoc IConsentRegistry
    function grant(Grant calldata consent) external returns (bytes32 consentId) {
        _checkActor(consent.patient);
        consentId = _idOf(consent);
        _grant(consent, consentId);
    }

    /// @inheritdoc IConsentRegistry
    function grantBySignature(Grant calldata consent, bytes calldata signature) external returns (bytes32 consentId) {
        consentId = _idOf(consent);
        _checkSignature(consent.patient, consentId, consentId, signature);
        _grant(consent, consentId);
    }

    /// @inheritdoc IConsentRegistry
    function revoke(address patient, bytes32 consentId) external {
        _checkActor(patient);
        _revoke(patient, consentId);
    }

    /// @inheritdoc IConsentRegistry
    function revokeBySignature(address patient, bytes32 consentId, bytes calldata signature) external {
        bytes32 digest = _typedDigest(NAME_HASH, ConsentHash.ofRevocation(patient, consentId));
        _checkSignature(patient, consentId, digest, signature);
        _revoke(patient, consentId);
    }

    /// @inheritdoc IConsentRegistry
    function consentIdOf(Grant calldata consent) external view returns (bytes32) {
        return _idOf(consent);
    }

    /// @inheritdoc IConsentRegistry
    function hashTerms(Terms calldata terms) external pure returns (bytes32) {
        return ConsentHash.ofTerms(terms);
    }

    /// @inheritdoc IConsentRegistry
    function consentOf(address patient, bytes32 consentId)
        external
        view
        returns (Status status, uint64 validFrom, uint64 validUntil, uint64 changedAt)
    {
        return _slots[patient][consentId].unpack();
    }

    /// @inheritdoc IConsentRegistry
    function actsFor(address patient, address account) external view returns (bool) {
        return _actsFor(patient, account);
    }

    /// @inheritdoc IConsentRegistry
    function permits(Ask calldata ask, RecordFacts calldata record) external view returns (Reason reason) {
        PermitRule.Standing memory standing;
        (reason, standing) = _checkBasis(ask);
        if (reason == Reason.Permitted) reason = _checkRecord(ask, record, standing);
    }

    /// @inheritdoc IConsentRegistry
    function permitsMany(Ask calldata ask, RecordFacts[] calldata records)
        external
        view
        returns (Reason[] memory reasons)
    {
        (Reason basis, PermitRule.Standing memory standing) = _checkBasis(ask);
        reasons = new Reason[](records.length);
        for (uint256 i = 0; i < records.length; ++i) {
            reasons[i] = basis == Reason.Permitted ? _checkRecord(ask, records[i], standing) : basis;
        }
    }

    /// @inheritdoc IConsentRegistry
    function permitsDirectory(Ask calldata ask, string calldata category) external view returns (Reason reason) {
        PermitRule.Standing memory standing;
        (reason, standing) = _checkBasis(ask);
        if (reason != Reason.Permitted) return reason;
        reason = PermitRule.checkCeilingExists(standing);
        if (reason != Reason.Permitted) return reason;
        if (!standing.authorsNamed) return Reason.AuthorUnknown;
        if (!ProvisionRule.coversCategory(ask.terms.provisions, ask.asker.purpose, category)) {
            return Reason.ProvisionMissing;
        }
    }

    function _grant(Grant calldata consent, bytes32 consentId) private {
        IAuthority.RegistryStatus listed = _authority.registryStatusOf(address(this));
        if (listed != IAuthority.RegistryStatus.Active) revert ConsentRegistryNotActive(listed);
        if (block.timestamp >= consent.relayBefore) revert ConsentRelayTooLate(consentId, consent.relayBefore);
        if (consent.validFrom >= consent.validUntil) {
            revert ConsentWindowEmpty(consent.validFrom, consent.validUntil);
        }
        if (block.timestamp >= consent.validUntil) revert ConsentExpired(consentId, consent.validUntil);
        Status status = _slots[consent.patient][consentId].status();
        if (status != Status.Unknown) revert ConsentAlreadyKnown(consentId, status);
        _slots[consent.patient][consentId] = ConsentSlot.granted(consent.validFrom, consent.validUntil);
        emit ConsentGranted(consent.patient, consentId, consent.validFrom, consent.validUntil);
    }

    function _revoke(address patient, bytes32 consentId) private {
        uint256 slot = _slots[patient][consentId];
        if (slot.status() == Status.Revoked) revert ConsentAlreadyRevoked(consentId);
        _slots[patient][consentId] = slot.revoked();
        emit ConsentRevoked(patient, consentId);
    }

    /// @dev Everything that does not depend on what is asked for: consent, window, registry, parties.
    function _checkBasis(Ask calldata ask)
        private
        view
        returns (Reason reason, PermitRule.Standing memory standing)
    {
        Grant calldata consent = ask.consent;
        uint256 time = ask.asker.askedAt > block.timestamp ? ask.asker.askedAt : block.timestamp;
        reason = _checkInForce(consent, ask.terms, time);
        if (reason != Reason.Permitted) return (reason, standing);
        standing.actor = _members.staffOf(ask.asker.actor);
        reason = PermitRule.checkParties(_members, ask.terms, ask.asker, standing.actor, time);
        if (reason != Reason.Permitted) return (reason, standing);
        standing.ceiling = _members.ceilingOf(standing.actor.role);
        standing.authorsNamed = ProvisionRule.namesAuthors(_members, ask.terms.provisions);
    }

    function _checkInForce(Grant calldata consent, Terms calldata terms, uint256 time) private view returns (Reason) {
        if (consent.termsHash != ConsentHash.ofTerms(terms) || !ConsentHash.isWritable(consent)) {
            return Reason.ConsentUnknown;
        }
        Status status = _slots[consent.patient][_idOf(consent)].status();
        if (status == Status.Unknown) return Reason.ConsentUnknown;
        if (status == Status.Revoked) return Reason.ConsentRevoked;
        // the id fixes the window, so the one given is the one granted
        if (time < consent.validFrom) return Reason.ConsentNotYetValid;
        if (time >= consent.validUntil) return Reason.ConsentExpired;
        IAuthority.RegistryStatus listed = _authority.registryStatusOf(address(this));
        if (listed != IAuthority.RegistryStatus.Active && listed != IAuthority.RegistryStatus.Closed) {
            return Reason.RegistryDistrusted;
        }
        return Reason.Permitted;
    }

    function _checkRecord(Ask calldata ask, RecordFacts calldata record, PermitRule.Standing memory standing)
        private
        view
        returns (Reason reason)
    {
        reason = PermitRule.checkCeiling(standing, record);
        if (reason != Reason.Permitted) return reason;
        IMemberRegistry.Member memory author = _members.memberOf(record.author);
        if (author.status == IMemberRegistry.MemberStatus.Unknown || !standing.authorsNamed) {
            return Reason.AuthorUnknown;
        }
        if (!ProvisionRule.coversRecord(ask.terms.provisions, ask.asker.purpose, record, author.name)) {
            return Reason.ProvisionMissing;
        }
    }

    function _checkActor(address patient) private view {
        if (!_actsFor(patient, msg.sender)) revert ConsentActorUnauthorized(patient, msg.sender);
    }

    function _checkSignature(address patient, bytes32 consentId, bytes32 digest, bytes calldata signature)
        private
        view
    {
        if (!_identities.isPatients(patient, digest, signature)) revert ConsentSignatureInvalid(patient, consentId);
    }

    function _actsFor(address patient, address account) private view returns (bool) {
        if (account == address(0)) return false;
        return _identities.identityOwner(patient) == account
            || _identities.validDelegate(patient, SignatureRule.REPRESENTATIVE, account);
    }

    function _idOf(Grant calldata consent) private view returns (bytes32) {
        return _typedDigest(NAME_HASH, ConsentHash.ofConsent(consent));
    }

    /// @inheritdoc TypedDomain
    function _domainName() internal pure override returns (string memory, bytes32) {
        return ("Consentry", NAME_HASH);
    }
}
