"""Votes counted by chamber: quorum, ties, empty chambers, early success (V-5 … V-7)."""

import pytest

from scripts import founding
from tests.contracts.governing import (
    ABSTAIN,
    ACTIVE,
    AGAINST,
    COUNCIL,
    DEFEATED,
    ETHICS,
    FOR,
    INSTITUTIONS,
    SUCCEEDED,
    Governed,
    bitmap,
    pass_time,
)
from tests.contracts.reverts import reverts_with

SUPPORT = {"F": FOR, "A": AGAINST, "B": ABSTAIN}
UNREACHABLE = 2**256 - 1

# Votes of three institutions, two of the ethics board, two of the council; a point is a vote not cast.
OUTCOMES = [
    ("FF. F. ..", SUCCEEDED, "two chambers carry, the third has no quorum"),
    ("F.. F. F.", SUCCEEDED, "exactly half is a quorum, a third is none"),
    ("FB. F. ..", SUCCEEDED, "abstaining is taking part"),
    ("FFA F. ..", SUCCEEDED, "more for than against"),
    ("A.. FF FF", SUCCEEDED, "without a quorum nothing is rejected"),
    ("... .. ..", DEFEATED, "nobody voted"),
    ("F.. F. ..", DEFEATED, "one chamber has a quorum"),
    ("FFF .. ..", DEFEATED, "one chamber alone carries nothing"),
    ("FFF FF A.", DEFEATED, "a chamber with a quorum rejects"),
    ("FFF FF FA", DEFEATED, "a tie rejects"),
    ("FFF FF B.", DEFEATED, "none for and none against is a tie"),
    ("AF. FF FF", DEFEATED, "a tie of the largest chamber rejects"),
    ("FAB F. ..", DEFEATED, "abstaining does not break a tie"),
    ("AAA FF FF", DEFEATED, "two chambers do not outvote the third"),
]


def cast(assembly, proposal, votes):
    for chamber, ballots in zip(assembly.chambers, votes.split(), strict=False):
        for member, ballot in zip(chamber, ballots, strict=True):
            if ballot in SUPPORT:
                assembly.vote(proposal, {member: SUPPORT[ballot]})


def proposed(assembly):
    return assembly.propose([(assembly.contracts.Timelock, "updateDelay", 1)])


@pytest.fixture
def founded_with(deployed, members, consortium, founding_plan, founded):
    """A consortium of which the last chambers were emptied again."""

    def build(chambers):
        for empty in founded.chambers[chambers:]:
            for member in empty:
                founded.contracts.MemberSeat.take(member, {"from": consortium})
        return Governed(deployed, founded.chambers[:chambers])

    return build


@pytest.mark.parametrize(("votes", "outcome", "why"), OUTCOMES, ids=[one[2] for one in OUTCOMES])
def test_state_follows_the_chambers_when_voting_is_over(founded, votes, outcome, why):
    """V-5, V-6"""
    proposal = proposed(founded)
    cast(founded, proposal, votes)
    assert founded.state(proposal) == ACTIVE, why
    pass_time(founded.contracts.Consortium.votingPeriod())
    assert founded.state(proposal) == outcome, why


@pytest.mark.parametrize("votes", ["FFF FF F.", "FFF F. FF", "F.. FF FF", "FFF FF .."])
def test_state_stays_active_when_a_vote_out_could_change_it(founded, votes):
    """V-7"""
    proposal = proposed(founded)
    cast(founded, proposal, votes)
    assert founded.state(proposal) == ACTIVE


@pytest.mark.parametrize("votes", ["FF. FF FF", "FFA FF FF", "FFB FF FF"])
def test_state_succeeds_early_when_no_vote_out_could_change_it(founded, votes):
    """V-7"""
    consortium = founded.contracts.Consortium
    proposal = proposed(founded)
    cast(founded, proposal, votes)
    assert founded.state(proposal) == SUCCEEDED
    late = founded.chambers[INSTITUTIONS][2]
    with reverts_with("GovernorUnexpectedProposalState", proposal.id, SUCCEEDED, bitmap(ACTIVE)):
        consortium.castVote(proposal.id, AGAINST, {"from": late})
    pass_time(consortium.votingPeriod())
    assert founded.state(proposal) == SUCCEEDED


def test_empty_chamber_neither_carries_nor_rejects(founded_with):
    """V-5, V-7"""
    assembly = founded_with(2)
    early, late = (
        proposed(assembly),
        assembly.propose([(assembly.contracts.Timelock, "updateDelay", 1)], description="Another"),
    )
    cast(assembly, early, "FF. FF")
    assert assembly.state(early) == SUCCEEDED
    cast(assembly, late, "FF. F.")
    assert assembly.state(late) == ACTIVE
    pass_time(assembly.contracts.Consortium.votingPeriod())
    assert assembly.state(late) == SUCCEEDED
    assert tuple(assembly.contracts.Consortium.chamberVotes(late.id, COUNCIL)) == (0, 0, 0, 0)


def test_nothing_passes_when_one_chamber_is_alone(founded_with):
    """V-6, V-7"""
    assembly = founded_with(1)
    proposal = proposed(assembly)
    cast(assembly, proposal, "FFF")
    assert assembly.state(proposal) == ACTIVE
    pass_time(assembly.contracts.Consortium.votingPeriod())
    assert assembly.state(proposal) == DEFEATED
    snapshot = assembly.contracts.Consortium.proposalSnapshot(proposal.id)
    assert assembly.contracts.Consortium.quorum(snapshot) == UNREACHABLE


def test_chamber_votes_shows_votes_and_seats_of_the_snapshot(founded, consortium):
    """V-5"""
    assembly = founded.contracts.Consortium
    proposal = proposed(founded)
    cast(founded, proposal, "FA. B. ..")
    founded.contracts.MemberSeat.take(founded.chambers[INSTITUTIONS][2], {"from": consortium})
    assert tuple(assembly.chamberVotes(proposal.id, INSTITUTIONS)) == (1, 1, 0, 3)
    assert tuple(assembly.chamberVotes(proposal.id, ETHICS)) == (0, 0, 1, 2)
    assert tuple(assembly.chamberVotes(proposal.id, COUNCIL)) == (0, 0, 0, 2)
    with reverts_with("GovernorNonexistentProposal", 7):
        assembly.chamberVotes(7, COUNCIL)


def test_quorum_is_half_the_seats_of_the_two_smallest_chambers(founded, now):
    """V-5"""
    assert founded.contracts.Consortium.quorum(now - 1) == 1 + 1
    assert founded.contracts.Consortium.COUNTING_MODE() == (
        "support=bravo&quorum=against,for,abstain&chambers=institutions,ethics-board,patients-council"
    )
    assert len(founding.CHAMBERS) == len(founded.chambers)
