// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Merkle roots over keepers' receipts
/// @notice A keeper's receipts are numbered from 0; each commit covers the next contiguous range, so that a receipt
/// missing from, altered in or moved inside a committed range is provable. A keeper with nothing to commit says so, and
/// one that says nothing for too long is seen by everybody.
interface IAuditLog {
    /// @notice Receipts `firstSeq … firstSeq + count - 1` of `keeper` are fixed under `root`.
    event ReceiptsCommitted(address indexed keeper, bytes32 indexed root, uint64 firstSeq, uint32 count);
    /// @notice `keeper` says that it has written no receipt from number `nextSeq` on: one dated before (by more than the ten
    /// minutes that a transaction may take) is proof of a lie.
    event ReceiptsAttested(address indexed keeper, uint64 nextSeq);
    /// @notice A keeper that says nothing for longer than this many seconds is overdue.
    event CommitWithinSet(uint64 period);

    /// @notice The caller never held a seat in any version, or its member is not active.
    error AuditCommitterNotKeeper(address account);
    /// @notice The range does not start where the keeper's last one ended.
    error AuditSequenceBroken(address keeper, uint64 expectedSeq, uint64 firstSeq);
    /// @notice A keeper's numbers end at 2^48.
    error AuditSequenceFull(address keeper, uint64 firstSeq, uint32 count);
    /// @notice A commit covers at least one receipt and names a root.
    error AuditCommitEmpty(address keeper, bytes32 root, uint32 count);
    /// @notice Keepers have an hour at least and 30 days at most.
    error AuditPeriodInvalid(uint64 period);

    /// @notice The caller, who holds or held a keeper's seat, commits the Merkle root of receipts `firstSeq … firstSeq + count - 1`.
    /// @param root Merkle root (specification L-5) over the receipts' values, in order of sequence number.
    /// @param firstSeq Must equal `nextSeqOf(caller)`.
    /// @param count How many receipts the root covers, at least 1.
    function commit(bytes32 root, uint64 firstSeq, uint32 count) external;

    /// @notice The caller, who holds or held a keeper's seat, says that it has no receipt to commit.
    /// @param nextSeq Must equal `nextSeqOf(caller)`.
    function attest(uint64 nextSeq) external;

    /// @notice Set after how many seconds of silence a keeper is overdue.
    function setCommitWithin(uint64 period) external;

    /// @notice After how many seconds of silence a keeper is overdue.
    function commitWithin() external view returns (uint64);

    /// @notice The sequence number the keeper's next commit starts with.
    function nextSeqOf(address keeper) external view returns (uint64);

    /// @notice When the keeper last committed or attested, in seconds; 0 if never.
    function lastAtOf(address keeper) external view returns (uint64);

    /// @notice Whether an account that holds a seat now, for an active member, has neither committed nor attested for longer
    /// than `commitWithin` – counted from when it took its seat, if that was later.
    function overdue(address keeper) external view returns (bool);
}
