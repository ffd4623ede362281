// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authority} from "../../contracts/authority/Authority.sol";
import {ConsentRegistry} from "../../contracts/consent/ConsentRegistry.sol";
import {IdentityRegistry} from "../../contracts/identity/IdentityRegistry.sol";
import {MemberRegistry} from "../../contracts/identity/MemberRegistry.sol";
import {IConsentRegistry} from "../../contracts/interfaces/IConsentRegistry.sol";
import {IRegistryAuthority} from "../../contracts/interfaces/IRegistryAuthority.sol";
import {ConsentSlot} from "../../contracts/libraries/ConsentSlot.sol";
import {Cheats} from "./Vm.sol";

/// @title Proofs by halmos (`check_…`): for all values at once, not for drawn ones
/// @notice Proved on the registry itself with any times, statuses and callers, and on the slot. Terms are of fixed shape: halmos
/// does not go through arrays of any length. The registries of identities and members are the real ones, empty.
contract SymbolicTest is Cheats {
    using ConsentSlot for uint256;

    address private constant PATIENT = address(0xA11CE);
    uint64 private constant FROM = 1_767_225_600; // 2026-01-01T00:00:00Z

    ConsentRegistry private _consents;

    function setUp() public {
        vm.warp(FROM);
        Authority authority = new Authority(address(this));
        _consents = new ConsentRegistry(authority, new IdentityRegistry(7 days), new MemberRegistry(address(authority)));
        authority.grantRole(1, address(this), 0);
        bytes4[] memory one = new bytes4[](1);
        one[0] = Authority.setRegistry.selector;
        authority.setTargetFunctionRole(address(authority), one, 1);
        authority.setRegistry(address(_consents), "ConsentRegistry", IRegistryAuthority.RegistryStatus.Active);
    }

    /// @notice An id can't be granted twice, whatever its terms and times, and however much time lies between.
    function check_id_is_granted_once(bytes32 termsHash, uint64 from, uint64 until, uint64 relayBefore, uint64 later)
        external
    {
        IConsentRegistry.Grant memory consent = IConsentRegistry.Grant(PATIENT, termsHash, from, until, relayBefore);
        vm.assume(_grants(consent));
        vm.warp(later);
        assert(!_grants(consent));
    }

    /// @notice Nobody but the patient grants: any caller, any terms and times.
    function check_nobody_else_grants(address caller, bytes32 termsHash, uint64 from, uint64 until, uint64 relayBefore)
        external
    {
        vm.assume(caller != PATIENT);
        IConsentRegistry.Grant memory consent = IConsentRegistry.Grant(PATIENT, termsHash, from, until, relayBefore);
        vm.prank(caller);
        (bool granted,) = address(_consents).call(abi.encodeCall(_consents.grant, (consent)));
        assert(!granted);
    }

    /// @notice What is revoked, granted before or not, is never granted again and stays revoked.
    function check_revoked_never_revives(bytes32 termsHash, uint64 from, uint64 until, bool granted, uint64 later)
        external
    {
        IConsentRegistry.Grant memory consent = IConsentRegistry.Grant(PATIENT, termsHash, from, until, until);
        if (granted) vm.assume(_grants(consent));
        bytes32 id = _consents.consentIdOf(consent);
        vm.prank(PATIENT);
        _consents.revoke(PATIENT, id);
        vm.warp(later);
        assert(!_grants(consent));
        (IConsentRegistry.Status status,,,) = _consents.consentOf(PATIENT, id);
        assert(status == IConsentRegistry.Status.Revoked);
    }

    /// @notice Default deny: what nobody granted is never permitted, whoever asks for whatever at whatever time.
    function check_nothing_granted_is_nothing_permitted(
        address patient,
        uint64 from,
        uint64 until,
        address actor,
        address author,
        uint64 askedAt,
        uint64 time
    ) external {
        IConsentRegistry.Ask memory ask = _ask(IConsentRegistry.Grant(patient, 0, from, until, until));
        ask.consent.termsHash = _consents.hashTerms(ask.terms);
        (ask.asker.actor, ask.asker.signer, ask.asker.askedAt) = (actor, actor, askedAt);
        IConsentRegistry.RecordFacts memory record =
            IConsentRegistry.RecordFacts(0, author, "laboratory", 3, "N", "", "2025-03-04T05:06:07Z");
        vm.warp(time);
        assert(_consents.permits(ask, record) == IConsentRegistry.Reason.ConsentUnknown);
        assert(_consents.permitsDirectory(ask, "laboratory") == IConsentRegistry.Reason.ConsentUnknown);
    }

    /// @notice Expiry is monotone: an expired consent is expired at every later time, by any clock of the asker's.
    function check_expired_stays_expired(uint64 one, uint64 other, uint64 askedOne, uint64 askedOther) external {
        vm.assume(one <= other && askedOne <= askedOther);
        IConsentRegistry.Ask memory ask = _ask(IConsentRegistry.Grant(PATIENT, 0, FROM, FROM + 1 days, FROM + 1 days));
        ask.consent.termsHash = _consents.hashTerms(ask.terms);
        vm.assume(_grants(ask.consent));
        vm.warp(one);
        ask.asker.askedAt = askedOne;
        vm.assume(_consents.permitsDirectory(ask, "laboratory") == IConsentRegistry.Reason.ConsentExpired);
        vm.warp(other);
        ask.asker.askedAt = askedOther;
        assert(_consents.permitsDirectory(ask, "laboratory") == IConsentRegistry.Reason.ConsentExpired);
    }

    /// @notice A slot keeps its window through everything, and no slot survives being revoked.
    function check_slot_keeps_its_window(uint40 from, uint40 until, uint40 time, uint40 later) external {
        vm.warp(time);
        uint256 slot = ConsentSlot.granted(from, until);
        assert(slot.status() == IConsentRegistry.Status.Granted);
        vm.warp(later);
        uint256 ended = slot.revoked();
        (IConsentRegistry.Status status, uint64 keptFrom, uint64 keptUntil, uint64 changedAt) = ended.unpack();
        assert(status == IConsentRegistry.Status.Revoked);
        assert(keptFrom == from && keptUntil == until && changedAt == later);
    }

    /// @notice Whatever a slot holds, revoking it gives a revoked one.
    function check_any_slot_can_be_revoked(uint256 slot, uint40 time) external {
        vm.warp(time);
        assert(slot.revoked().status() == IConsentRegistry.Status.Revoked);
    }

    function _grants(IConsentRegistry.Grant memory consent) private returns (bool granted) {
        vm.prank(PATIENT);
        (granted,) = address(_consents).call(abi.encodeCall(_consents.grant, (consent)));
    }

    function _ask(IConsentRegistry.Grant memory consent) private pure returns (IConsentRegistry.Ask memory ask) {
        ask.consent = consent;
        ask.terms.roles = new string[](1);
        ask.terms.roles[0] = "any";
        ask.asker.purpose = "TREAT";
    }
}
