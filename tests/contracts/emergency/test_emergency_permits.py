"""What an opening permits (E-10, E-11). One test per leaf of emergency_permits.tree."""

from dataclasses import replace

import brownie
import pytest

from tests.contracts.calls import view
from tests.contracts.consent.reasons import Reason
from tests.contracts.consents import asker, text32
from tests.contracts.emergency.openings import summary
from tests.contracts.reverts import reverts_with

YEAR_10000 = 253402300800
BIG = 2**64 - 1


@pytest.fixture
def ask(emergencies, dr_bose, mercy_hospital):
    """Asks all three views, which agree on everything but the record. Returns the reason."""

    def ask(box, *, who=dr_bose, declaration=None, subject=None, record=None, **changes):
        asked = (
            subject or box.subject,
            declaration or box.declaration(emergencies),
            asker(who, **({"purpose": "ETREAT"} | changes)),
        )
        record = record or summary(mercy_hospital)
        reason = Reason(view(emergencies, "permits", asked, record))
        many = view(emergencies, "permitsMany", asked, [record, summary(mercy_hospital, level=2), record])
        directory = Reason(view(emergencies, "permitsDirectory", asked, record[2]))
        assert many[0] == many[2] == reason
        if reason is not Reason.LevelNotReleasable:
            assert directory is reason
        if reason is Reason.Permitted:
            assert many[1] == Reason.LevelNotReleasable
        return reason

    return ask


def test_permits_both_openers_when_open(ask, opened, dr_bose, nurse_li):
    """E-10"""
    assert ask(opened, who=dr_bose) is Reason.Permitted
    assert ask(opened, who=nurse_li) is Reason.Permitted


def test_permits_says_unknown_when_nobody_opened_this(ask, opened, box, emergencies, alice, mallory):
    """E-10: another patient, salt, person, time or name is another opening."""
    declaration = opened.declaration(emergencies)
    other_salt = (alice.address, "0x" + "66" * 32)
    assert ask(opened, subject=(mallory.address, opened.salt)) is Reason.OpeningUnknown
    assert ask(opened, subject=other_salt) is Reason.OpeningUnknown
    for changed in (
        {"salt": "0x" + "66" * 32},
        {"patient": mallory.address},
        {"member": ""},
        {"member": "City Hospital"},
        {"first": opened.second, "second": opened.first},
        {"second": mallory.address},
        {"open_until": opened.open_until + 1},
        {"relay_before": opened.relay_before + 1},
    ):
        assert ask(replace(opened, **changed)) is Reason.OpeningUnknown
    for place in (4, 5):
        for time in (YEAR_10000, BIG):
            unwritable = [*declaration[:place], time, *declaration[place + 1 :]]
            assert ask(opened, declaration=tuple(unwritable)) is Reason.OpeningUnknown


def test_permits_says_closed_when_closed(ask, closed, emergencies, dr_chen):
    """E-4, E-10: also after the review, until it would have ended."""
    assert ask(closed) is Reason.OpeningClosed
    emergencies.review(closed.opening_id(emergencies), 1, {"from": dr_chen.account})
    assert ask(closed) is Reason.OpeningClosed
    brownie.chain.sleep(3 * 3600)
    brownie.chain.mine()
    assert ask(closed) is Reason.OpeningClosed


def test_permits_says_ended_when_box_ran_out(ask, opened, emergencies, dr_chen):
    """E-4, E-10: at `openUntil` already."""
    brownie.chain.sleep(opened.open_until - brownie.chain[-1].timestamp)
    brownie.chain.mine()
    assert brownie.chain[-1].timestamp >= opened.open_until
    assert ask(opened) is Reason.OpeningEnded
    emergencies.review(opened.opening_id(emergencies), 1, {"from": dr_chen.account})
    assert ask(opened) is Reason.OpeningEnded


def test_permits_says_ended_when_the_askers_clock_is_later(ask, opened):
    """E-10"""
    assert ask(opened, askedAt=opened.open_until - 1) is Reason.Permitted
    assert ask(opened, askedAt=opened.open_until) is Reason.OpeningEnded
    assert ask(opened, askedAt=BIG) is Reason.OpeningEnded


@pytest.mark.parametrize(("status", "reason"), [(2, Reason.Permitted), (3, Reason.RegistryDistrusted)])
def test_permits_follows_the_registrys_status(
    ask, opened, emergencies, authority, consortium, status, reason
):
    """E-10"""
    authority.setRegistry(emergencies, text32("EmergencyAccess"), status, {"from": consortium})
    assert ask(opened) is reason


