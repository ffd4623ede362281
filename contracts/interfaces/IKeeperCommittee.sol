// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IMemberSeat} from "./IMemberSeat.sol";

/// @title Who holds the shares, by version
/// @notice Versions only grow, and every author seals to the current one. A seat is an index in the array; a successor
/// takes over the seat together with its predecessor's private key, so that what was sealed before stays readable.
interface IKeeperCommittee {
    /// @notice `sealingKey` is the X-Wing public key (1,216 bytes); the index in the array is the seat. `chamber` is that of
    /// its member when the committee was published.
    struct Keeper {
        address account;
        address member;
        IMemberSeat.Chamber chamber;
        string url;
        bytes sealingKey;
    }

    /// @notice From now on everyone seals to this version.
    event CommitteePublished(uint64 indexed version, uint8 threshold, uint8 seats);

    /// @notice A committee has 2 … 16 seats and a threshold of 2 … seats.
    error CommitteeSizeInvalid(uint256 seats, uint8 threshold);
    /// @notice One chamber alone would reach the threshold.
    error CommitteeChamberTooStrong(IMemberSeat.Chamber chamber, uint256 seats, uint8 threshold);
    /// @notice There is no committee of this version.
    error CommitteeVersionUnknown(uint64 version);
    /// @notice A keeper needs an account.
    error KeeperAccountMissing(uint256 seat);
    /// @notice Two seats have the same account.
    error KeeperAccountRepeated(uint256 seat, address account);
    /// @notice Two seats have the same sealing key.
    error KeeperKeyRepeated(uint256 seat);
    /// @notice An X-Wing public key has 1,216 bytes.
    error KeeperKeyLengthWrong(uint256 seat, uint256 length);
    /// @notice A keeper says where it is reached, in 1 … 200 bytes.
    error KeeperUrlLengthWrong(uint256 seat, uint256 length);
    /// @notice A keeper's URL is well-formed UTF-8.
    error KeeperUrlInvalid(uint256 seat);
    /// @notice A member holds one seat at most.
    error KeeperMemberRepeated(uint256 seat, address member);
    /// @notice A keeper's member must be active.
    error KeeperMemberNotActive(uint256 seat, address member);
    /// @notice A keeper belongs to the chamber in which its member votes.
    error KeeperChamberWrong(uint256 seat, address member, IMemberSeat.Chamber chamber);
    /// @notice An account that was once the keeper of a member is never another member's: its receipts are the first one's.
    error KeeperOfAnotherMember(uint256 seat, address account, address member);

    /// @notice Publish the next version. Reverts when a chamber alone reaches the threshold, a member has two seats, or a
    /// keeper is not in its member's chamber.
    function publish(Keeper[] calldata keepers, uint8 threshold) external returns (uint64 version);

    /// @notice The version to seal to; 0 while there is none.
    function currentVersion() external view returns (uint64);

    /// @notice How many shares open what was sealed to this version.
    function thresholdOf(uint64 version) external view returns (uint8);

    /// @notice When the version was published, in seconds.
    function publishedAtOf(uint64 version) external view returns (uint64);

    /// @notice The keepers of a version by seat.
    function keepersOf(uint64 version) external view returns (Keeper[] memory);

    /// @notice Whether the account holds a seat in any version, and its member is active.
    function isKeeper(address account) external view returns (bool);

    /// @notice Whose keeper the account is or was, in any version; zero for everybody else.
    function memberOfKeeper(address account) external view returns (address);

    /// @notice Since when (seconds) the account has held a seat without a break; 0 if it has none in the current version.
    function seatedSince(address account) external view returns (uint64);
}
