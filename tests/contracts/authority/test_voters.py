"""Who proposes and votes: seated then, active now, once, by whichever key (V-4)."""

import pytest
from brownie import accounts

from tests.contracts.consents import Person
from tests.contracts.governing import (
    ABSTAIN,
    ACTIVE,
    AGAINST,
    CANCELED,
    ETHICS,
    FOR,
    INSTITUTIONS,
    PENDING,
    bitmap,
    hash_of,
    pass_time,
    signed_ballot,
)
from tests.contracts.reverts import reverts_with

ONE_DAY = 24 * 3600


@pytest.fixture
def newcomer(founded, consortium):
    """A member without a seat."""
    founded.contracts.MemberRegistry.admit(accounts[9], "Newcomer", "hospital", {"from": consortium})
    return accounts[9]


@pytest.fixture
def proposal(founded):
    return founded.propose([(founded.contracts.Timelock, "updateDelay", 1)])


def arguments(founded, description="Another one"):
    timelock = founded.contracts.Timelock
    return [timelock], [0], [timelock.updateDelay.encode_input(1)], description


def lose_standing(founded, member, how, consortium):
    members = founded.contracts.MemberRegistry
    if how == "suspended":
        members.suspend(member, {"from": consortium})
    elif how == "expelled":
        members.expel(member, {"from": consortium})
    else:
        regulator = founded.chambers[ETHICS][0]
        now = founded.contracts.Consortium.clock()
        founded.contracts.FastSuspension.suspend(member, now + ONE_DAY, {"from": regulator})


@pytest.mark.parametrize("how", ["suspended", "expelled", "suspended fast"])
def test_member_without_standing_neither_proposes_nor_votes(founded, consortium, proposal, how):
    """V-4"""
    assembly, member = founded.contracts.Consortium, founded.chambers[INSTITUTIONS][1]
    lose_standing(founded, member, how, consortium)
    with reverts_with("VoterNotActive", member):
        assembly.castVote(proposal.id, FOR, {"from": member})
    with reverts_with("VoterNotActive", member):
        assembly.propose(*arguments(founded), {"from": member})
    assert not assembly.hasVoted(proposal.id, member)
    assert assembly.getVotes(member, assembly.proposalSnapshot(proposal.id)) == 0


def test_vote_stays_when_the_member_is_expelled_later(founded, consortium, proposal):
    """V-4"""
    member = founded.chambers[INSTITUTIONS][1]
    founded.vote(proposal, {member: AGAINST})
    lose_standing(founded, member, "expelled", consortium)
    assert founded.contracts.Consortium.hasVoted(proposal.id, member)
    assert tuple(founded.contracts.Consortium.chamberVotes(proposal.id, INSTITUTIONS)) == (1, 0, 0, 3)


@pytest.mark.parametrize("who", ["newcomer", "stranger"])
def test_nobody_without_a_seat_proposes_or_votes(founded, newcomer, proposal, mallory, who):
    """V-4"""
    assembly = founded.contracts.Consortium
    if who == "newcomer":
        with reverts_with("VoterNotSeated", newcomer, proposal.id):
            assembly.castVote(proposal.id, FOR, {"from": newcomer})
        with reverts_with("GovernorInsufficientProposerVotes", newcomer, 0, 1):
            assembly.propose(*arguments(founded), {"from": newcomer})
    else:
        with reverts_with("VoterNotActive", mallory):
            assembly.castVote(proposal.id, FOR, {"from": mallory.account})
        with reverts_with("VoterNotActive", mallory):
            assembly.propose(*arguments(founded), {"from": mallory.account})


def test_seat_given_after_the_snapshot_does_not_vote(founded, consortium, proposal, newcomer):
    """V-4"""
    founded.contracts.MemberSeat.give(newcomer, ETHICS, {"from": consortium})
    pass_time(1)
    with reverts_with("VoterNotSeated", newcomer, proposal.id):
        founded.vote(proposal, {newcomer: FOR})


def test_seat_taken_or_moved_after_the_snapshot_votes_where_it_was(founded, consortium, proposal):
    """V-4"""
    seats, (taken, moved, _) = founded.contracts.MemberSeat, founded.chambers[INSTITUTIONS]
    for member in (taken, moved):
        seats.take(member, {"from": consortium})
    seats.give(moved, ETHICS, {"from": consortium})
    founded.vote(proposal, {taken: FOR, moved: FOR})
    assert tuple(founded.contracts.Consortium.chamberVotes(proposal.id, INSTITUTIONS)) == (0, 2, 0, 3)
    assert tuple(founded.contracts.Consortium.chamberVotes(proposal.id, ETHICS)) == (0, 0, 0, 2)


