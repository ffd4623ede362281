"""Suspensions that end by themselves (M-7, M-4). One test per leaf of suspension.tree."""

import brownie
import pytest

from scripts import settings
from tests.contracts.consent.conftest import ask, draft  # noqa: F401
from tests.contracts.consent.reasons import Reason
from tests.contracts.consents import Person, text32
from tests.contracts.reverts import reverts_with

UNKNOWN, ACTIVE, SUSPENDED, EXPELLED = range(4)
HOUR = 3600
ROOT = "0x" + "11" * 32
ZERO_ADDRESS = "0x" + "00" * 20


@pytest.fixture
def until(now):
    return now + 72 * HOUR


@pytest.fixture(autouse=True)
def fast(authority, consortium):
    """The consortium's account stands for FastSuspension too, whose own rules are tested with it."""
    authority.grantRole(settings.SUSPENSION_ROLE, consortium, 0, {"from": consortium})


@pytest.fixture
def suspended(members, city_hospital, consortium, until):
    return members.suspendUntil(city_hospital, until, {"from": consortium})


def pass_until(time):
    """A block of this time. Both development nodes know this call; Brownie asks for it in a way that anvil refuses."""
    brownie.web3.provider.make_request("evm_mine", [time])


def test_suspend_until_ends_standing_until_its_time(members, city_hospital, suspended, until):
    """M-7"""
    assert dict(suspended.events["MemberSuspendedUntil"]) == {"member": city_hospital, "until": until}
    assert not members.isActive(city_hospital)
    assert tuple(members.actorOf(city_hospital)) == (city_hospital, SUSPENDED)
    status, *_, suspended_until, _key = members.memberOf(city_hospital)
    assert (status, suspended_until) == (SUSPENDED, until)


def test_suspend_until_ends_by_itself_at_its_time(members, city_hospital, suspended, until):
    """M-7"""
    pass_until(until - 1)
    assert not members.isActive(city_hospital)
    pass_until(until)
    assert members.isActive(city_hospital)
    assert tuple(members.actorOf(city_hospital)) == (city_hospital, ACTIVE)
    assert members.memberOf(city_hospital)[0] == ACTIVE


def test_suspend_until_reverts_when_it_would_shorten_or_is_past(
    members, city_hospital, consortium, suspended, until, now
):
    """M-7"""
    for time in (0, now, until - 1, until, 2**40, 2**64 - 1):
        with reverts_with("MemberSuspensionInvalid", city_hospital, time, until):
            members.suspendUntil(city_hospital, time, {"from": consortium})
    members.suspendUntil(city_hospital, until + 1, {"from": consortium})
    pass_until(until)
    assert not members.isActive(city_hospital)


def test_suspend_until_works_again_when_the_last_one_has_ended(
    members, city_hospital, consortium, suspended, until
):
    """M-7"""
    pass_until(until)
    with reverts_with("MemberSuspensionInvalid", city_hospital, until, until):
        members.suspendUntil(city_hospital, until, {"from": consortium})
    members.suspendUntil(city_hospital, until + HOUR, {"from": consortium})
    assert not members.isActive(city_hospital)


@pytest.mark.parametrize(("step", "status"), [("suspend", SUSPENDED), ("expel", EXPELLED)])
def test_suspend_until_reverts_when_a_vote_ended_standing(
    members, city_hospital, consortium, until, step, status
):
    """M-7: what was voted has no end."""
    getattr(members, step)(city_hospital, {"from": consortium})
    for door, arguments in (("suspendUntil", (until,)), ("confirmSuspension", ())):
        with reverts_with("MemberStatusWrong", city_hospital, status):
            getattr(members, door)(city_hospital, *arguments, {"from": consortium})
    pass_until(until)
    assert members.memberOf(city_hospital)[0] == status


def test_suspend_until_reverts_when_member_is_unknown(members, consortium, mallory, until):
    """M-7"""
    for member in (mallory.address, ZERO_ADDRESS):
        with reverts_with("MemberStatusWrong", member, UNKNOWN):
            members.suspendUntil(member, until, {"from": consortium})


@pytest.mark.parametrize("door", ["suspend", "confirmSuspension"])
def test_a_vote_or_confirmation_makes_it_last(members, city_hospital, consortium, suspended, until, door):
    """M-7"""
    tx = getattr(members, door)(city_hospital, {"from": consortium})
    assert tx.events["MemberSuspended"]["member"] == city_hospital
    pass_until(until)
    status, *_, suspended_until, _key = members.memberOf(city_hospital)
    assert (status, suspended_until) == (SUSPENDED, 0)
    members.reinstate(city_hospital, {"from": consortium})
    assert members.isActive(city_hospital)


def test_confirm_suspension_reverts_when_none_runs(members, city_hospital, consortium, suspended, until):
    """M-7: what has lapsed is not confirmed."""
    pass_until(until)
    with reverts_with("MemberStatusWrong", city_hospital, ACTIVE):
        members.confirmSuspension(city_hospital, {"from": consortium})
    with reverts_with("MemberStatusWrong", ZERO_ADDRESS, UNKNOWN):
        members.confirmSuspension(ZERO_ADDRESS, {"from": consortium})


def test_reinstate_ends_it(members, city_hospital, consortium, suspended):
    """M-7"""
    tx = members.reinstate(city_hospital, {"from": consortium})
    assert tx.events["MemberReinstated"]["member"] == city_hospital
    assert members.isActive(city_hospital) and members.memberOf(city_hospital)[4] == 0
    with reverts_with("MemberStatusWrong", city_hospital, ACTIVE):
        members.reinstate(city_hospital, {"from": consortium})


def test_expel_ends_standing_for_ever(members, city_hospital, consortium, suspended, until):
    """M-2, M-7"""
    tx = members.expel(city_hospital, {"from": consortium})
    assert dict(tx.events["MemberExpelled"]) == {"member": city_hospital}
    with reverts_with("MemberStatusWrong", city_hospital, EXPELLED):
        members.reinstate(city_hospital, {"from": consortium})
    pass_until(until)
    assert members.memberOf(city_hospital)[0] == EXPELLED and not members.isActive(city_hospital)


def test_everything_of_a_member_stops_in_the_block_of_its_suspension(
    members,
    records,
    ask,  # noqa: F811
    draft,  # noqa: F811
    city_hospital,
    consortium,
    dr_bose,
    until,
    now,
):
    """M-4, M-7: nothing was written but the member's own entry."""
    assert ask(draft) is Reason.Permitted
    members.suspendUntil(city_hospital, until, {"from": consortium})
    assert ask(draft, grant=False) is Reason.RecipientInactive
    with reverts_with("RecordAuthorNotActive", city_hospital):
        records.anchor(ROOT, ROOT, 1, {"from": city_hospital})
    enrolment = (Person.named("nurse").address, text32("nurse"), text32("ward 7"), now + HOUR)
    for write, arguments in (
        ("enrol", enrolment),
        ("dismiss", (dr_bose.address,)),
        ("addDirectoryKey", (ROOT,)),
        ("rotateKey", (dr_bose.address,)),
    ):
        with reverts_with("MemberNotActive", city_hospital):
            getattr(members, write)(*arguments, {"from": city_hospital})
    pass_until(until)
    records.anchor(ROOT, ROOT, 1, {"from": city_hospital})
    assert ask(draft, grant=False) is Reason.Permitted
