// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEmergencyAccess} from "../interfaces/IEmergencyAccess.sol";
import {OpeningSlot} from "./OpeningSlot.sol";

/// @title A member's openings that wait for their review
///
///     header   bits 0 … 63     a bit for each lane taken
///              bits 64 … 71    how many are taken
///              bits 72 … 111   no review is overdue before this time (seconds); never empty again, once set
///
/// @notice A fixed number of lanes, so that counting them costs a bounded amount; the header mostly answers without. A lane
/// is used again after the review and never cleared: writing over a word costs a quarter of writing an empty one.
library OpeningBook {
    using OpeningSlot for uint256;

    uint256 internal constant LANES = 64;
    uint256 private constant TAKEN = (1 << LANES) - 1;
    uint256 private constant ONE_MORE = 1 << 64;

    /// @dev `first` also holds the two times: OpeningSlot.
    struct Lane {
        bytes32 openingId;
        uint256 first;
        address second;
    }

    struct Book {
        uint256 header;
        mapping(uint256 index => Lane) lanes;
    }

    /// @notice Keep a new opening in the lowest free lane, if the member's limits allow one more. Returns the lane.
    function add(
        Book storage book,
        address member,
        bytes32 openingId,
        uint256 first,
        address second,
        IEmergencyAccess.Limits memory limits
    ) internal returns (uint256 index) {
        uint256 header = book.header;
        uint256 quietUntil = header >> 72;
        uint256 waiting = uint8(header >> 64);
        if (waiting == 0) quietUntil = type(uint40).max;
        if (waiting >= limits.mostOpen || block.timestamp >= quietUntil) {
            quietUntil = _checkLimits(book, member, limits);
        }
        if (waiting == LANES) revert IEmergencyAccess.OpeningReviewsFull(member, LANES);
        while (_holds(header, index)) ++index;
        if (first.reviewBy() < quietUntil) quietUntil = first.reviewBy();
        book.header = (header & TAKEN) | (1 << index) | ((waiting + 1) << 64) | (quietUntil << 72);
        Lane storage lane = book.lanes[index];
        lane.openingId = openingId;
        lane.first = first;
        lane.second = second;
    }

    /// @notice The box in this lane ends now.
    function end(Book storage book, uint256 index) internal {
        book.lanes[index].first = book.lanes[index].first.endedNow();
    }

    /// @notice The opening in this lane was reviewed.
    function remove(Book storage book, uint256 index) internal {
        book.header = (book.header & ~(1 << index)) - ONE_MORE;
    }

    /// @notice Who opened, while the opening waits for its review.
    function openersIn(Book storage book, uint256 index) internal view returns (address first, address second) {
        return (book.lanes[index].first.account(), book.lanes[index].second);
    }

    /// @notice How many boxes are open now, how many reviews are overdue, and when the first of all was or
    /// will be.
    function count(Book storage book) internal view returns (uint256 open, uint256 overdue, uint256 firstOverdue) {
        uint256 taken = book.header & TAKEN;
        firstOverdue = type(uint40).max;
        for (uint256 index = 0; taken >> index != 0; ++index) {
            if (!_holds(taken, index)) continue;
            uint256 entry = book.lanes[index].first;
            uint256 reviewBy = entry.reviewBy();
            if (block.timestamp < entry.endsAt()) ++open;
            if (block.timestamp >= reviewBy) ++overdue;
            if (reviewBy < firstOverdue) firstOverdue = reviewBy;
        }
    }

    /// @notice All that wait, from the lowest lane to the highest.
    function list(Book storage book) internal view returns (IEmergencyAccess.Unreviewed[] memory waiting) {
        uint256 header = book.header;
        waiting = new IEmergencyAccess.Unreviewed[](uint8(header >> 64));
        uint256 listed;
        for (uint256 index = 0; listed < waiting.length; ++index) {
            if (!_holds(header, index)) continue;
            Lane storage lane = book.lanes[index];
            uint256 entry = lane.first;
            waiting[listed++] = IEmergencyAccess.Unreviewed(
                lane.openingId, entry.account(), lane.second, entry.endsAt(), entry.reviewBy()
            );
        }
    }

    function _checkLimits(Book storage book, address member, IEmergencyAccess.Limits memory limits)
        private
        view
        returns (uint256)
    {
        (uint256 open, uint256 overdue, uint256 firstOverdue) = count(book);
        if (open >= limits.mostOpen) revert IEmergencyAccess.OpeningBoxesFull(member, open);
        if (overdue > limits.mostOverdue) revert IEmergencyAccess.OpeningReviewsOverdue(member, overdue);
        return firstOverdue;
    }

    function _holds(uint256 header, uint256 index) private pure returns (bool) {
        return (header >> index) & 1 == 1;
    }
}