def test_replaced_key_does_not_vote_again(founded, proposal, mallory):
    """V-4"""
    assembly, members = founded.contracts.Consortium, founded.contracts.MemberRegistry
    member = founded.chambers[INSTITUTIONS][1]
    cast = assembly.castVote(proposal.id, FOR, {"from": member})
    members.rotateKey(mallory.address, {"from": member})
    assert cast.events["VoteCast"]["voter"] == member
    with reverts_with("GovernorAlreadyCastVote", member):
        assembly.castVote(proposal.id, AGAINST, {"from": mallory.account})
    with reverts_with("VoterNotActive", member):
        assembly.castVote(proposal.id, AGAINST, {"from": member})


def test_new_key_votes_proposes_and_cancels_for_its_member(founded, proposal, mallory):
    """V-4"""
    assembly, member = founded.contracts.Consortium, founded.chambers[INSTITUTIONS][1]
    founded.contracts.MemberRegistry.rotateKey(mallory.address, {"from": member})
    cast = assembly.castVote(proposal.id, ABSTAIN, {"from": mallory.account})
    assert cast.events["VoteCast"]["voter"] == member
    made = assembly.propose(*arguments(founded), {"from": mallory.account})
    assert made.events["ProposalCreated"]["proposer"] == member
    targets, values, data, description = arguments(founded)
    hashed = hash_of(description)
    assembly.cancel(targets, values, data, hashed, {"from": mallory.account})
    assert assembly.state(made.events["ProposalCreated"]["proposalId"]) == CANCELED


def test_vote_by_signature_is_the_members(founded, proposal, relayer):
    """V-4"""
    assembly, member = founded.contracts.Consortium, founded.chambers[INSTITUTIONS][1]
    key = Person.named("a key in a drawer")
    founded.contracts.MemberRegistry.rotateKey(key.address, {"from": member})
    signature = signed_ballot(assembly, key, proposal.id, FOR, 0)
    cast = assembly.castVoteBySig(proposal.id, FOR, key.address, signature, {"from": relayer})
    assert cast.events["VoteCast"]["voter"] == member
    with reverts_with("GovernorInvalidSignature", key):
        assembly.castVoteBySig(proposal.id, FOR, key.address, signature, {"from": relayer})
    again = signed_ballot(assembly, key, proposal.id, AGAINST, 1)
    with reverts_with("GovernorAlreadyCastVote", member):
        assembly.castVoteBySig(proposal.id, AGAINST, key.address, again, {"from": relayer})


def test_cancel_ends_the_proposal_when_its_proposer_calls_before_votes_count(founded):
    """V-4"""
    assembly, proposer = founded.contracts.Consortium, founded.chambers[INSTITUTIONS][0]
    targets, values, data, description = arguments(founded)
    made = assembly.propose(targets, values, data, description, {"from": proposer})
    number, hashed = made.events["ProposalCreated"]["proposalId"], hash_of(description)
    other = founded.chambers[ETHICS][1]
    with reverts_with("GovernorOnlyProposer", other):
        assembly.cancel(targets, values, data, hashed, {"from": other})
    with reverts_with("VoterNotActive", accounts[9]):
        assembly.cancel(targets, values, data, hashed, {"from": accounts[9]})
    assembly.cancel(targets, values, data, hashed, {"from": proposer})
    assert assembly.state(number) == CANCELED
    with reverts_with("GovernorUnexpectedProposalState", number, CANCELED, bitmap(PENDING)):
        assembly.cancel(targets, values, data, hashed, {"from": proposer})


def test_cancel_reverts_when_votes_count(founded, proposal):
    """V-4"""
    proposer = founded.chambers[INSTITUTIONS][0]
    with reverts_with("GovernorUnexpectedProposalState", proposal.id, ACTIVE, bitmap(PENDING)):
        founded.contracts.Consortium.cancel(*proposal.whole, {"from": proposer})


def test_cancel_reverts_when_nobody_proposed(founded, proposal):
    """V-4, V-11: nor with the text of another one."""
    assembly, proposer = founded.contracts.Consortium, founded.chambers[INSTITUTIONS][0]
    targets, values, data, _ = proposal.whole
    other = hash_of("Another text")
    unknown = assembly.hashProposal(targets, values, data, other)
    with reverts_with("GovernorNonexistentProposal", unknown):
        assembly.cancel(targets, values, data, other, {"from": proposer})
