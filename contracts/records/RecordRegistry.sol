// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IMemberRegistry} from "../interfaces/IMemberRegistry.sol";
import {IRecordRegistry} from "../interfaces/IRecordRegistry.sol";

/// @title Anchors by author and root, tombstones by author and record id
///
///     root:       never anchored ──anchor──▶ anchored            (for ever)
///     record id:  not retracted  ──retract─▶ retracted           (for ever)
///
contract RecordRegistry is IRecordRegistry, AccessManaged {
    struct Anchor {
        uint64 anchoredAt;
        uint32 count;
    }

    uint32 private constant LARGEST_BATCH = 100;

    IMemberRegistry private immutable _members;

    mapping(address author => mapping(bytes32 root => Anchor)) private _anchors;
    mapping(address author => mapping(bytes32 recordId => bool)) private _retracted;

    constructor(address authority, IMemberRegistry members) AccessManaged(authority) {
        _members = members;
    }

    /// @inheritdoc IRecordRegistry
    function anchor(bytes32 root, bytes32 manifestDigest, uint32 count) external {
        (address author, IMemberRegistry.MemberStatus status) = _members.actorOf(msg.sender);
        if (status != IMemberRegistry.MemberStatus.Active) revert RecordAuthorNotActive(msg.sender);
        if (root == 0 || count == 0 || count > LARGEST_BATCH) revert RecordBatchInvalid(root, count);
        Anchor storage entry = _anchors[author][root];
        if (entry.count != 0) revert RecordRootAlreadyAnchored(author, root);
        (entry.anchoredAt, entry.count) = (uint64(block.timestamp), count);
        emit RecordsAnchored(author, root, manifestDigest, count);
    }

    /// @inheritdoc IRecordRegistry
    /// @dev Open to a suspended author too: taking back releases nothing. Not to a key that was replaced.
    function retract(bytes32 recordId) external {
        (address author,) = _members.actorOf(msg.sender);
        if (author == address(0)) revert RecordAuthorUnknown(msg.sender);
        _retract(author, recordId);
    }

    /// @inheritdoc IRecordRegistry
    function retractFor(address author, bytes32 recordId) external restricted {
        if (_members.memberOf(author).status != IMemberRegistry.MemberStatus.Expelled) {
            revert RecordAuthorNotExpelled(author);
        }
        _retract(author, recordId);
    }

    /// @inheritdoc IRecordRegistry
    function anchorOf(address author, bytes32 root) external view returns (uint64 anchoredAt, uint32 count) {
        Anchor memory found = _anchors[author][root];
        return (found.anchoredAt, found.count);
    }

    /// @inheritdoc IRecordRegistry
    function isRetracted(address author, bytes32 recordId) external view returns (bool) {
        return _retracted[author][recordId];
    }

    function _retract(address author, bytes32 recordId) private {
        if (_retracted[author][recordId]) revert RecordAlreadyRetracted(author, recordId);
        _retracted[author][recordId] = true;
        emit RecordRetracted(author, recordId);
    }
}
