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
        if (!_members.isActive(msg.sender)) revert RecordAuthorNotActive(msg.sender);
        if (root == 0 || count == 0 || count > LARGEST_BATCH) revert RecordBatchInvalid(root, count);
        if (_anchors[msg.sender][root].count != 0) revert RecordRootAlreadyAnchored(msg.sender, root);
        _anchors[msg.sender][root] = Anchor(uint64(block.timestamp), count);
        emit RecordsAnchored(msg.sender, root, manifestDigest, count);
    }

    /// @inheritdoc IRecordRegistry
    /// @dev Open to a suspended author too: taking back releases nothing. From anyone else it concerns no record.
    function retract(bytes32 recordId) external {
        _retract(msg.sender, recordId);
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
