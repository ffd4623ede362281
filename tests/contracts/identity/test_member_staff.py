"""Staff of members (M-3, M-4)."""

import pytest

from tests.contracts.consents import Person, text32
from tests.contracts.reverts import reverts_with

NURSE, WARD = text32("nurse"), text32("ward 7")
KEY = "0x" + "3d" * 32
ZERO_ADDRESS = "0x" + "00" * 20
ZERO = "0x" + "00" * 32


@pytest.fixture
def end(now):
    return now + 10**6


def test_enrol_changes_role_when_repeated_by_the_same_member(members, mercy_hospital, end):
    """M-3"""
    nurse = Person.named("nurse").address
    tx = members.enrol(nurse, NURSE, WARD, end, {"from": mercy_hospital})
    assert [event.name for event in tx.events] == ["StaffEnrolled"]
    tx = members.enrol(nurse, text32("resident"), WARD, end + 1, {"from": mercy_hospital})
    member, role, department, licence = members.staffOf(nurse)
    assert (member, str(role), str(department), licence) == (
        mercy_hospital,
        text32("resident"),
        WARD,
        end + 1,
    )
    assert [event.name for event in tx.events] == ["StaffEnrolled"]
    assert tx.events["StaffEnrolled"]["licenceEndAt"] == end + 1


def test_enrol_and_dismiss_revert_when_staff_is_anothers(
    members, mercy_hospital, city_hospital, dr_bose, end
):
    """M-3"""
    with reverts_with("StaffOfAnotherMember", dr_bose, city_hospital):
        members.enrol(dr_bose.address, NURSE, WARD, end, {"from": mercy_hospital})
    with reverts_with("StaffOfAnotherMember", dr_bose, city_hospital):
        members.dismiss(dr_bose.address, {"from": mercy_hospital})
    for nobody in (Person.named("nurse").address, ZERO_ADDRESS):
        with reverts_with("StaffOfAnotherMember", nobody, ZERO_ADDRESS):
            members.dismiss(nobody, {"from": mercy_hospital})


@pytest.mark.parametrize("step", ["suspend", "expel"])
def test_enrol_takes_over_when_former_member_is_not_active(
    members, mercy_hospital, city_hospital, consortium, dr_bose, end, step
):
    """M-3"""
    getattr(members, step)(city_hospital, {"from": consortium})
    tx = members.enrol(dr_bose.address, NURSE, WARD, end, {"from": mercy_hospital})
    assert members.staffOf(dr_bose.address)[0] == mercy_hospital
    assert dict(tx.events["StaffDismissed"]) == {"member": city_hospital, "account": dr_bose.address}


def test_reinstated_member_has_lost_those_whom_another_enrolled(
    members, mercy_hospital, city_hospital, consortium, dr_bose, citys_system, end
):
    """M-3, M-4"""
    members.suspend(city_hospital, {"from": consortium})
    members.enrol(dr_bose.address, NURSE, WARD, end, {"from": mercy_hospital})
    members.reinstate(city_hospital, {"from": consortium})
    assert members.staffOf(dr_bose.address)[0] == mercy_hospital
    assert members.staffOf(citys_system.address)[0] == city_hospital
    with reverts_with("StaffOfAnotherMember", dr_bose, mercy_hospital):
        members.enrol(dr_bose.address, NURSE, WARD, end, {"from": city_hospital})
    with reverts_with("StaffOfAnotherMember", dr_bose, mercy_hospital):
        members.dismiss(dr_bose.address, {"from": city_hospital})


@pytest.mark.parametrize("step", [None, "suspend", "expel"])
def test_resign_frees_the_account_whatever_the_members_status(
    members, regulator, city_hospital, consortium, end, step
):
    """M-3: who was enrolled unasked leaves, and finds work elsewhere."""
    nurse = Person.named("nurse")
    members.enrol(nurse.address, NURSE, WARD, end, {"from": regulator})
    if step:
        getattr(members, step)(regulator, {"from": consortium})
    tx = members.resign({"from": nurse.account})
    assert dict(tx.events["StaffDismissed"]) == {"member": regulator, "account": nurse.address}
    assert tuple(members.staffOf(nurse.address)) == (ZERO_ADDRESS, ZERO, ZERO, 0)
    members.enrol(nurse.address, NURSE, WARD, end, {"from": city_hospital})
    assert members.staffOf(nurse.address)[0] == city_hospital


def test_resign_reverts_when_nobodys_staff(members, mallory, city_hospital):
    """M-3"""
    for nobody in (mallory.account, city_hospital):
        with reverts_with("StaffOfAnotherMember", nobody, ZERO_ADDRESS):
            members.resign({"from": nobody})


def test_enrol_reverts_when_incomplete_or_licence_ended(members, mercy_hospital, end):
    """M-3"""
    nurse = Person.named("nurse").address
    for account, role in ((ZERO_ADDRESS, NURSE), (nurse, ZERO)):
        with reverts_with("StaffIncomplete", account, role):
            members.enrol(account, role, WARD, end, {"from": mercy_hospital})
    for licence in (0, 1):
        with reverts_with("StaffLicenceEnded", nurse, licence):
            members.enrol(nurse, NURSE, WARD, licence, {"from": mercy_hospital})
    members.enrol(nurse, NURSE, ZERO, 2**64 - 1, {"from": mercy_hospital})
    assert members.staffOf(nurse)[3] == 2**64 - 1


def test_dismiss_frees_the_account_when_own_staff(members, mercy_hospital, city_hospital, dr_bose, end):
    """M-3"""
    tx = members.dismiss(dr_bose.address, {"from": city_hospital})
    assert members.staffOf(dr_bose.address)[0] == ZERO_ADDRESS
    assert dict(tx.events["StaffDismissed"]) == {"member": city_hospital, "account": dr_bose.address}
    members.enrol(dr_bose.address, NURSE, WARD, end, {"from": mercy_hospital})
    assert members.staffOf(dr_bose.address)[0] == mercy_hospital


def test_members_own_writes_revert_when_suspended(members, city_hospital, consortium, dr_bose, end):
    """M-3, M-4"""
    members.suspend(city_hospital, {"from": consortium})
    for write, arguments in (
        ("enrol", (dr_bose.address, NURSE, WARD, end)),
        ("dismiss", (dr_bose.address,)),
        ("addDirectoryKey", (KEY,)),
    ):
        with reverts_with("MemberNotActive", city_hospital):
            getattr(members, write)(*arguments, {"from": city_hospital})
