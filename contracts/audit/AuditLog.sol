// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IAuditLog} from "../interfaces/IAuditLog.sol";
import {IKeeperCommittee} from "../interfaces/IKeeperCommittee.sol";
import {IMemberRegistry} from "../interfaces/IMemberRegistry.sol";

/// @title Contiguous ranges of receipts per keeper
///
///     receipts of a keeper:  0 … 41 │ 42 … 99 │ 100 … ▶ next commit starts here
///
///                          commitWithin passes
///     heard of (seated, ──────────────────────▶ overdue
///     commit, attest)  ◀──────────────────────
///                          commit, attest
///
/// @notice Roots live in events; the chain stores where the next range starts, which makes gaps impossible, and when the
/// keeper was last heard of.
contract AuditLog is IAuditLog, AccessManaged {
    /// @dev One slot. The member never changes (KeeperOfAnotherMember), so the committee is asked only once.
    struct Chain {
        address member;
        uint48 nextSeq;
        uint40 lastAt;
    }

    uint64 private constant SHORTEST_PERIOD = 1 hours;
    uint64 private constant LONGEST_PERIOD = 30 days;

    IMemberRegistry private immutable _members;
    IKeeperCommittee private immutable _keepers;

    uint64 private _commitWithin;
    mapping(address keeper => Chain) private _chains;

    constructor(address authority, IMemberRegistry members, IKeeperCommittee keepers) AccessManaged(authority) {
        _members = members;
        _keepers = keepers;
        _setCommitWithin(1 days);
    }

    /// @inheritdoc IAuditLog
    function commit(bytes32 root, uint64 firstSeq, uint32 count) external {
        Chain storage chain = _chainAt(firstSeq);
        if (root == 0 || count == 0) revert AuditCommitEmpty(msg.sender, root, count);
        uint256 nextSeq = uint256(firstSeq) + count;
        if (nextSeq > type(uint48).max) revert AuditSequenceFull(msg.sender, firstSeq, count);
        (chain.nextSeq, chain.lastAt) = (uint48(nextSeq), uint40(block.timestamp));
        emit ReceiptsCommitted(msg.sender, root, firstSeq, count);
    }

    /// @inheritdoc IAuditLog
    function attest(uint64 nextSeq) external {
        _chainAt(nextSeq).lastAt = uint40(block.timestamp);
        emit ReceiptsAttested(msg.sender, nextSeq);
    }

    /// @inheritdoc IAuditLog
    function setCommitWithin(uint64 period) external restricted {
        _setCommitWithin(period);
    }

    /// @inheritdoc IAuditLog
    function commitWithin() external view returns (uint64) {
        return _commitWithin;
    }

    /// @inheritdoc IAuditLog
    function nextSeqOf(address keeper) external view returns (uint64) {
        return _chains[keeper].nextSeq;
    }

    /// @inheritdoc IAuditLog
    function lastAtOf(address keeper) external view returns (uint64) {
        return _chains[keeper].lastAt;
    }

    /// @inheritdoc IAuditLog
    function overdue(address keeper) external view returns (bool) {
        uint64 heardAt = _keepers.seatedSince(keeper);
        if (heardAt == 0 || !_keepers.isKeeper(keeper)) return false;
        uint64 lastAt = _chains[keeper].lastAt;
        if (lastAt > heardAt) heardAt = lastAt;
        return block.timestamp > uint256(heardAt) + _commitWithin;
    }

    /// @dev The caller's chain, if the caller is a keeper in good standing and goes on at `seq`.
    function _chainAt(uint64 seq) private returns (Chain storage chain) {
        chain = _chains[msg.sender];
        address member = chain.member;
        if (member == address(0)) {
            member = _keepers.memberOfKeeper(msg.sender);
            chain.member = member;
        }
        // of strangers this asks about the zero address, which is no member
        if (!_members.isActive(member)) revert AuditCommitterNotKeeper(msg.sender);
        if (seq != chain.nextSeq) revert AuditSequenceBroken(msg.sender, chain.nextSeq, seq);
    }

    function _setCommitWithin(uint64 period) private {
        if (period < SHORTEST_PERIOD || period > LONGEST_PERIOD) revert AuditPeriodInvalid(period);
        _commitWithin = period;
        emit CommitWithinSet(period);
    }
}
