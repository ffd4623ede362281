// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IConsortium} from "../interfaces/IConsortium.sol";
import {IMemberSeat} from "../interfaces/IMemberSeat.sol";
import {ChamberRule} from "../libraries/ChamberRule.sol";

/// @title Votes counted by chamber
///
///     Pending ──snapshot──▶ Active ──period over──▶ Succeeded or Defeated
///                              │
///                              └──no vote still out could change it──▶ Succeeded
///
/// @notice Keeps the votes; what they mean is ChamberRule's.
abstract contract ChamberCounting is Governor, IConsortium {
    /// @dev `support` as everybody writes it.
    enum Support {
        Against,
        For,
        Abstain
    }

    uint256 private constant CHAMBERS = 3;

    IMemberSeat internal immutable _seats;

    mapping(uint256 proposalId => mapping(IMemberSeat.Chamber chamber => ChamberRule.Votes)) private _votes;
    mapping(uint256 proposalId => mapping(address member => bool)) private _voted;

    constructor(IMemberSeat seats) {
        _seats = seats;
    }

    /// @notice Votes are against, for, abstain, and all of them make the quorum, in each chamber.
    // solhint-disable-next-line func-name-mixedcase
    function COUNTING_MODE() public pure override returns (string memory) {
        return "support=bravo&quorum=against,for,abstain&chambers=institutions,ethics-board,patients-council";
    }

    /// @inheritdoc Governor
    function state(uint256 proposalId) public view virtual override returns (ProposalState) {
        ProposalState current = super.state(proposalId);
        if (current != ProposalState.Active || !ChamberRule.isDecided(_tally(proposalId))) return current;
        return proposalEta(proposalId) == 0 ? ProposalState.Succeeded : ProposalState.Queued;
    }

    /// @notice Whether the member has voted, by whichever account.
    function hasVoted(uint256 proposalId, address member) public view override returns (bool) {
        return _voted[proposalId][member];
    }

    /// @inheritdoc IConsortium
    function chamberVotes(uint256 proposalId, IMemberSeat.Chamber chamber)
        external
        view
        returns (uint256 againstVotes, uint256 forVotes, uint256 abstainVotes, uint256 seats)
    {
        if (proposalSnapshot(proposalId) == 0) revert GovernorNonexistentProposal(proposalId);
        ChamberRule.Votes memory votes = _tally(proposalId)[uint256(chamber)];
        return (votes.againstVotes, votes.forVotes, votes.abstainVotes, votes.seats);
    }

    /// @notice The fewest votes with which a proposal may pass: half the seats of the two smallest chambers that have any.
    function quorum(uint256 timepoint) public view override returns (uint256) {
        ChamberRule.Votes[CHAMBERS] memory tally;
        for (uint256 i = 0; i < CHAMBERS; ++i) {
            tally[i].seats = uint64(_seats.seatsAt(IMemberSeat.Chamber(i), SafeCast.toUint48(timepoint)));
        }
        return ChamberRule.fewest(tally);
    }

    /// @dev `member` comes from Consortium, which has turned the caller into its member.
    function _countVote(uint256 proposalId, address member, uint8 support, uint256 weight, bytes memory params)
        internal
        override
        returns (uint256)
    {
        if (params.length != 0) revert GovernorInvalidVoteParams();
        if (weight == 0) revert VoterNotSeated(member, proposalId);
        if (_voted[proposalId][member]) revert GovernorAlreadyCastVote(member);
        (, IMemberSeat.Chamber chamber) = _seats.chamberAt(member, uint48(proposalSnapshot(proposalId)));
        ChamberRule.Votes storage votes = _votes[proposalId][chamber];
        _voted[proposalId][member] = true;
        if (support == uint8(Support.Against)) ++votes.againstVotes;
        else if (support == uint8(Support.For)) ++votes.forVotes;
        else if (support == uint8(Support.Abstain)) ++votes.abstainVotes;
        else revert GovernorInvalidVoteType();
        return weight;
    }

    function _quorumReached(uint256 proposalId) internal view override returns (bool) {
        return ChamberRule.hasQuorum(_tally(proposalId));
    }

    function _voteSucceeded(uint256 proposalId) internal view override returns (bool) {
        return ChamberRule.passes(_tally(proposalId));
    }

    function _tally(uint256 proposalId) private view returns (ChamberRule.Votes[CHAMBERS] memory tally) {
        uint48 snapshot = uint48(proposalSnapshot(proposalId));
        for (uint256 i = 0; i < CHAMBERS; ++i) {
            IMemberSeat.Chamber chamber = IMemberSeat.Chamber(i);
            tally[i] = _votes[proposalId][chamber];
            // the seats of a moment that is not over may still change: there are no votes yet either
            if (snapshot < clock()) tally[i].seats = uint64(_seats.seatsAt(chamber, snapshot));
        }
    }
}
