"""Power without a vote: who tries to get it from a consortium that has taken over, and fails (V-4, V-8, V-9, V-16)."""

import pytest
from brownie import accounts, chain

from tests.contracts.governing import (
    AGAINST,
    CANCELED,
    COUNCIL,
    DEFEATED,
    ETHICS,
    EXPIRED,
    FOR,
    INSTITUTIONS,
    QUEUED,
    SUCCEEDED,
    bitmap,
    pass_time,
)
from tests.contracts.reverts import reverts_with

HOUR, DAY = 3600, 24 * 3600
LAPSE = 30 * DAY
ACTIVE, SUSPENDED = 1, 2
NO_WORD = "0x" + "00" * 32


@pytest.fixture
def fast(governed):
    return governed.contracts.FastSuspension


@pytest.fixture
def silence(fast, regulator, governed):
    """The regulator suspends a member, and the patients' council confirms."""

    def silence(member):
        fast.suspend(member, chain[-1].timestamp + 72 * HOUR, {"from": regulator})
        for supporter in governed.chambers[COUNCIL]:
            fast.confirm(member, {"from": supporter})

    return silence


@pytest.fixture
def too_late(governed, fast, members, regulator, mercy_hospital):
    """Mercy's reinstatement, decided when its fast suspension had lapsed by itself: nothing is left to reinstate."""
    fast.suspend(mercy_hospital, chain[-1].timestamp + 72 * HOUR, {"from": regulator})
    proposal = governed.propose([(members, "reinstate", mercy_hospital)], governed.chambers[COUNCIL][0])
    governed.vote(proposal, dict.fromkeys(governed.voters[1:6], FOR))
    governed.vote(proposal, {governed.voters[6]: FOR})
    return proposal


def test_regulator_and_one_chamber_take_over_nothing(governed, fast, members, silence, regulator):
    """V-8: two members at most are silenced without a vote, however many chambers' majorities confirm."""
    mercy, city, laboratory = governed.chambers[INSTITUTIONS]
    silence(mercy)
    silence(city)
    for other in (laboratory, governed.chambers[ETHICS][1]):
        with reverts_with("FastSuspensionsFull", 2):
            fast.suspend(other, chain[-1].timestamp + HOUR, {"from": regulator})
    council = governed.chambers[COUNCIL]
    proposal = governed.propose([(members, "expel", laboratory)], council[0])
    trustee = governed.chambers[ETHICS][1]
    governed.vote(proposal, {council[0]: FOR, council[1]: FOR, regulator: FOR, trustee: AGAINST})
    pass_time(governed.contracts.Consortium.votingPeriod())
    assert governed.state(proposal) == DEFEATED


@pytest.mark.parametrize("decision", ["reinstate", "expel"])
def test_regulator_may_go_on_when_a_vote_has_decided(governed, members, silence, fast, regulator, decision):
    """V-8"""
    mercy, city, laboratory = governed.chambers[INSTITUTIONS]
    silence(mercy)
    silence(city)
    proposal = governed.propose([(members, decision, mercy)], laboratory)
    ethics, council = governed.chambers[ETHICS], governed.chambers[COUNCIL]
    governed.vote(proposal, dict.fromkeys((*ethics, *council, laboratory), FOR))
    pass_time(governed.contracts.Consortium.votingPeriod())
    governed.queue(proposal)
    governed.execute(proposal)
    fast.suspend(laboratory, chain[-1].timestamp + HOUR, {"from": regulator})
    assert fast.isRunning(laboratory)


def test_decision_that_could_not_be_carried_out_frees_nobody_later(
    governed, members, too_late, mercy_hospital
):
    """V-16: a reinstatement that came too late does not wait for the next suspension."""
    operation = governed.queue(too_late).events["CallScheduled"][0]["id"]
    with reverts_with("MemberStatusWrong", mercy_hospital, ACTIVE):
        governed.execute(too_late)
    pass_time(LAPSE)
    governed.by_vote((members, "suspend", mercy_hospital), description="It leaked")
    with reverts_with("GovernorUnexpectedProposalState", too_late.id, CANCELED, bitmap(SUCCEEDED, QUEUED)):
        governed.execute(too_late, by=mercy_hospital)
    timelock, consortium = governed.contracts.Timelock, governed.contracts.Consortium
    salt = ((int(consortium.address, 16) << 96) ^ int(too_late.hashed, 16)).to_bytes(32, "big")
    with reverts_with("TimelockUnexpectedOperationState", operation, "0x" + "00" * 31 + "04"):
        timelock.executeBatch(*too_late.whole[:3], NO_WORD, salt, {"from": mercy_hospital})
    assert members.memberOf(mercy_hospital)["status"] == SUSPENDED


def test_decision_that_nobody_queued_is_not_queued_years_later(governed, members, too_late, mercy_hospital):
    """V-16"""
    assert governed.state(too_late) == SUCCEEDED
    pass_time(governed.contracts.Consortium.votingPeriod() + LAPSE)
    governed.by_vote((members, "suspend", mercy_hospital), description="It leaked")
    assert governed.state(too_late) == EXPIRED
    with reverts_with("GovernorUnexpectedProposalState", too_late.id, EXPIRED, bitmap(SUCCEEDED)):
        governed.queue(too_late, by=mercy_hospital)


def test_decision_is_carried_out_until_the_last_second_of_its_time(governed, members):
    """V-16"""
    timelock = governed.contracts.Timelock
    proposal = governed.propose([(timelock, "updateDelay", 7)])
    governed.all_for(proposal)
    deadline = governed.contracts.Consortium.proposalDeadline(proposal.id)
    pass_time(deadline + LAPSE - 60 - chain[-1].timestamp)
    assert governed.state(proposal) == SUCCEEDED
    operation = governed.queue(proposal).events["CallScheduled"][0]["id"]
    pass_time(timelock.getTimestamp(operation) + LAPSE - 60 - chain[-1].timestamp)
    governed.execute(proposal)
    assert timelock.getMinDelay() == 7


def test_seat_that_moves_between_snapshot_and_vote_votes_once_where_it_was(governed, members):
    """V-4: another chamber, another key: the same vote."""
    seats, consortium = governed.contracts.MemberSeat, governed.contracts.Consortium
    mover = governed.chambers[ETHICS][1]
    proposal = governed.propose([(members, "expel", accounts[1])], description="Watched")
    moving = governed.propose(
        [(seats, "take", mover), (seats, "give", mover, COUNCIL)], description="Move one seat"
    )
    governed.vote(proposal, {mover: FOR})
    governed.all_for(moving)
    governed.queue(moving)
    governed.execute(moving)
    members.rotateKey(accounts[9], {"from": mover})
    with reverts_with("GovernorAlreadyCastVote", mover):
        consortium.castVote(proposal.id, FOR, {"from": accounts[9]})
    assert tuple(consortium.chamberVotes(proposal.id, ETHICS)) == (0, 1, 0, 2)
    assert tuple(consortium.chamberVotes(proposal.id, COUNCIL)) == (0, 0, 0, 2)
