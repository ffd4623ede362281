"""What the consortium decides is done: proposed, voted, waited, executed (V-11)."""

import brownie
import pytest
from brownie import accounts

from tests.contracts.calls import view
from tests.contracts.consents import text32
from tests.contracts.governing import (
    ACTIVE,
    CANCELED,
    COUNCIL,
    EXECUTED,
    INSTITUTIONS,
    QUEUED,
    SUCCEEDED,
    bitmap,
    pass_time,
)
from tests.contracts.reverts import reverts_with

ZERO = "0x" + "00" * 32
NOBODY = "0x" + "00" * 20
MEMBER_ACTIVE, MEMBER_EXPELLED = 1, 3
REGISTRY_ACTIVE, REGISTRY_CLOSED = 1, 2


@pytest.fixture
def pharmacy():
    return accounts[9]


def test_decision_is_carried_out_when_it_passed_and_waited(governed, pharmacy):
    """V-11"""
    members, seats = governed.contracts.MemberRegistry, governed.contracts.MemberSeat
    proposal = governed.propose(
        [(members, "admit", pharmacy, "Old Pharmacy", "pharmacy"), (seats, "give", pharmacy, INSTITUTIONS)]
    )
    assert governed.state(proposal) == ACTIVE
    governed.all_for(proposal)
    assert governed.state(proposal) == SUCCEEDED
    queued = governed.contracts.Consortium.queue(*proposal.whole, {"from": pharmacy})
    assert governed.state(proposal) == QUEUED
    operation = queued.events["CallScheduled"][0]["id"]
    with reverts_with("TimelockUnexpectedOperationState", operation, "0x" + "00" * 31 + "04"):
        governed.execute(proposal)
    pass_time(governed.contracts.Timelock.getMinDelay())
    governed.execute(proposal, by=pharmacy)
    assert governed.state(proposal) == EXECUTED
    assert view(members, "memberOf", str(pharmacy))[0] == MEMBER_ACTIVE
    assert tuple(seats.chamberOf(pharmacy)) == (True, INSTITUTIONS)


def test_expulsion_takes_the_seat_in_the_same_decision(governed):
    """V-11"""
    members, seats = governed.contracts.MemberRegistry, governed.contracts.MemberSeat
    expelled = governed.chambers[COUNCIL][1]
    governed.by_vote((members, "expel", expelled), (seats, "take", expelled))
    assert view(members, "memberOf", str(expelled))[0] == MEMBER_EXPELLED
    assert seats.chamberOf(expelled)[0] is False
    assert seats.seatsOf(COUNCIL) == 1


def test_parameter_changes_by_vote(governed):
    """V-11"""
    members = governed.contracts.MemberRegistry
    governed.by_vote((members, "setCeiling", text32("nurse"), (1, True, False)))
    assert tuple(members.ceilingOf(text32("nurse"))) == (1, True, False)


def test_registry_is_replaced_by_vote(governed, consortium):
    """V-11, M-1"""
    authority, members = governed.contracts.Authority, governed.contracts.MemberRegistry
    old = governed.contracts.RecordRegistry
    kind = text32("RecordRegistry")
    new = brownie.RecordRegistry.deploy(authority, members, {"from": consortium})
    with reverts_with("RegistryKindTaken", kind, old):
        governed.by_vote((authority, "setRegistry", new, kind, REGISTRY_ACTIVE))
    governed.by_vote(
        (authority, "setRegistry", old, kind, REGISTRY_CLOSED),
        (authority, "setRegistry", new, kind, REGISTRY_ACTIVE),
        (
            authority,
            "setTargetFunctionRole",
            new,
            [new.signatures["retractFor"]],
            1,
        ),
        description="A better registry",
    )
    assert authority.activeOf(kind) == new
    assert authority.registryStatusOf(old) == REGISTRY_CLOSED


