// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Who holds the shares, by version
interface IKeeperCommittee {
    enum Chamber {
        Institutions,
        EthicsBoard,
        PatientsCouncil
    }

    /// @notice `sealingKey` is the X-Wing public key (1,216 bytes); the index in the array is the seat.
    struct Keeper {
        address account;
        address member;
        Chamber chamber;
        string url;
        bytes sealingKey;
    }

    event CommitteePublished(uint64 indexed version, uint8 threshold, uint8 seats);

    /// @notice Publish the next version. Reverts when a chamber alone reaches the threshold.
    function publish(Keeper[] calldata keepers, uint8 threshold) external returns (uint64 version);

    function currentVersion() external view returns (uint64);
    function thresholdOf(uint64 version) external view returns (uint8);
    function keepersOf(uint64 version) external view returns (Keeper[] memory);
    /// @notice Whether the account holds a seat in any version, and its member is active.
    function isKeeper(address account) external view returns (bool);
}
