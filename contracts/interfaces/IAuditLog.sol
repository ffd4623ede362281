// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Merkle roots over keepers' receipts
/// @notice A keeper's receipts are numbered from 0; each commit covers the next contiguous range, so that a receipt
/// missing from, altered in or moved inside a committed range is provable.
interface IAuditLog {
    /// @notice Receipts `firstSeq … firstSeq + count - 1` of `keeper` are fixed under `root`.
    event ReceiptsCommitted(address indexed keeper, bytes32 indexed root, uint64 firstSeq, uint32 count);

    /// @notice The caller holds no seat, or its member is not active.
    error AuditCommitterNotKeeper(address account);
    /// @notice The range does not start where the keeper's last one ended.
    error AuditSequenceBroken(address keeper, uint64 expectedSeq, uint64 firstSeq);
    /// @notice A commit covers at least one receipt and names a root.
    error AuditCommitEmpty(address keeper, bytes32 root, uint32 count);

    /// @notice The caller, a keeper, commits the Merkle root of receipts `firstSeq … firstSeq + count - 1`.
    /// @param root Merkle root (specification L-5) over the receipts' values, in order of sequence number.
    /// @param firstSeq Must equal `nextSeqOf(caller)`.
    /// @param count How many receipts the root covers, at least 1.
    function commit(bytes32 root, uint64 firstSeq, uint32 count) external;

    /// @notice The sequence number the keeper's next commit starts with.
    function nextSeqOf(address keeper) external view returns (uint64);
}