@pytest.mark.parametrize("change", ["suspend", "expel"])
def test_permits_stops_when_member_loses_standing(ask, opened, members, consortium, city_hospital, change):
    """E-11: in the same block."""
    tx = getattr(members, change)(city_hospital, {"from": consortium})
    assert brownie.web3.eth.block_number == tx.block_number
    assert ask(opened) is Reason.RecipientInactive
    if change == "suspend":
        members.reinstate(city_hospital, {"from": consortium})
        assert ask(opened) is Reason.Permitted


def test_permits_says_opener_other_when_a_third_person_asks(ask, opened, dr_chen, mallory, citys_system):
    """E-10"""
    for other in (dr_chen, mallory, citys_system):
        assert ask(opened, who=other) is Reason.OpenerOther


def test_permits_follows_the_openers_enrolment(
    ask, opened, members, enrol, dr_bose, nurse_li, city_hospital, mercy_hospital, now
):
    """E-10, E-11"""
    enrol(dr_bose.address, end=now + 1000)
    assert ask(opened, askedAt=now + 999) is Reason.Permitted
    assert ask(opened, askedAt=now + 1000) is Reason.ActorLicenceEnded
    enrol(dr_bose.address, "system")
    assert ask(opened) is Reason.RoleNotCovered
    members.dismiss(dr_bose.address, {"from": city_hospital})
    assert ask(opened) is Reason.ActorNotEnrolled
    enrol(dr_bose.address, by=mercy_hospital)
    assert ask(opened) is Reason.ActorOfAnotherMember
    assert ask(opened, who=nurse_li) is Reason.Permitted


def test_permits_says_signer_not_enrolled_when_another_signs(ask, opened, nurse_li, citys_system, mallory):
    """E-10: in an emergency nobody is asserted."""
    for signer in (nurse_li, citys_system, mallory):
        assert ask(opened, signer=signer.address) is Reason.SignerNotEnrolled


@pytest.mark.parametrize("purpose", ["", "TREAT", "any", "etreat", "ETREAT ", "ETREAT\0", "ETREA", "E" * 40])
def test_permits_says_purpose_not_emergency_when_it_is_another(ask, opened, purpose):
    """E-10: an opening serves the emergency that two people declared, and nothing else."""
    assert ask(opened, purpose=purpose) is Reason.PurposeNotEmergency


@pytest.mark.parametrize(
    "category", ["", "any", "allergy", "Emergency", "emergency ", "emergency\0", "emergenc", "e" * 40]
)
def test_permits_says_category_not_emergency_when_it_is_another(ask, opened, mercy_hospital, category):
    """E-10"""
    assert ask(opened, record=summary(mercy_hospital, category=category)) is Reason.CategoryNotEmergency


@pytest.mark.parametrize("level", [0, 1, 2, 4, 255])
def test_permits_says_level_not_releasable_when_it_is_not_three(ask, opened, mercy_hospital, level):
    """E-10"""
    assert ask(opened, record=summary(mercy_hospital, level=level)) is Reason.LevelNotReleasable


@pytest.mark.parametrize("confidentiality", ["N", "R", "V"])
def test_permits_has_no_ceiling_when_role_is_low(
    ask, opened, enrol, dr_bose, mercy_hospital, confidentiality
):
    """E-10: the summary is what an emergency is for."""
    enrol(dr_bose.address, "intern")
    record = summary(mercy_hospital, confidentiality=confidentiality, department="oncology")
    assert ask(opened, record=record) is Reason.Permitted


def test_permits_many_answers_nothing_when_asked_nothing(emergencies, opened, dr_bose):
    """E-10"""
    asked = (opened.subject, opened.declaration(emergencies), asker(dr_bose, purpose="ETREAT"))
    assert list(view(emergencies, "permitsMany", asked, [])) == []


def test_two_openings_stand_apart(ask, another, open_box, emergencies, dr_bose):
    """E-4"""
    one, two = another(), another()
    open_box(one)
    open_box(two)
    emergencies.close(one.opening_id(emergencies), {"from": dr_bose.account})
    assert (ask(one), ask(two)) == (Reason.OpeningClosed, Reason.Permitted)
    with reverts_with("OpeningAlreadyKnown", one.opening_id(emergencies)):
        open_box(one)


def test_domain_is_public_when_asked(emergencies):
    """E-1"""
    fields, name, version, _, contract, _, _ = emergencies.eip712Domain()
    assert (str(fields), name, version, contract) == ("0x0f", "Consentry Emergency", "1", emergencies.address)
