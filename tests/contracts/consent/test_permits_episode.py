"""Roles that read a current episode only (C-23)."""

from dataclasses import replace

import pytest

from tests.contracts.calls import view
from tests.contracts.consent.reasons import Reason
from tests.contracts.consents import Person, asked, asker, facts, provision, text32

DAY = 86400
CARDIOLOGY = text32("cardiology")
NOWHERE = "0x" + "00" * 32


@pytest.fixture
def resident(members, city_hospital, consortium, now):
    """Residents read restricted records of the own department's current episode; this one is in cardiology."""
    members.setCeiling(text32("resident"), (2, True, True), {"from": consortium})
    person = Person.named("resident")
    end = now + 300 * DAY
    members.enrol(person.address, text32("resident"), CARDIOLOGY, end, {"from": city_hospital})
    return person


@pytest.fixture
def judge(consents, draft, alice, mercy_hospital, resident):
    """What record and category get, asked with this episode by the resident."""
    wide = replace(
        draft, terms=draft.terms | {"roles": ["any"], "provisions": [provision(confidentiality="any")]}
    )
    consents.grant(wide.grant(consents), {"from": alice.account})

    def judge(actor=resident, record=None, **episode):
        shown = asked(wide.grant(consents), wide.terms, asker(actor, **episode))
        of_record = Reason(view(consents, "permits", shown, facts(mercy_hospital, **(record or {}))))
        return of_record, Reason(view(consents, "permitsDirectory", shown, "laboratory"))

    return judge


def test_permits_when_the_recipients_system_asserts_the_episode(judge, citys_system):
    """C-23, C-12"""
    both = judge(episodeBy=citys_system.address, episodeDepartment="cardiology")
    assert both == (Reason.Permitted, Reason.Permitted)


def test_permits_refuses_when_nobody_asserts_the_episode(judge, resident, members, city_hospital, now):
    """C-23: neither nobody, nor the asker, nor a colleague who is no system account."""
    colleague = Person.named("colleague").address
    members.enrol(colleague, text32("attending"), CARDIOLOGY, now + DAY, {"from": city_hospital})
    missing = (Reason.EpisodeMissing, Reason.EpisodeMissing)
    assert judge() == missing
    for who in (resident.address, colleague, Person.named("stranger").address):
        assert judge(episodeBy=who, episodeDepartment="cardiology") == missing


def test_permits_refuses_when_the_asserting_system_has_no_standing(
    judge, members, city_hospital, mercy_hospital, citys_system, now
):
    """C-23"""
    missing = (Reason.EpisodeMissing, Reason.EpisodeMissing)
    mercys = Person.named("mercy's system").address
    members.enrol(mercys, text32("system"), NOWHERE, now + DAY, {"from": mercy_hospital})
    assert judge(episodeBy=mercys, episodeDepartment="cardiology") == missing
    members.enrol(citys_system.address, text32("system"), NOWHERE, now + DAY, {"from": city_hospital})
    episode = {"episodeBy": citys_system.address, "episodeDepartment": "cardiology"}
    assert judge(**episode, askedAt=now + DAY - 1) == (Reason.Permitted, Reason.Permitted)
    assert judge(**episode, askedAt=now + DAY) == missing
    members.dismiss(citys_system.address, {"from": city_hospital})
    assert judge(**episode) == missing


@pytest.mark.parametrize("department", ["", "surgery", "Cardiology", "cardiology\0", "cardiology " * 9])
def test_permits_refuses_when_the_episode_is_another_departments(judge, citys_system, department):
    """C-8, C-23"""
    both = judge(episodeBy=citys_system.address, episodeDepartment=department)
    assert both == (Reason.EpisodeMissing, Reason.EpisodeMissing)


def test_permits_refuses_when_the_actor_has_no_department(
    judge, members, resident, citys_system, city_hospital, consortium, now
):
    """C-23: an empty department is nobody's own."""
    members.setCeiling(text32("resident"), (2, False, True), {"from": consortium})
    members.enrol(resident.address, text32("resident"), NOWHERE, now + DAY, {"from": city_hospital})
    both = judge(episodeBy=citys_system.address, episodeDepartment="")
    assert both == (Reason.EpisodeMissing, Reason.EpisodeMissing)


def test_permits_names_the_first_obstacle_when_there_are_several(judge, mercy_hospital):
    """C-9, C-23"""
    assert judge(record={"confidentiality": "V"})[0] is Reason.CeilingExceeded
    assert judge(record={"department": "surgery"})[0] is Reason.DepartmentNotOwn
    assert judge(record={"level": 4})[0] is Reason.EpisodeMissing


def test_permits_reads_no_episode_when_the_role_needs_none(judge, dr_bose):
    """C-23"""
    stranger = Person.named("stranger").address
    both = judge(actor=dr_bose, episodeBy=stranger, episodeDepartment="surgery")
    assert both == (Reason.Permitted, Reason.Permitted)
