// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IMemberSeat} from "./IMemberSeat.sol";

/// @title The regulator stops a member at once, for a short time
/// @notice A vote takes days; harm doesn't wait. The regulator suspends a member for 72 hours at most. A chamber other than
/// the regulator's own confirms it with more than half of its seats within that time, which makes it a suspension by vote;
/// else it lapses by itself. The regulator can neither repeat it within 30 days nor have more than two members suspended so,
/// confirmed ones included until a vote reinstates or expels them: neither alone nor with a chamber can it silence the others.
interface IFastSuspension {
    /// @notice The last fast suspension of a member: `regulator` suspended it from `since` until `until` (seconds).
    struct Suspension {
        address regulator;
        uint48 since;
        uint48 until;
        bool confirmed;
    }

    /// @notice This member may suspend from now on; its predecessor may not.
    event RegulatorSet(address indexed regulator);
    /// @notice The regulator suspended a member until a time (seconds).
    event FastSuspensionImposed(address indexed member, address indexed regulator, uint48 until);
    /// @notice A member confirms; its chamber now has `confirmations` of the `seats` that count.
    event FastSuspensionSupported(
        address indexed member, address indexed supporter, IMemberSeat.Chamber chamber, uint256 confirmations, uint256 seats
    );
    /// @notice A chamber confirmed: the member is suspended without end, as by vote.
    event FastSuspensionConfirmed(address indexed member, IMemberSeat.Chamber indexed chamber);

    /// @notice The regulator is a member, active when it is set.
    error RegulatorNotActive(address regulator);
    /// @notice The account doesn't act for the regulator, or the regulator isn't active.
    error RegulatorOther(address account);
    /// @notice The regulator suspends everybody but itself.
    error RegulatorSpared(address regulator);
    /// @notice Only an active member is suspended.
    error FastSuspensionMemberNotActive(address member);
    /// @notice A fast suspension ends after now, and at `latest` by the latest.
    error FastSuspensionTimeInvalid(uint48 until, uint48 latest);
    /// @notice The last fast suspension of this member ended less than 30 days before; the next is possible from `earliest` on.
    error FastSuspensionRepeated(address member, uint48 earliest);
    /// @notice So many members are suspended so already, without a vote's decision, as may be at once.
    error FastSuspensionsFull(uint256 most);
    /// @notice Nothing is to be confirmed: none was imposed, it has ended, was confirmed, or a vote decided otherwise.
    error FastSuspensionNotRunning(address member);
    /// @notice The account acts for no member that is active now.
    error SupporterNotActive(address account);
    /// @notice The member had no seat when the suspension began.
    error SupporterNotSeated(address supporter);
    /// @notice The regulator's own chamber doesn't confirm what the regulator did.
    error SupporterOfRegulator(address supporter, IMemberSeat.Chamber chamber);
    /// @notice A member confirms once.
    error SupporterRepeated(address supporter);

    /// @notice The consortium names the regulator, an active member.
    function setRegulator(address regulator) external;

    /// @notice The regulator suspends an active member until a time (seconds), 72 hours ahead at most.
    function suspend(address member, uint48 until) external;

    /// @notice An active member seated outside the regulator's chamber confirms. With more than half of a chamber's seats the
    /// suspension has no end any more; the accused member's own seat isn't counted.
    function confirm(address member) external;

    /// @notice Who may suspend, or the zero address.
    function regulatorOf() external view returns (address);

    /// @notice The last fast suspension of a member; all zero if there was none.
    function suspensionOf(address member) external view returns (Suspension memory);

    /// @notice Whether a fast suspension of this member waits to be confirmed.
    function isRunning(address member) external view returns (bool);

    /// @notice How many members of a chamber confirmed the last fast suspension of a member.
    function confirmationsOf(address member, IMemberSeat.Chamber chamber) external view returns (uint256);
}
