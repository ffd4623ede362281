"""What the Consortium refuses to take in (V-4, V-11)."""

import brownie
import pytest

from tests.contracts.governing import (
    ACTIVE,
    COUNCIL,
    DEFEATED,
    ETHICS,
    FOR,
    INSTITUTIONS,
    PENDING,
    SUCCEEDED,
    bitmap,
    pass_time,
)
from tests.contracts.reverts import reverts_with


@pytest.fixture
def assembly(founded):
    return founded.contracts.Consortium


@pytest.fixture
def proposer(founded):
    return founded.chambers[INSTITUTIONS][0]


@pytest.fixture
def call(founded):
    timelock = founded.contracts.Timelock
    return timelock.address, timelock.updateDelay.encode_input(1)


def test_propose_reverts_when_calls_are_missing_or_uneven(assembly, proposer, call):
    """V-11"""
    target, data = call
    for targets, values, datas in (
        ([], [], []),
        ([target], [], [data]),
        ([target], [0], []),
        ([], [0], [data]),
    ):
        with reverts_with("GovernorInvalidProposalLength", len(targets), len(datas), len(values)):
            assembly.propose(targets, values, datas, "Uneven", {"from": proposer})


def test_propose_reverts_when_proposed_before(assembly, proposer, call):
    """V-11"""
    target, data = call
    made = assembly.propose([target], [0], [data], "Twice", {"from": proposer})
    number = made.events["ProposalCreated"]["proposalId"]
    with reverts_with("GovernorUnexpectedProposalState", number, PENDING, bitmap()):
        assembly.propose([target], [0], [data], "Twice", {"from": proposer})


def test_propose_reverts_when_the_text_names_another_proposer(assembly, founded, proposer, call):
    """V-4"""
    target, data = call
    text = f"Mine #proposer={founded.chambers[COUNCIL][0].address}"
    with reverts_with("GovernorRestrictedProposer", proposer):
        assembly.propose([target], [0], [data], text, {"from": proposer})
    assembly.propose([target], [0], [data], text, {"from": founded.chambers[COUNCIL][0]})


def test_state_reverts_when_nobody_proposed(assembly, founded, proposer):
    """V-11"""
    for number in (0, 1, 2**256 - 1):
        with reverts_with("GovernorNonexistentProposal", number):
            assembly.state(number)
        with reverts_with("GovernorNonexistentProposal", number):
            assembly.castVote(number, FOR, {"from": proposer})


def test_cast_vote_reverts_when_votes_do_not_count_yet_or_any_more(assembly, founded, proposer, call):
    """V-4"""
    target, data = call
    made = assembly.propose([target], [0], [data], "Soon", {"from": proposer})
    number = made.events["ProposalCreated"]["proposalId"]
    assert tuple(assembly.chamberVotes(number, COUNCIL)) == (0, 0, 0, 0)
    with reverts_with("GovernorUnexpectedProposalState", number, PENDING, bitmap(ACTIVE)):
        assembly.castVote(number, FOR, {"from": proposer})
    pass_time(assembly.votingDelay() + assembly.votingPeriod() + 2)
    with reverts_with("GovernorUnexpectedProposalState", number, DEFEATED, bitmap(ACTIVE)):
        assembly.castVote(number, FOR, {"from": proposer})


def test_cast_vote_reverts_when_vote_is_no_word_or_says_more(assembly, founded, proposer):
    """V-4"""
    proposal = founded.propose([(founded.contracts.Timelock, "updateDelay", 1)])
    for support in (3, 255):
        with reverts_with("GovernorInvalidVoteType"):
            assembly.castVote(proposal.id, support, {"from": proposer})
    with reverts_with("GovernorInvalidVoteParams"):
        assembly.castVoteWithReasonAndParams(proposal.id, FOR, "", b"\x01", {"from": proposer})
    assembly.castVoteWithReason(proposal.id, FOR, "It is time", {"from": proposer})
    with reverts_with("GovernorAlreadyCastVote", proposer):
        assembly.castVote(proposal.id, FOR, {"from": proposer})


def test_queue_and_execute_revert_when_the_state_is_another(assembly, founded):
    """V-11"""
    proposal = founded.propose([(founded.contracts.Timelock, "updateDelay", 1)])
    with reverts_with("GovernorUnexpectedProposalState", proposal.id, ACTIVE, bitmap(SUCCEEDED)):
        founded.queue(proposal)
    with reverts_with("GovernorUnexpectedProposalState", proposal.id, ACTIVE, bitmap(SUCCEEDED, 5)):
        founded.execute(proposal)


def test_quorum_and_votes_revert_when_time_is_not_over(assembly, founded, proposer, now):
    """V-5"""
    with reverts_with("SeatTimeNotPast", now + 5, now):
        assembly.quorum(now + 5)
    with reverts_with("SeatTimeNotPast", now + 5, now):
        assembly.getVotes(proposer, now + 5)
    with reverts_with("SafeCastOverflowedUintDowncast", 48, 2**48 + now - 1):
        assembly.getVotes(proposer, 2**48 + now - 1)
    assert assembly.getVotes(founded.chambers[ETHICS][0], now - 1) == 1


def test_deploy_reverts_when_voting_takes_no_time(founded, consortium):
    """V-7"""
    contracts = founded.contracts
    with reverts_with("GovernorInvalidVotingPeriod", 0):
        brownie.Consortium.deploy(
            contracts.MemberSeat, contracts.MemberRegistry, contracts.Timelock, 0, 0, {"from": consortium}
        )


def test_clock_is_block_time(assembly, now):
    """V-11"""
    assert assembly.clock() == now
    assert assembly.CLOCK_MODE() == "mode=timestamp"
    assert assembly.proposalNeedsQueuing(1)
    assert assembly.proposalThreshold() == 1
