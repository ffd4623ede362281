// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsentRegistry} from "../interfaces/IConsentRegistry.sol";
import {IIdentityRegistry} from "../interfaces/IIdentityRegistry.sol";
import {IMemberRegistry} from "../interfaces/IMemberRegistry.sol";
import {IRegistryAuthority} from "../interfaces/IRegistryAuthority.sol";
import {ConsentHash} from "../libraries/ConsentHash.sol";
import {ConsentSlot} from "../libraries/ConsentSlot.sol";
import {PermitRule} from "../libraries/PermitRule.sol";
import {ProvisionRule} from "../libraries/ProvisionRule.sol";
import {ConsentState} from "./ConsentState.sol";
import {Mandates} from "./Mandates.sol";

/// @title Consents by patient and id, one slot each
///
///             grant, replace           revoke, replace
///     Unknown ─────────────▶ Granted ───────────────▶ Revoked
///        │                                               ▲
///        └───────────────────────────────────────────────┘
///              revoke (cancels a signature in flight)
///
/// @notice An id is used once, for ever. A window that has ended changes no state: it is read against the time.
contract ConsentRegistry is Mandates {
    using ConsentSlot for uint256;

    uint256 private constant MOST_AT_ONCE = 64;

    constructor(IRegistryAuthority authority, IIdentityRegistry identities, IMemberRegistry members)
        ConsentState(authority, identities, members)
    {}

    /// @inheritdoc IConsentRegistry
    function grant(Grant calldata consent) external returns (bytes32 consentId) {
        _checkRegistryActive();
        _checkActor(consent.patient);
        consentId = _idOf(consent);
        _grant(consent, consentId, false);
    }

    /// @inheritdoc IConsentRegistry
    function grantBySignature(Grant calldata consent, bytes calldata signature) external returns (bytes32 consentId) {
        _checkRegistryActive();
        consentId = _grantSigned(consent, signature);
    }

    /// @inheritdoc IConsentRegistry
    function grantMany(Grant[] calldata consents, bytes[] calldata signatures)
        external
        returns (bytes32[] memory consentIds)
    {
        uint256 count = consents.length;
        if (count == 0 || count > MOST_AT_ONCE || count != signatures.length) {
            revert ConsentCountInvalid(count, signatures.length);
        }
        _checkRegistryActive();
        consentIds = new bytes32[](count);
        for (uint256 i = 0; i < count; ++i) {
            consentIds[i] = _grantSigned(consents[i], signatures[i]);
        }
    }

    /// @inheritdoc IConsentRegistry
    function replace(bytes32 replaced, Grant calldata consent) external returns (bytes32 consentId) {
        _checkRegistryActive();
        _checkActor(consent.patient);
        consentId = _idOf(consent);
        _replace(replaced, consent, consentId);
    }

    /// @inheritdoc IConsentRegistry
    function replaceBySignature(bytes32 replaced, Grant calldata consent, bytes calldata signature)
        external
        returns (bytes32 consentId)
    {
        _checkRegistryActive();
        bytes32 consentHash = ConsentHash.ofConsent(consent);
        consentId = _typedDigest(NAME_HASH, consentHash);
        bytes32 digest = _typedDigest(NAME_HASH, ConsentHash.ofReplacement(replaced, consentHash));
        _checkSignature(consent.patient, consentId, digest, signature);
        _replace(replaced, consent, consentId);
    }

    /// @inheritdoc IConsentRegistry
    function revoke(address patient, bytes32 consentId) external {
        _checkActor(patient);
        _revoke(patient, consentId);
    }

    /// @inheritdoc IConsentRegistry
    function revokeBySignature(address patient, bytes32 consentId, bytes calldata signature) external {
        _checkSignature(patient, consentId, _revocationDigest(patient, consentId), signature);
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
        return _slotOf(patient, consentId).unpack();
    }

    /// @inheritdoc IConsentRegistry
    function actsFor(address patient, address account) external view returns (bool) {
        return account != address(0) && _actsFor(patient, account);
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
        string calldata purpose = ask.asker.purpose;
        if (!ProvisionRule.coversCategory(ask.terms.provisions, purpose, category)) return Reason.ProvisionMissing;
        if (standing.underMandate && !ProvisionRule.coversCategory(ask.scope.provisions, purpose, category)) {
            return Reason.ScopeExceeded;
        }
    }

    function _grantSigned(Grant calldata consent, bytes calldata signature) private returns (bytes32 consentId) {
        consentId = _idOf(consent);
        _checkSignature(consent.patient, consentId, consentId, signature);
        _grant(consent, consentId, false);
    }

    function _replace(bytes32 replaced, Grant calldata consent, bytes32 consentId) private {
        Status status = _slotOf(consent.patient, replaced).status();
        if (status != Status.Granted) revert ConsentReplacedNotGranted(replaced, status);
        _revoke(consent.patient, replaced);
        _grant(consent, consentId, false);
    }

    /// @dev Everything that does not depend on what is asked for: consent, window, registry, parties.
    function _checkBasis(Ask calldata ask)
        private
        view
        returns (Reason reason, PermitRule.Standing memory standing)
    {
        uint256 time = ask.asker.askedAt > block.timestamp ? ask.asker.askedAt : block.timestamp;
        (reason, standing.underMandate) = _checkInForce(ask, time);
        if (reason != Reason.Permitted) return (reason, standing);
        standing.actor = _members.staffOf(ask.asker.actor);
        reason = PermitRule.checkParties(_members, ask.terms, ask.asker, standing.actor, time);
        if (reason != Reason.Permitted) return (reason, standing);
        standing.ceiling = _members.ceilingOf(standing.actor.role);
        standing.episodeHeld = PermitRule.holdsEpisode(_members, standing, ask.asker, time);
        standing.authorsNamed = ProvisionRule.namesAuthors(_members, ask.terms.provisions)
            && (!standing.underMandate || ProvisionRule.namesAuthors(_members, ask.scope.provisions));
    }

    function _checkInForce(Ask calldata ask, uint256 time) private view returns (Reason, bool underMandate) {
        Grant calldata consent = ask.consent;
        if (consent.termsHash != ConsentHash.ofTerms(ask.terms) || !ConsentHash.isWritable(consent)) {
            return (Reason.ConsentUnknown, false);
        }
        bytes32 consentId = _idOf(consent);
        uint256 slot = _slotOf(consent.patient, consentId);
        Status status = slot.status();
        if (status == Status.Unknown) return (Reason.ConsentUnknown, false);
        if (status == Status.Revoked) return (Reason.ConsentRevoked, false);
        // the id fixes the window, so the one given is the one granted
        if (time < consent.validFrom) return (Reason.ConsentNotYetValid, false);
        if (time >= consent.validUntil) return (Reason.ConsentExpired, false);
        IRegistryAuthority.RegistryStatus listed = _authority.registryStatusOf(address(this));
        if (listed != IRegistryAuthority.RegistryStatus.Active && listed != IRegistryAuthority.RegistryStatus.Closed) {
            return (Reason.RegistryDistrusted, false);
        }
        if (_isDeactivated(consent.patient)) return (Reason.PatientDeactivated, false);
        if (!slot.isUnderMandate()) return (Reason.Permitted, false);
        return (_checkMandate(consentId, ask.mandate, ask.scope), true);
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
        string calldata purpose = ask.asker.purpose;
        if (!ProvisionRule.coversRecord(ask.terms.provisions, purpose, record, author.name)) {
            return Reason.ProvisionMissing;
        }
        if (standing.underMandate && !ProvisionRule.coversRecord(ask.scope.provisions, purpose, record, author.name)) {
            return Reason.ScopeExceeded;
        }
    }
}
