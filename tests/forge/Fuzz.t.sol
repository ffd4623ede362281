// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ConsentRegistry} from "../../contracts/consent/ConsentRegistry.sol";
import {MemberRegistry} from "../../contracts/identity/MemberRegistry.sol";
import {IConsentRegistry} from "../../contracts/interfaces/IConsentRegistry.sol";
import {ConsentSlot} from "../../contracts/libraries/ConsentSlot.sol";
import {IdentitySlot} from "../../contracts/libraries/IdentitySlot.sol";
import {LibraryMock} from "../../contracts/mocks/LibraryMock.sol";
import {Cheats} from "./Vm.sol";
import {World} from "./World.sol";

/// @title Properties of single functions, for drawn arguments
contract FuzzTest is Cheats {
    using ConsentSlot for uint256;
    using IdentitySlot for uint256;

    uint256 private constant LATEST = 253402300799;
    /// @dev The order of secp256k1.
    uint256 private constant ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;

    address private constant DOCTOR = address(0xD0C);

    World private _world;
    LibraryMock private _libraries;

    function setUp() public {
        _world = new World();
        _libraries = new LibraryMock();
    }

    /// @notice The text of a time parses to itself, and texts order as times do.
    function testFuzz_times_keep_their_order_as_texts(uint256 one, uint256 other) external view {
        (one, other) = (_within(one, 0, LATEST), _within(other, 0, LATEST));
        bytes32 text = _libraries.format(one);
        (bool ok, bytes32 parsed) = _libraries.parse(string(abi.encodePacked(bytes20(text))));
        _same("parses", true, ok);
        _same("round trip", true, parsed == text);
        _same("order", one < other, uint256(text) < uint256(_libraries.format(other)));
    }

    /// @notice A year has a text of its own and a day a step of its own: text and seconds agree with a count by loops.
    function testFuzz_dates_agree_with_counting(uint256 seed) external view {
        uint256 time = _within(seed, 0, LATEST);
        (uint256 year, uint256 rest) = (1970, time / 1 days);
        while (rest >= _daysIn(year)) rest -= _daysIn(year++);
        bytes32 text = _libraries.format(time);
        _same("year", true, _digits(text, 0) * 100 + _digits(text, 2) == year);
        uint256 month = 1;
        while (rest >= _daysInMonth(year, month)) rest -= _daysInMonth(year, month++);
        _same("month", true, _digits(text, 5) == month);
        _same("day", true, _digits(text, 8) == rest + 1);
    }

    /// @notice What goes into a slot comes out again, and revoking keeps the window.
    function testFuzz_slot_keeps_what_it_was_given(uint40 from, uint40 until, uint40 time) external {
        vm.warp(time);
        uint256 slot = ConsentSlot.granted(from, until);
        _sameSlot(slot, IConsentRegistry.Status.Granted, from, until, time);
        vm.warp(uint256(time) + 1);
        _sameSlot(slot.revoked(), IConsentRegistry.Status.Revoked, from, until, uint40(uint256(time) + 1));
    }

    /// @notice An identity's counters grow by one and touch nothing else; a full one ends in an error, not in its neighbour.
    function testFuzz_counters_count_and_end(uint256 slot, bool fullNonce, bool fullGeneration) external view {
        if (fullNonce) slot |= uint256(type(uint32).max) << 200;
        if (fullGeneration) slot |= uint256(type(uint16).max) << 232;
        try this.signedOf(slot) returns (uint256 next) {
            _same("nonce", true, next == slot + (1 << 200) && slot.nonce() != type(uint32).max);
        } catch (bytes memory why) {
            _same("nonce full", true, slot.nonce() == type(uint32).max && _isCounterFull(why, slot));
        }
        try this.renewedOf(slot) returns (uint256 next) {
            _same("generation", true, next == slot + (1 << 232) && slot.generation() != type(uint16).max);
        } catch (bytes memory why) {
            _same("generation full", true, slot.generation() == type(uint16).max && _isCounterFull(why, slot));
        }
    }

    function signedOf(uint256 slot) external pure returns (uint256) {
        return slot.signed();
    }

    function renewedOf(uint256 slot) external pure returns (uint256) {
        return slot.renewed();
    }

    /// @notice Of all signatures of a key over a digest only the one with low s counts.
    function testFuzz_only_low_s_signatures_count(uint256 key, bytes32 digest, uint256 change) external view {
        key = _within(key, 1, ORDER - 1);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        bytes memory good = abi.encodePacked(r, s, v);
        _same("good", true, _libraries.recover(digest, good) == vm.addr(key));
        bytes memory twin = abi.encodePacked(r, bytes32(ORDER - uint256(s)), v == 27 ? uint8(28) : uint8(27));
        _same("high s", true, _libraries.recover(digest, twin) == address(0));
        uint256 place = change % 65;
        good[place] = bytes1(uint8(good[place]) ^ uint8(_within(change >> 8, 1, 255)));
        _same("changed", false, _libraries.recover(digest, good) == vm.addr(key));
    }

    /// @notice `permits` answers whatever it is asked with, and nothing opens what nobody granted.
    function testFuzz_permits_is_total_and_denies(
        IConsentRegistry.Grant calldata consent,
        string[5] calldata texts,
        address actor,
        IConsentRegistry.RecordFacts calldata record
    ) external view {
        IConsentRegistry.Terms memory terms = _world.termsOf(uint160(actor));
        (terms.recipientName, terms.roles[0], terms.provisions[0].purposes[0]) = (texts[0], texts[1], texts[2]);
        (terms.provisions[0].dataFrom, terms.provisions[0].authors[0]) = (texts[3], texts[4]);
        _same("permits", false, _world.answers(consent, terms, actor, record) == IConsentRegistry.Reason.Permitted);
    }

    /// @notice Of a consent that was granted, facts that it doesn't name are covered by nothing.
    function testFuzz_permits_denies_strange_facts(uint256 salt, IConsentRegistry.RecordFacts calldata record) external {
        IConsentRegistry.Grant memory consent = _granted(salt);
        _same("good", true, _world.isPermitted(consent, salt, DOCTOR));
        IConsentRegistry.Reason reason = _world.answers(consent, _world.termsOf(salt), DOCTOR, record);
        _same("strange", false, reason == IConsentRegistry.Reason.Permitted);
    }

    /// @dev A consent in force for a doctor enrolled by its recipient.
    function _granted(uint256 salt) private returns (IConsentRegistry.Grant memory consent) {
        uint64 time = uint64(block.timestamp);
        consent = _world.grantOf(address(0xA11CE), salt, time, time + 1 days, time + 1 days);
        (address hospital, bytes32 role) = (_world.memberAt(0), _world.DOCTOR());
        (ConsentRegistry consents, MemberRegistry members) = (_world.consents(), _world.members());
        vm.prank(address(0xA11CE));
        consents.grant(consent);
        vm.prank(hospital);
        members.enrol(DOCTOR, role, "cardiology", time + 1 days);
    }

    function _sameSlot(uint256 slot, IConsentRegistry.Status status, uint40 from, uint40 until, uint40 time)
        private
        pure
    {
        (IConsentRegistry.Status found, uint64 foundFrom, uint64 foundUntil, uint64 changed) = slot.unpack();
        _same("status", true, found == status);
        _same("window", true, foundFrom == from && foundUntil == until);
        _same("changed at", true, changed == time);
    }

    function _isCounterFull(bytes memory why, uint256 slot) private pure returns (bool) {
        bytes memory full = abi.encodeWithSelector(IdentitySlot.IdentityCounterFull.selector, address(uint160(slot)));
        return keccak256(why) == keccak256(full);
    }

    function _digits(bytes32 text, uint256 index) private pure returns (uint256) {
        return uint256(uint8(text[index]) - 48) * 10 + uint8(text[index + 1]) - 48;
    }

    function _daysIn(uint256 year) private pure returns (uint256) {
        return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 366 : 365;
    }

    function _daysInMonth(uint256 year, uint256 month) private pure returns (uint256) {
        if (month == 2) return _daysIn(year) - 337;
        return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
    }
}
