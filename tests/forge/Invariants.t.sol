// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsentRegistry} from "../../contracts/interfaces/IConsentRegistry.sol";
import {IMemberRegistry} from "../../contracts/interfaces/IMemberRegistry.sol";
import {Cheats} from "./Vm.sol";
import {World} from "./World.sol";
import {Emergencies} from "./handlers/Emergencies.sol";
import {Handler} from "./handlers/Handler.sol";
import {Members} from "./handlers/Members.sol";
import {Patients} from "./handlers/Patients.sol";
import {Powers} from "./handlers/Powers.sol";

/// @title What holds whatever anybody does, in any order
/// @notice The handlers also compare the outcome of each call with their models: a difference ends the run.
contract InvariantsTest is Cheats {
    struct Target {
        address addr;
        bytes4[] selectors;
    }

    World private _world;
    Members private _members;
    Patients private _patients;
    Powers private _powers;
    Emergencies private _emergencies;

    error NothingSucceeded(bytes4 selector);

    function setUp() public {
        _world = new World();
        _members = new Members(_world);
        _patients = new Patients(_world);
        _powers = new Powers(_world);
        _emergencies = new Emergencies(_world, _members);
        for (uint256 one = 0; one < _members.DOCTORS(); ++one) {
            _members.enrol(0, one, 100 days);
        }
    }

    function targetContracts() external view returns (address[] memory list) {
        list = new address[](4);
        (list[0], list[1], list[2]) = (address(_members), address(_patients), address(_powers));
        list[3] = address(_emergencies);
    }

    function targetSelectors() external view returns (Target[] memory list) {
        list = new Target[](4);
        list[0] = Target(address(_members), _members.selectors());
        list[1] = Target(address(_patients), _patients.selectors());
        list[2] = Target(address(_powers), _powers.selectors());
        list[3] = Target(address(_emergencies), _emergencies.selectors());
    }

    /// @notice No permit without a live ground: consent granted, not revoked, in its window, recipient and doctor in
    /// standing. And with all of them, a permit.
    function invariant_permits_exactly_with_a_live_ground() external view {
        for (uint256 i = 0; i < _patients.knownCount(); ++i) {
            Patients.Known memory one = _patients.knownAt(i);
            IConsentRegistry.Grant memory consent = _patients.consentOf(one);
            bool live = one.granted && !one.revoked && block.timestamp >= one.from && block.timestamp < one.until;
            for (uint256 doctor = 0; doctor < _members.DOCTORS(); ++doctor) {
                bool should = live && _members.works(doctor, 0);
                address who = _members.doctorAt(doctor);
                _same("permits", should, _world.isPermitted(consent, one.salt, who));
                _same("permitsDirectory", should, _world.isDirectoryPermitted(consent, one.salt, who));
            }
        }
    }

    /// @notice An opening permits exactly while its box is open and its opener in good standing.
    function invariant_openings_permit_their_openers_for_their_time() external view {
        for (uint256 i = 0; i < _emergencies.boxCount(); ++i) {
            for (uint256 doctor = 0; doctor < _members.DOCTORS(); ++doctor) {
                bool opened =
                    _world.isOpen(_emergencies.subjectOf(i), _emergencies.declarationOf(i), _members.doctorAt(doctor));
                _same("opening", _emergencies.opens(i, doctor), opened);
            }
        }
    }

    /// @notice Revoked never revives; granted stays granted until it is revoked; nothing is granted by itself.
    function invariant_revoked_never_revives() external view {
        for (uint256 i = 0; i < _patients.knownCount(); ++i) {
            Patients.Known memory one = _patients.knownAt(i);
            bytes32 id = _world.consents().consentIdOf(_patients.consentOf(one));
            (IConsentRegistry.Status status,,,) = _world.consents().consentOf(_patients.accountAt(one.patient), id);
            _same("revoked", one.revoked, status == IConsentRegistry.Status.Revoked);
            _same("granted", one.granted && !one.revoked, status == IConsentRegistry.Status.Granted);
        }
    }

    /// @notice What a keeper committed covers its sequence numbers from 0 without a gap.
    function invariant_audit_ranges_are_contiguous() external view {
        for (uint256 i = 0; i < _world.MEMBERS(); ++i) {
            _same("next", true, _world.audit().nextSeqOf(_world.keeperAt(i)) == _members.committed(i));
        }
    }

    /// @notice A member that is not active has no standing, nor its keeper. (That it can do nothing, its handler checks.)
    function invariant_standing_is_the_consortiums_last_word() external view {
        for (uint256 i = 0; i < _world.MEMBERS(); ++i) {
            _same("member", _members.isActive(i), _world.members().isActive(_world.memberAt(i)));
            (address member,) = _world.members().actorOf(_members.actorOf(i));
            _same("acts", true, member == _world.memberAt(i));
            for (uint256 key = 0; key < _members.keyOf(i); ++key) {
                (member,) = _world.members().actorOf(_members.accountAt(i, key));
                _same("acts no more", true, member == address(0));
            }
            _same("keeper", _members.isActive(i), _world.committee().isKeeper(_world.keeperAt(i)));
        }
        _same("members", true, _world.members().memberCount() == _world.MEMBERS());
    }

    /// @notice Nobody holds a role but those to whom the administrator gave it.
    function invariant_nobody_gains_a_role() external view {
        for (uint64 role = 0; role < _powers.ROLES(); ++role) {
            for (uint256 i = 0; i < _powers.OUTSIDERS(); ++i) {
                (bool holds,) = _world.authority().hasRole(role, _powers.outsiderAt(i));
                _same("role", _powers.holds(role, i), holds);
            }
            (bool consortium,) = _world.authority().hasRole(role, _world.CONSORTIUM());
            _same("consortium", role < 2, consortium);
        }
    }

    /// @notice An identity's nonce counts the changes made by signature, and its controller is the one last named.
    function invariant_identities_follow_their_controllers() external view {
        for (uint256 i = 0; i < _patients.PATIENTS(); ++i) {
            address patient = _patients.accountAt(i);
            _same("nonce", true, _world.identities().nonce(patient) == _patients.nonces(i));
            address controller = _patients.accountAt(_patients.controllerOf(i));
            _same("controller", true, _world.identities().identityOwner(patient) == controller);
        }
    }

    /// @notice The handlers reach what they are for: in a long walk every one of their functions succeeds, and permits exist.
    function test_handlers_succeed_in_everything_they_try() external {
        Handler[4] memory handlers =
            [Handler(_members), Handler(_patients), Handler(_powers), Handler(_emergencies)];
        uint256 permits;
        for (uint256 step = 0; step < 1500; ++step) {
            bytes32 dice = keccak256(abi.encode("walk", step));
            Handler handler = handlers[uint256(dice) % 4];
            bytes4[] memory list = handler.selectors();
            bytes4 selector = list[(uint256(dice) >> 8) % list.length];
            if (selector == Patients.setAttribute.selector) continue;
            (bool done,) = address(handler).call(bytes.concat(selector, _arguments(dice)));
            _same("handler", true, done);
            if (step % 20 == 0) permits += _permits();
        }
        for (uint256 h = 0; h < 4; ++h) {
            bytes4[] memory list = handlers[h].selectors();
            for (uint256 i = 0; i < list.length; ++i) {
                bool silent = list[i] == Patients.setAttribute.selector || list[i] == Powers.intrude.selector;
                if (!silent && handlers[h].successes(list[i]) == 0) revert NothingSucceeded(list[i]);
            }
        }
        _same("intruders tried", true, _powers.attempts() > 20);
        _same("permits seen", true, permits > 10);
    }

    function _permits() private view returns (uint256 count) {
        for (uint256 i = 0; i < _patients.knownCount(); ++i) {
            Patients.Known memory one = _patients.knownAt(i);
            if (_world.isPermitted(_patients.consentOf(one), one.salt, _members.doctorAt(0))) ++count;
        }
    }

    /// @dev Five words; small types take the low bits, which the decoder wants clean.
    function _arguments(bytes32 dice) private pure returns (bytes memory data) {
        for (uint256 i = 0; i < 4; ++i) {
            data = abi.encodePacked(data, uint256(uint32(uint256(keccak256(abi.encode(dice, i))))));
        }
        return abi.encodePacked(data, uint256(dice) >> 255);
    }
}