def test_governance_itself_is_replaced_by_vote(governed, consortium):
    """V-11"""
    timelock, old = governed.contracts.Timelock, governed.contracts.Consortium
    new = brownie.Consortium.deploy(
        governed.contracts.MemberSeat,
        governed.contracts.MemberRegistry,
        timelock,
        0,
        3600,
        {"from": consortium},
    )
    proposer, canceller = timelock.PROPOSER_ROLE(), timelock.CANCELLER_ROLE()
    governed.by_vote(
        (timelock, "grantRole", proposer, new),
        (timelock, "grantRole", canceller, new),
        (timelock, "revokeRole", proposer, old),
        (timelock, "revokeRole", canceller, old),
        (timelock, "updateDelay", 5),
    )
    assert timelock.getMinDelay() == 5
    late = governed.propose([(timelock, "updateDelay", 1)], description="Too late")
    governed.all_for(late)
    with reverts_with("AccessControlUnauthorizedAccount", old, proposer):
        governed.queue(late)
    governed.contracts.Consortium = new
    try:
        governed.by_vote((timelock, "updateDelay", 3))
    finally:
        governed.contracts.Consortium = old
    assert timelock.getMinDelay() == 3


def test_consortium_changes_itself_only_through_its_own_execution(governed):
    """V-11: a decision on the Consortium itself, executed past it on the Timelock, fails."""
    consortium, timelock = governed.contracts.Consortium, governed.contracts.Timelock
    proposal = governed.propose([(consortium, "relay", timelock, 0, timelock.getMinDelay.encode_input())])
    governed.all_for(proposal)
    governed.queue(proposal)
    salt = (int(consortium.address, 16) << 96) ^ int(proposal.hashed, 16)
    with brownie.reverts("Pop from empty array"):
        timelock.executeBatch(*proposal.whole[:3], ZERO, salt.to_bytes(32, "big"), {"from": accounts[9]})
    assert governed.state(proposal) == QUEUED
    governed.execute(proposal)
    assert governed.state(proposal) == EXECUTED


def test_decision_executed_on_the_timelock_itself_counts_as_executed(governed):
    """V-11"""
    timelock, consortium = governed.contracts.Timelock, governed.contracts.Consortium
    proposal = governed.propose([(timelock, "updateDelay", 7)])
    governed.all_for(proposal)
    governed.queue(proposal)
    salt = (int(consortium.address, 16) << 96) ^ int(proposal.hashed, 16)
    timelock.executeBatch(*proposal.whole[:3], ZERO, salt.to_bytes(32, "big"), {"from": accounts[9]})
    assert timelock.getMinDelay() == 7
    assert governed.state(proposal) == EXECUTED


def test_decision_is_carried_out_whole_or_not_at_all(governed, pharmacy):
    """V-11"""
    members = governed.contracts.MemberRegistry
    with reverts_with("MemberNameTaken", "Old Pharmacy", pharmacy):
        governed.by_vote(
            (members, "admit", pharmacy, "Old Pharmacy", "pharmacy"),
            (members, "admit", accounts[4], "Old Pharmacy", "pharmacy"),
        )
    assert members.memberByName("Old Pharmacy") == NOBODY


def test_queued_decision_is_stopped_by_another_one(governed, pharmacy):
    """V-11"""
    members, consortium = governed.contracts.MemberRegistry, governed.contracts.Consortium
    timelock = governed.contracts.Timelock
    bad = governed.propose([(members, "admit", pharmacy, "Old Pharmacy", "pharmacy")])
    governed.all_for(bad)
    operation = governed.queue(bad).events["CallScheduled"][0]["id"]
    cancelling = timelock.cancel.encode_input(operation)
    governed.by_vote((consortium, "relay", timelock, 0, cancelling), description="Stop it")
    assert governed.state(bad) == CANCELED
    with reverts_with("GovernorUnexpectedProposalState", bad.id, CANCELED, bitmap(SUCCEEDED, QUEUED)):
        governed.execute(bad)
