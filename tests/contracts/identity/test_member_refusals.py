"""Accounts that will not be a member's staff (M-9). One test per leaf of staff.tree."""

import pytest

from tests.contracts.consents import Person, text32
from tests.contracts.reverts import reverts_with

UNKNOWN = 0
NURSE, WARD = text32("nurse"), text32("ward 7")
ZERO_ADDRESS = "0x" + "00" * 20


@pytest.fixture
def end(now):
    return now + 10**6


@pytest.fixture
def nurse():
    return Person.named("nurse")


def test_refuse_enrolment_keeps_a_member_from_enrolling(members, mercy_hospital, city_hospital, nurse, end):
    """M-9: the member it works for enrols it all the same."""
    tx = members.refuseEnrolment(mercy_hospital, {"from": nurse.account})
    assert dict(tx.events["EnrolmentRefused"]) == {"account": nurse.address, "member": mercy_hospital}
    assert members.refusesEnrolment(nurse.address, mercy_hospital)
    with reverts_with("StaffRefused", nurse, mercy_hospital):
        members.enrol(nurse.address, NURSE, WARD, end, {"from": mercy_hospital})
    members.enrol(nurse.address, NURSE, WARD, end, {"from": city_hospital})
    assert members.staffOf(nurse.address)[0] == city_hospital


def test_refuse_enrolment_ends_the_one_at_this_member(members, city_hospital, mercy_hospital, dr_bose, end):
    """M-9: and leaves one at another."""
    members.refuseEnrolment(mercy_hospital, {"from": dr_bose.account})
    assert members.staffOf(dr_bose.address)[0] == city_hospital
    tx = members.refuseEnrolment(city_hospital, {"from": dr_bose.account})
    assert dict(tx.events["StaffDismissed"]) == {"member": city_hospital, "account": dr_bose.address}
    assert members.staffOf(dr_bose.address)[0] == ZERO_ADDRESS
    with reverts_with("StaffRefused", dr_bose, city_hospital):
        members.enrol(dr_bose.address, NURSE, WARD, end, {"from": city_hospital})


@pytest.mark.parametrize("step", ["suspend", "expel"])
def test_refuse_enrolment_works_whatever_the_members_status(
    members, consortium, city_hospital, dr_bose, step
):
    """M-9"""
    getattr(members, step)(city_hospital, {"from": consortium})
    members.refuseEnrolment(city_hospital, {"from": dr_bose.account})
    assert members.staffOf(dr_bose.address)[0] == ZERO_ADDRESS


def test_allow_enrolment_takes_the_refusal_back(members, mercy_hospital, nurse, end):
    """M-9"""
    members.refuseEnrolment(mercy_hospital, {"from": nurse.account})
    tx = members.allowEnrolment(mercy_hospital, {"from": nurse.account})
    assert dict(tx.events["EnrolmentAllowed"]) == {"account": nurse.address, "member": mercy_hospital}
    assert not members.refusesEnrolment(nurse.address, mercy_hospital)
    members.enrol(nurse.address, NURSE, WARD, end, {"from": mercy_hospital})
    assert members.staffOf(nurse.address)[0] == mercy_hospital


def test_refuse_and_allow_revert_when_nothing_would_change(members, mercy_hospital, nurse):
    """M-9"""
    with reverts_with("EnrolmentUnchanged", nurse, mercy_hospital):
        members.allowEnrolment(mercy_hospital, {"from": nurse.account})
    members.refuseEnrolment(mercy_hospital, {"from": nurse.account})
    with reverts_with("EnrolmentUnchanged", nurse, mercy_hospital):
        members.refuseEnrolment(mercy_hospital, {"from": nurse.account})


def test_refuse_enrolment_reverts_when_there_is_no_such_member(members, nurse, mallory):
    """M-9"""
    for nobody in (ZERO_ADDRESS, mallory.address):
        with reverts_with("MemberStatusWrong", nobody, UNKNOWN):
            members.refuseEnrolment(nobody, {"from": nurse.account})


def test_refuse_enrolment_counts_the_member_and_not_its_key(members, city_hospital, nurse, end):
    """M-8, M-9"""
    key = Person.named("city's new key").account
    members.refuseEnrolment(city_hospital, {"from": nurse.account})
    members.rotateKey(key, {"from": city_hospital})
    with reverts_with("StaffRefused", nurse, city_hospital):
        members.enrol(nurse.address, NURSE, WARD, end, {"from": key})
