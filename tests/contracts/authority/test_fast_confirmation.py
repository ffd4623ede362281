"""A chamber other than the regulator's confirms a fast suspension, or it lapses (V-9)."""

import pytest
from brownie import accounts

from tests.contracts.governing import COUNCIL, ETHICS, INSTITUTIONS, pass_time
from tests.contracts.reverts import reverts_with

HOUR = 3600
SUSPENDED, EXPELLED = 2, 3


@pytest.fixture
def fast(founded):
    return founded.contracts.FastSuspension


@pytest.fixture
def accused(founded):
    return founded.chambers[INSTITUTIONS][0]


@pytest.fixture
def running(fast, accused, regulator, now):
    """Ends in an hour."""
    fast.suspend(accused, now + HOUR, {"from": regulator})
    return accused


def test_confirm_counts_until_more_than_half_of_a_chamber_agree(fast, founded, members, running):
    """V-9"""
    first, second = founded.chambers[COUNCIL]
    tx = fast.confirm(running, {"from": first})
    assert dict(tx.events["FastSuspensionSupported"]) == {
        "member": running,
        "supporter": first,
        "chamber": COUNCIL,
        "confirmations": 1,
        "seats": 2,
    }
    assert "FastSuspensionConfirmed" not in tx.events
    assert fast.confirmationsOf(running, COUNCIL) == 1
    tx = fast.confirm(running, {"from": second})
    assert dict(tx.events["FastSuspensionConfirmed"]) == {"member": running, "chamber": COUNCIL}
    assert not fast.isRunning(running)
    pass_time(2 * HOUR)
    assert members.memberOf(running)["status"] == SUSPENDED
    assert members.memberOf(running)["suspendedUntil"] == 0


def test_confirm_leaves_the_accused_seat_out(fast, founded, members, running):
    """V-9: of three institutions two may confirm, and both must."""
    first, second = founded.chambers[INSTITUTIONS][1:]
    assert fast.confirm(running, {"from": first}).events["FastSuspensionSupported"]["seats"] == 2
    assert fast.isRunning(running)
    fast.confirm(running, {"from": second})
    assert fast.suspensionOf(running)["confirmed"]


def test_confirm_does_not_add_chambers_up(fast, founded, running):
    """V-9"""
    for chamber in (founded.chambers[COUNCIL][:1], founded.chambers[INSTITUTIONS][1:2]):
        fast.confirm(running, {"from": chamber[0]})
    assert fast.isRunning(running)


def test_confirm_takes_a_members_new_key_and_not_its_old_one(fast, founded, members, running, mallory):
    """V-9"""
    supporter = founded.chambers[COUNCIL][0]
    members.rotateKey(mallory.address, {"from": supporter})
    with reverts_with("SupporterNotActive", supporter):
        fast.confirm(running, {"from": supporter})
    tx = fast.confirm(running, {"from": mallory.account})
    assert tx.events["FastSuspensionSupported"]["supporter"] == supporter


@pytest.mark.parametrize("state", ["never", "over", "confirmed", "reinstated", "suspended", "expelled"])
def test_confirm_reverts_when_nothing_is_running(
    fast, founded, members, accused, regulator, consortium, now, state
):
    """V-9"""
    first, second = founded.chambers[COUNCIL]
    if state != "never":
        fast.suspend(accused, now + HOUR, {"from": regulator})
    if state == "over":
        pass_time(HOUR)
    elif state == "confirmed":
        fast.confirm(accused, {"from": first})
        fast.confirm(accused, {"from": second})
    elif state == "reinstated":
        members.reinstate(accused, {"from": consortium})
    elif state == "suspended":
        members.suspend(accused, {"from": consortium})
    elif state == "expelled":
        members.expel(accused, {"from": consortium})
    with reverts_with("FastSuspensionNotRunning", accused):
        fast.confirm(accused, {"from": second})


@pytest.mark.parametrize("who", ["accused", "stranger", "suspended", "consortium"])
def test_confirm_reverts_when_supporter_is_not_active(
    fast, founded, members, running, consortium, mallory, who
):
    """V-9"""
    supporter = {"accused": running, "stranger": mallory.account, "consortium": consortium}.get(
        who, founded.chambers[COUNCIL][1]
    )
    if who == "suspended":
        members.suspend(supporter, {"from": consortium})
    with reverts_with("SupporterNotActive", supporter):
        fast.confirm(running, {"from": supporter})


def test_confirm_reverts_when_supporter_had_no_seat(fast, founded, members, consortium, running):
    """V-9: a seat given while it runs moves no majority, and one taken keeps its word."""
    newcomer, seats = accounts[9], founded.contracts.MemberSeat
    members.admit(newcomer, "Newcomer", "hospital", {"from": consortium})
    seats.give(newcomer, COUNCIL, {"from": consortium})
    pass_time(1)
    with reverts_with("SupporterNotSeated", newcomer):
        fast.confirm(running, {"from": newcomer})
    seats.take(founded.chambers[COUNCIL][0], {"from": consortium})
    tx = fast.confirm(running, {"from": founded.chambers[COUNCIL][0]})
    assert tx.events["FastSuspensionSupported"]["seats"] == 2


def test_confirm_reverts_when_chamber_is_the_regulators(fast, founded, regulator, consortium, running):
    """V-9: also when another regulator was named meanwhile."""
    colleague = founded.chambers[ETHICS][1]
    fast.setRegulator(founded.chambers[COUNCIL][0], {"from": consortium})
    for supporter in (regulator, colleague):
        with reverts_with("SupporterOfRegulator", supporter, ETHICS):
            fast.confirm(running, {"from": supporter})
    fast.confirm(running, {"from": founded.chambers[COUNCIL][0]})


def test_confirm_reverts_when_supporter_repeats(fast, founded, members, running, mallory):
    """V-9"""
    supporter = founded.chambers[COUNCIL][0]
    fast.confirm(running, {"from": supporter})
    with reverts_with("SupporterRepeated", supporter):
        fast.confirm(running, {"from": supporter})
    members.rotateKey(mallory.address, {"from": supporter})
    with reverts_with("SupporterRepeated", supporter):
        fast.confirm(running, {"from": mallory.account})
