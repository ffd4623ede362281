// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Fingerprints of records, by author
interface IRecordRegistry {
    event RecordsAnchored(address indexed author, bytes32 indexed root, bytes32 manifestDigest, uint32 count);
    event RecordRetracted(address indexed author, bytes32 indexed recordId);

    /// @notice The caller, an active member, anchors a Merkle root of `count` record digests; `manifestDigest` is the
    /// SHA-256 of the manifest's one raw block.
    function anchor(bytes32 root, bytes32 manifestDigest, uint32 count) external;

    /// @notice The caller takes back one of its records for ever.
    function retract(bytes32 recordId) external;

    /// @notice The consortium takes back a record of an expelled author.
    function retractFor(address author, bytes32 recordId) external;

    /// @notice When (seconds) the author anchored the root and how many digests it covers; zeros if never.
    function anchorOf(address author, bytes32 root) external view returns (uint64 anchoredAt, uint32 count);
    function isRetracted(address author, bytes32 recordId) external view returns (bool);
}
