// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {IERC5192} from "../interfaces/IERC5192.sol";
import {IMemberRegistry} from "../interfaces/IMemberRegistry.sol";
import {IMemberSeat} from "../interfaces/IMemberSeat.sol";

/// @title Seats and their history
///
///              give (of an active member)
///     none ─────────────────────────────▶ seated in one chamber
///      ▲                 take                  │
///      └───────────────────────────────────────┘
///
/// @notice The history answers by the clock of the chain, in seconds: who had a seat where when a vote began.
contract MemberSeat is IMemberSeat, IERC5192, ERC721, AccessManaged {
    using Checkpoints for Checkpoints.Trace208;

    /// @dev What a member's history says while it has no seat; in a chamber it says 1 + the chamber.
    uint208 private constant NO_SEAT = 0;

    IMemberRegistry private immutable _members;

    mapping(address member => Checkpoints.Trace208 places) private _places;
    mapping(Chamber chamber => Checkpoints.Trace208 counts) private _counts;

    constructor(address authority, IMemberRegistry members) ERC721("Consentry Seat", "SEAT") AccessManaged(authority) {
        _members = members;
    }

    /// @inheritdoc IMemberSeat
    function give(address member, Chamber chamber) external restricted {
        if (!_members.isActive(member)) revert SeatMemberNotActive(member);
        (bool seated, Chamber present) = chamberOf(member);
        if (seated) revert SeatAlreadyGiven(member, present);
        _places[member].push(_now(), uint208(chamber) + 1);
        _counts[chamber].push(_now(), _counts[chamber].latest() + 1);
        // no call to the member: a wallet contract can't refuse, or take part in, what a vote decides
        _mint(member, _idOf(member));
        emit Locked(_idOf(member));
        emit SeatGiven(member, chamber);
    }

    /// @inheritdoc IMemberSeat
    function take(address member) external restricted {
        (bool seated, Chamber chamber) = chamberOf(member);
        if (!seated) revert SeatMissing(member);
        _places[member].push(_now(), NO_SEAT);
        _counts[chamber].push(_now(), _counts[chamber].latest() - 1);
        _burn(_idOf(member));
        emit SeatTaken(member, chamber);
    }

    /// @notice Reverts always: a seat has no other owner and no deputy.
    function approve(address, uint256 tokenId) public pure override {
        revert SeatBound(address(uint160(tokenId)));
    }

    /// @notice Reverts always: a seat has no deputy.
    function setApprovalForAll(address, bool) public view override {
        revert SeatBound(msg.sender);
    }

    /// @notice Reverts always, and so do both `safeTransferFrom`, which come through here.
    function transferFrom(address, address, uint256 tokenId) public pure override {
        revert SeatBound(address(uint160(tokenId)));
    }

    /// @inheritdoc IMemberSeat
    function chamberOf(address member) public view returns (bool seated, Chamber chamber) {
        return _chamberIn(_places[member].latest());
    }

    /// @inheritdoc IMemberSeat
    function chamberAt(address member, uint48 time) external view returns (bool seated, Chamber chamber) {
        _checkPast(time);
        return _chamberIn(_places[member].upperLookupRecent(time));
    }

    /// @inheritdoc IMemberSeat
    function seatsOf(Chamber chamber) external view returns (uint256) {
        return _counts[chamber].latest();
    }

    /// @inheritdoc IMemberSeat
    function seatsAt(Chamber chamber, uint48 time) external view returns (uint256) {
        _checkPast(time);
        return _counts[chamber].upperLookupRecent(time);
    }

    /// @inheritdoc IERC5192
    function locked(uint256 tokenId) external view returns (bool) {
        _requireOwned(tokenId);
        return true;
    }

    /// @notice ERC-165: ERC-721 with its metadata, and ERC-5192.
    function supportsInterface(bytes4 interfaceId) public view override returns (bool) {
        return interfaceId == type(IERC5192).interfaceId || super.supportsInterface(interfaceId);
    }

    function _chamberIn(uint208 place) private pure returns (bool seated, Chamber chamber) {
        if (place != NO_SEAT) return (true, Chamber(uint8(place - 1)));
    }

    function _checkPast(uint48 time) private view {
        if (time >= _now()) revert SeatTimeNotPast(time, _now());
    }

    function _idOf(address member) private pure returns (uint256) {
        return uint160(member);
    }

    function _now() private view returns (uint48) {
        return uint48(block.timestamp);
    }
}
