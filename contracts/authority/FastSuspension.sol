// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IFastSuspension} from "../interfaces/IFastSuspension.sol";
import {IMemberRegistry} from "../interfaces/IMemberRegistry.sol";
import {IMemberSeat} from "../interfaces/IMemberSeat.sol";

/// @title Fast suspensions
///
///              suspend             confirm, more than half of a chamber
///     none ──────────────▶ running ─────────────────────────────────────▶ confirmed: suspended as by vote
///      ▲                    │                                                  │
///      │                    ▼ time over, or a vote decides                     │
///      └───30 days──────── over ◀──────────────────────────────────────────────┘ its time over
///
///     a place of two: taken while it runs, and while it is confirmed until a vote reinstates or expels
///
/// @notice Seats are those of the second before the suspension, so that neither it nor what follows moves a majority.
contract FastSuspension is IFastSuspension, AccessManaged {
    uint48 private constant LONGEST = 72 hours;
    uint48 private constant PAUSE = 30 days;
    uint256 private constant PLACES = 2;

    IMemberRegistry private immutable _members;
    IMemberSeat private immutable _seats;

    address private _regulator;
    /// @dev Members whose suspension may be without a vote's decision; whoever needs a place asks whether it still is.
    address[PLACES] private _places;
    mapping(address member => Suspension) private _suspensions;
    mapping(address member => mapping(uint48 since => mapping(IMemberSeat.Chamber chamber => uint256))) private
        _confirmations;
    mapping(address member => mapping(uint48 since => mapping(address supporter => bool))) private _supported;

    constructor(address authority, IMemberRegistry members, IMemberSeat seats) AccessManaged(authority) {
        _members = members;
        _seats = seats;
    }

    /// @inheritdoc IFastSuspension
    function setRegulator(address regulator) external restricted {
        if (!_members.isActive(regulator)) revert RegulatorNotActive(regulator);
        _regulator = regulator;
        emit RegulatorSet(regulator);
    }

    /// @inheritdoc IFastSuspension
    function suspend(address member, uint48 until) external {
        (address regulator, bool active) = _actor(msg.sender);
        if (!active || regulator != _regulator) revert RegulatorOther(msg.sender);
        if (member == regulator) revert RegulatorSpared(regulator);
        if (!_members.isActive(member)) revert FastSuspensionMemberNotActive(member);
        uint48 time = uint48(block.timestamp);
        if (until <= time || until > time + LONGEST) revert FastSuspensionTimeInvalid(until, time + LONGEST);
        uint48 last = _suspensions[member].until;
        if (last != 0 && time < last + PAUSE) revert FastSuspensionRepeated(member, last + PAUSE);
        _takePlace(member);
        _suspensions[member] = Suspension(regulator, time, until, false);
        emit FastSuspensionImposed(member, regulator, until);
        _members.suspendUntil(member, until);
    }

    /// @inheritdoc IFastSuspension
    function confirm(address member) external {
        if (!isRunning(member)) revert FastSuspensionNotRunning(member);
        Suspension storage suspension = _suspensions[member];
        (address supporter, bool active) = _actor(msg.sender);
        if (!active) revert SupporterNotActive(msg.sender);
        uint48 since = suspension.since;
        (bool seated, IMemberSeat.Chamber chamber) = _seats.chamberAt(supporter, since - 1);
        if (!seated) revert SupporterNotSeated(supporter);
        (bool regulated, IMemberSeat.Chamber own) = _seats.chamberAt(suspension.regulator, since - 1);
        if (supporter == suspension.regulator || (regulated && chamber == own)) {
            revert SupporterOfRegulator(supporter, chamber);
        }
        if (_supported[member][since][supporter]) revert SupporterRepeated(supporter);
        _supported[member][since][supporter] = true;
        uint256 confirmations = ++_confirmations[member][since][chamber];
        uint256 seats = _seatsThatCount(member, chamber, since - 1);
        emit FastSuspensionSupported(member, supporter, chamber, confirmations, seats);
        if (2 * confirmations <= seats) return;
        suspension.confirmed = true;
        emit FastSuspensionConfirmed(member, chamber);
        _members.confirmSuspension(member);
    }

    /// @inheritdoc IFastSuspension
    function regulatorOf() external view returns (address) {
        return _regulator;
    }

    /// @inheritdoc IFastSuspension
    function suspensionOf(address member) external view returns (Suspension memory) {
        return _suspensions[member];
    }

    /// @inheritdoc IFastSuspension
    function confirmationsOf(address member, IMemberSeat.Chamber chamber) external view returns (uint256) {
        return _confirmations[member][_suspensions[member].since][chamber];
    }

    /// @inheritdoc IFastSuspension
    function isRunning(address member) public view returns (bool) {
        Suspension storage suspension = _suspensions[member];
        if (suspension.confirmed || block.timestamp >= suspension.until) return false;
        // a vote may have reinstated, suspended or expelled the member: then nothing waits for a chamber
        IMemberRegistry.Member memory entry = _members.memberOf(member);
        return entry.status == IMemberRegistry.MemberStatus.Suspended && entry.suspendedUntil == suspension.until;
    }

    function _takePlace(address member) private {
        uint256 free = PLACES;
        for (uint256 i = 0; i < PLACES; ++i) {
            if (_isUndecided(_places[i])) continue;
            // emptied, lest this member holds two places when it is suspended once more
            delete _places[i];
            free = i;
        }
        if (free == PLACES) revert FastSuspensionsFull(PLACES);
        _places[free] = member;
    }

    /// @dev Confirmed ones count too, lest regulator and one chamber silence the others one by one.
    function _isUndecided(address member) private view returns (bool) {
        if (!_suspensions[member].confirmed) return isRunning(member);
        return _members.memberOf(member).status == IMemberRegistry.MemberStatus.Suspended;
    }

    /// @dev The accused doesn't vote on itself, so that its seat neither helps nor hinders.
    function _seatsThatCount(address accused, IMemberSeat.Chamber chamber, uint48 time) private view returns (uint256) {
        (bool seated, IMemberSeat.Chamber own) = _seats.chamberAt(accused, time);
        return _seats.seatsAt(chamber, time) - (seated && own == chamber ? 1 : 0);
    }

    function _actor(address account) private view returns (address member, bool active) {
        IMemberRegistry.MemberStatus status;
        (member, status) = _members.actorOf(account);
        active = status == IMemberRegistry.MemberStatus.Active;
    }
}
