// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEmergencyAccess} from "../interfaces/IEmergencyAccess.sol";

/// @title One opening in one word
///
///     bits 0 … 159     the member in the opening's own word, the first opener in a lane's
///     bits 160 … 199   when the box ends, or when it was closed
///     bits 200 … 239   until when to review
///     bits 240 … 247   the lane (the opening's own word only)
///     bits 248 … 255   the stage (the opening's own word only); 0 unknown
///
/// @notice 40 bits hold every time that ids can name. Written as a struct, the compiler stores the word five times.
library OpeningSlot {
    /// @dev What was done to an opening; that a box ran out is read against the time.
    enum Stage {
        Unknown,
        Opened,
        Closed,
        Justified,
        Unjustified
    }

    uint256 private constant TIME = (1 << 40) - 1;

    function packed(address account, uint256 endsAt_, uint256 reviewBy_) internal pure returns (uint256) {
        return uint160(account) | (endsAt_ << 160) | (reviewBy_ << 200);
    }

    function opened(uint256 slot, uint256 lane_) internal pure returns (uint256) {
        return slot | (lane_ << 240) | (uint256(Stage.Opened) << 248);
    }

    function at(uint256 slot, Stage stage_) internal pure returns (uint256) {
        return ((slot << 8) >> 8) | (uint256(stage_) << 248);
    }

    function endedNow(uint256 slot) internal view returns (uint256) {
        return (slot & ~(TIME << 160)) | (block.timestamp << 160);
    }

    function account(uint256 slot) internal pure returns (address) {
        return address(uint160(slot));
    }

    function endsAt(uint256 slot) internal pure returns (uint64) {
        return uint64((slot >> 160) & TIME);
    }

    function reviewBy(uint256 slot) internal pure returns (uint64) {
        return uint64((slot >> 200) & TIME);
    }

    function lane(uint256 slot) internal pure returns (uint256) {
        return uint8(slot >> 240);
    }

    function stage(uint256 slot) internal pure returns (Stage) {
        return Stage(slot >> 248);
    }

    /// @notice What counts now.
    function status(uint256 slot) internal view returns (IEmergencyAccess.Status) {
        Stage done = stage(slot);
        if (done == Stage.Unknown) return IEmergencyAccess.Status.Unknown;
        if (done == Stage.Closed) return IEmergencyAccess.Status.Closed;
        if (done != Stage.Opened) return IEmergencyAccess.Status.Reviewed;
        return block.timestamp < endsAt(slot) ? IEmergencyAccess.Status.Open : IEmergencyAccess.Status.Ended;
    }

    function finding(uint256 slot) internal pure returns (IEmergencyAccess.Finding) {
        Stage done = stage(slot);
        if (done == Stage.Justified) return IEmergencyAccess.Finding.Justified;
        if (done == Stage.Unjustified) return IEmergencyAccess.Finding.Unjustified;
        return IEmergencyAccess.Finding.None;
    }
}
