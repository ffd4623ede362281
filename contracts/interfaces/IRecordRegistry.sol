// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Fingerprints of records, by author
/// @notice An anchor says that its author vouched for a batch of record digests at a time; a retraction that one of its
/// records is no longer to be released. Neither says whose records they are.
interface IRecordRegistry {
    /// @notice `author` vouches for `count` record digests under `root`; the manifest lists them.
    event RecordsAnchored(address indexed author, bytes32 indexed root, bytes32 manifestDigest, uint32 count);
    /// @notice The record is never to be released again.
    event RecordRetracted(address indexed author, bytes32 indexed recordId);

    /// @notice Only the key of an active member anchors.
    error RecordAuthorNotActive(address account);
    /// @notice The account is no member's key.
    error RecordAuthorUnknown(address account);
    /// @notice The author anchored this root before; a root counts once.
    error RecordRootAlreadyAnchored(address author, bytes32 root);
    /// @notice A batch is a non-zero root over 1 … 100 record digests.
    error RecordBatchInvalid(bytes32 root, uint32 count);
    /// @notice A record is retracted once and for ever.
    error RecordAlreadyRetracted(address author, bytes32 recordId);
    /// @notice The consortium retracts only for members it has expelled.
    error RecordAuthorNotExpelled(address author);

    /// @notice The caller, key of an active member, anchors a Merkle root of `count` record digests; `manifestDigest` is the
    /// SHA-256 of the manifest's one raw block, which names its CID.
    /// @param root Merkle root (specification L-5) of the record digests, in the manifest's order.
    function anchor(bytes32 root, bytes32 manifestDigest, uint32 count) external;

    /// @notice The caller, a member's key, takes back one of the member's records for ever.
    function retract(bytes32 recordId) external;

    /// @notice The consortium takes back a record of an expelled author.
    function retractFor(address author, bytes32 recordId) external;

    /// @notice When (seconds) the author anchored the root and how many digests it covers; zeros if never.
    function anchorOf(address author, bytes32 root) external view returns (uint64 anchoredAt, uint32 count);

    /// @notice Whether the record of this author was taken back.
    function isRetracted(address author, bytes32 recordId) external view returns (bool);
}
