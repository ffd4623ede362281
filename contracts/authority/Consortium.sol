// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {GovernorTimelockControl} from "@openzeppelin/contracts/governance/extensions/GovernorTimelockControl.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IMemberRegistry} from "../interfaces/IMemberRegistry.sol";
import {IMemberSeat} from "../interfaces/IMemberSeat.sol";
import {ChamberCounting} from "./ChamberCounting.sol";
import {DECISION_LAPSE, Timelock} from "./Timelock.sol";

/// @title The members' assembly
///
///     propose ──delay──▶ vote ──passed──▶ queue (anyone) ──timelock──▶ execute (anyone)
///        │                 │                 └──not in thirty days──▶ Expired, Canceled once queued
///        │                 └──not passed──▶ Defeated
///        └──cancel, by its proposer before the vote──▶ Canceled
///
/// @notice Delay and period are fixed: other ones come with another Consortium, which a vote of this one makes the
/// Timelock's proposer.
contract Consortium is ChamberCounting, GovernorTimelockControl {
    IMemberRegistry private immutable _members;
    uint48 private immutable _delay;
    uint32 private immutable _period;

    /// @param delay Seconds from a proposal until votes count.
    /// @param period Seconds for voting; longer than a fast suspension may last, so that none keeps a member from a vote.
    constructor(IMemberSeat seats, IMemberRegistry members, Timelock timelock_, uint48 delay, uint32 period)
        Governor("Consentry Consortium")
        ChamberCounting(seats)
        GovernorTimelockControl(timelock_)
    {
        if (period == 0) revert GovernorInvalidVotingPeriod(0);
        _members = members;
        _delay = delay;
        _period = period;
    }

    /// @notice A seated, active member proposes; it is named as proposer whichever account acts for it.
    function propose(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        string memory description
    ) public override returns (uint256) {
        address member = _activeMember(msg.sender);
        if (!_isValidDescriptionForProposer(msg.sender, description)) revert GovernorRestrictedProposer(msg.sender);
        uint256 votes = getVotes(member, clock() - 1);
        if (votes < proposalThreshold()) revert GovernorInsufficientProposerVotes(member, votes, proposalThreshold());
        return _propose(targets, values, calldatas, description, member);
    }

    /// @notice The proposer takes its proposal back before votes count.
    function cancel(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) public override returns (uint256) {
        uint256 proposalId = hashProposal(targets, values, calldatas, descriptionHash);
        ProposalState current = state(proposalId);
        if (current != ProposalState.Pending) {
            revert GovernorUnexpectedProposalState(proposalId, current, _encodeStateBitmap(ProposalState.Pending));
        }
        if (_activeMember(msg.sender) != proposalProposer(proposalId)) revert GovernorOnlyProposer(msg.sender);
        return _cancel(targets, values, calldatas, descriptionHash);
    }

    /// @notice Seconds from a proposal until votes count.
    function votingDelay() public view override returns (uint256) {
        return _delay;
    }

    /// @notice Seconds for voting.
    function votingPeriod() public view override returns (uint256) {
        return _period;
    }

    /// @notice One: whoever may vote may propose.
    function proposalThreshold() public pure override returns (uint256) {
        return 1;
    }

    /// @notice Block time in seconds.
    function clock() public view override returns (uint48) {
        return uint48(block.timestamp);
    }

    /// @notice ERC-6372: times are block times.
    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() public pure override returns (string memory) {
        return "mode=timestamp";
    }

    /// @notice What counts now. A proposal that passed and was not queued within thirty days of its deadline has expired;
    /// one that was queued and not carried out in time is as one cancelled, see Timelock.
    function state(uint256 proposalId)
        public
        view
        override(ChamberCounting, GovernorTimelockControl)
        returns (ProposalState current)
    {
        current = super.state(proposalId);
        if (current == ProposalState.Succeeded && clock() >= proposalDeadline(proposalId) + DECISION_LAPSE) {
            return ProposalState.Expired;
        }
    }

    /// @notice True: every decision waits in the Timelock.
    function proposalNeedsQueuing(uint256 proposalId)
        public
        view
        override(Governor, GovernorTimelockControl)
        returns (bool)
    {
        return super.proposalNeedsQueuing(proposalId);
    }

    function _castVote(
        uint256 proposalId,
        address account,
        uint8 support,
        string memory reason,
        bytes memory params
    ) internal override returns (uint256) {
        return super._castVote(proposalId, _activeMember(account), support, reason, params);
    }

    /// @dev 1 for a member that was seated then and is active now.
    function _getVotes(address member, uint256 timepoint, bytes memory) internal view override returns (uint256) {
        (bool seated,) = _seats.chamberAt(member, SafeCast.toUint48(timepoint));
        return seated && _members.isActive(member) ? 1 : 0;
    }

    /// @dev The member for which the account acts: a vote is the member's, so that a replaced key doesn't vote again.
    function _activeMember(address account) private view returns (address member) {
        IMemberRegistry.MemberStatus status;
        (member, status) = _members.actorOf(account);
        if (status != IMemberRegistry.MemberStatus.Active) revert VoterNotActive(account);
    }

    function _queueOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint48) {
        return super._queueOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _executeOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) {
        super._executeOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _cancel(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint256) {
        return super._cancel(targets, values, calldatas, descriptionHash);
    }

    function _executor() internal view override(Governor, GovernorTimelockControl) returns (address) {
        return super._executor();
    }
}
