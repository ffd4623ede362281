"""The regulator suspends at once, for a short time (V-8)."""

import re

import pytest
from brownie import accounts
from brownie.exceptions import VirtualMachineError

from scripts.settings import FAST_SUSPENSION
from tests.contracts.governing import COUNCIL, ETHICS, INSTITUTIONS, pass_time
from tests.contracts.reverts import reverts_with

HOUR, DAY = 3600, 24 * 3600
LONGEST, PAUSE = FAST_SUSPENSION, 30 * DAY
SUSPENDED = 2
NOBODY = "0x" + "00" * 20


@pytest.fixture
def fast(founded):
    return founded.contracts.FastSuspension


@pytest.fixture
def accused(founded):
    return founded.chambers[INSTITUTIONS][0]


def test_suspend_stops_the_member_at_once(fast, founded, members, accused, regulator, now):
    """V-8"""
    tx = fast.suspend(accused, now + LONGEST, {"from": regulator})
    assert dict(tx.events["FastSuspensionImposed"]) == {
        "member": accused,
        "regulator": regulator,
        "until": now + LONGEST,
    }
    assert members.memberOf(accused)["status"] == SUSPENDED
    assert members.memberOf(accused)["suspendedUntil"] == now + LONGEST
    assert fast.isRunning(accused)
    assert tuple(fast.suspensionOf(accused)) == (regulator, tx.timestamp, now + LONGEST, False)


def test_suspension_lapses_by_itself_when_nobody_confirms(fast, founded, members, accused, regulator, now):
    """V-8"""
    fast.suspend(accused, now + 10, {"from": regulator})
    pass_time(10)
    assert members.isActive(accused)
    assert not fast.isRunning(accused)


@pytest.mark.parametrize("who", ["stranger", "consortium", "another member", "suspended", "replaced key"])
def test_suspend_reverts_when_caller_is_not_the_regulator(
    fast, founded, members, accused, regulator, consortium, mallory, now, who
):
    """V-8"""
    caller = {
        "stranger": mallory.account,
        "consortium": consortium,
        "another member": founded.chambers[COUNCIL][0],
    }.get(who, regulator)
    if who == "suspended":
        members.suspend(regulator, {"from": consortium})
    if who == "replaced key":
        members.rotateKey(mallory.address, {"from": regulator})
    with reverts_with("RegulatorOther", caller):
        fast.suspend(accused, now + HOUR, {"from": caller})


def test_suspend_takes_the_regulators_new_key(fast, members, accused, regulator, mallory, now):
    """V-8"""
    members.rotateKey(mallory.address, {"from": regulator})
    fast.suspend(accused, now + HOUR, {"from": mallory.account})
    assert fast.isRunning(accused)


def test_suspend_reverts_when_regulator_names_itself(fast, regulator, now):
    """V-8"""
    with reverts_with("RegulatorSpared", regulator):
        fast.suspend(regulator, now + HOUR, {"from": regulator})


@pytest.mark.parametrize("state", ["unknown", "zero", "suspended", "expelled"])
def test_suspend_reverts_when_member_is_not_active(fast, members, accused, regulator, consortium, now, state):
    """V-8"""
    if state == "suspended":
        members.suspend(accused, {"from": consortium})
    elif state == "expelled":
        members.expel(accused, {"from": consortium})
    member = {"unknown": accounts[9].address, "zero": NOBODY}.get(state, accused)
    with reverts_with("FastSuspensionMemberNotActive", member):
        fast.suspend(member, now + HOUR, {"from": regulator})


@pytest.mark.parametrize("ahead", ["past", "now", "too long", "for ever"])
def test_suspend_reverts_when_time_is_out_of_range(fast, accused, regulator, now, ahead):
    """V-8"""
    until = {"past": now - 1, "now": now, "too long": now + LONGEST + HOUR, "for ever": 2**48 - 1}[ahead]
    with pytest.raises(VirtualMachineError) as caught:
        fast.suspend(accused, until, {"from": regulator})
    # 72 hours from the second of that block, which the chain alone knows
    said = re.fullmatch(rf"FastSuspensionTimeInvalid: {until}, (\d+)", str(caught.value.revert_msg))
    assert said, caught.value.revert_msg
    assert 0 <= int(said[1]) - (now + LONGEST) < HOUR


def test_suspend_reverts_when_the_last_one_was_less_than_30_days_ago(fast, members, accused, regulator, now):
    """V-8"""
    fast.suspend(accused, now + HOUR, {"from": regulator})
    pass_time(HOUR)
    with reverts_with("FastSuspensionRepeated", accused, now + HOUR + PAUSE):
        fast.suspend(accused, now + 2 * HOUR, {"from": regulator})
    pass_time(PAUSE - 2 * HOUR)
    with reverts_with("FastSuspensionRepeated", accused, now + HOUR + PAUSE):
        fast.suspend(accused, now + PAUSE + HOUR, {"from": regulator})
    pass_time(2 * HOUR)
    fast.suspend(accused, now + PAUSE + 5 * HOUR, {"from": regulator})
    assert fast.isRunning(accused)


def test_suspend_reverts_when_two_are_running(fast, founded, accused, regulator, now):
    """V-8"""
    second, third = founded.chambers[INSTITUTIONS][1:]
    fast.suspend(accused, now + HOUR, {"from": regulator})
    fast.suspend(second, now + 2 * HOUR, {"from": regulator})
    with reverts_with("FastSuspensionsFull", 2):
        fast.suspend(third, now + HOUR, {"from": regulator})
    pass_time(HOUR)
    fast.suspend(third, now + 3 * HOUR, {"from": regulator})
    assert not fast.isRunning(accused)
    assert fast.isRunning(third)


def test_suspend_counts_a_member_once_when_it_was_suspended_before(fast, founded, accused, regulator, now):
    """V-8: a place that a member held long ago does not count beside its new one."""
    second, third = founded.chambers[INSTITUTIONS][1:]
    fast.suspend(second, now + HOUR, {"from": regulator})
    fast.suspend(accused, now + HOUR, {"from": regulator})
    later = PAUSE + 2 * HOUR
    pass_time(later)
    fast.suspend(accused, now + later + HOUR, {"from": regulator})
    fast.suspend(third, now + later + HOUR, {"from": regulator})
    assert fast.isRunning(third)


def test_set_regulator_names_another_when_consortium_decides(
    fast, founded, accused, consortium, regulator, now
):
    """V-8"""
    successor = founded.chambers[ETHICS][1]
    tx = fast.setRegulator(successor, {"from": consortium})
    assert dict(tx.events["RegulatorSet"]) == {"regulator": successor}
    assert fast.regulatorOf() == successor
    with reverts_with("RegulatorOther", regulator):
        fast.suspend(accused, now + HOUR, {"from": regulator})


def test_set_regulator_reverts_when_it_is_nobody_or_nobody_decided(fast, founded, regulator, consortium):
    """V-8"""
    for nobody in (NOBODY, accounts[9].address):
        with reverts_with("RegulatorNotActive", nobody):
            fast.setRegulator(nobody, {"from": consortium})
    with reverts_with("AccessManagedUnauthorized", regulator):
        fast.setRegulator(regulator, {"from": regulator})
