// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Merkle roots over keepers' receipts
interface IAuditLog {
    event ReceiptsCommitted(address indexed keeper, bytes32 indexed root, uint64 firstSeq, uint32 count);

    /// @notice The caller, a keeper, commits the Merkle root of receipts `firstSeq … firstSeq + count - 1`.
    function commit(bytes32 root, uint64 firstSeq, uint32 count) external;

    /// @notice The sequence number the keeper's next commit starts with.
    function nextSeqOf(address keeper) external view returns (uint64);
}
