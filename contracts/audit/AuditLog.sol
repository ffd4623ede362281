// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAuditLog} from "../interfaces/IAuditLog.sol";
import {IKeeperCommittee} from "../interfaces/IKeeperCommittee.sol";

/// @title Contiguous ranges of receipts per keeper
///
///     receipts of a keeper:  0 … 41 │ 42 … 99 │ 100 … ▶ next commit starts here
///
/// @notice Roots live in events; the chain stores only where the next range starts, which makes gaps impossible.
contract AuditLog is IAuditLog {
    IKeeperCommittee private immutable _keepers;

    mapping(address keeper => uint64 nextSeq) private _nextSeq;

    constructor(IKeeperCommittee keepers) {
        _keepers = keepers;
    }

    /// @inheritdoc IAuditLog
    function commit(bytes32 root, uint64 firstSeq, uint32 count) external {
        if (!_keepers.isKeeper(msg.sender)) revert AuditCommitterNotKeeper(msg.sender);
        if (root == 0 || count == 0) revert AuditCommitEmpty(msg.sender, root, count);
        uint64 expected = _nextSeq[msg.sender];
        if (firstSeq != expected) revert AuditSequenceBroken(msg.sender, expected, firstSeq);
        _nextSeq[msg.sender] = expected + count;
        emit ReceiptsCommitted(msg.sender, root, firstSeq, count);
    }

    /// @inheritdoc IAuditLog
    function nextSeqOf(address keeper) external view returns (uint64) {
        return _nextSeq[keeper];
    }
}
