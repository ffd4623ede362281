"""The rule (C-8 … C-10, C-12). One test or row per leaf of permits.tree."""

from dataclasses import replace

import brownie
import pytest

from tests.contracts.calls import view
from tests.contracts.consent.reasons import Reason
from tests.contracts.consents import MERCY, Person, asked, asker, facts, text32

DAY = 86400
ZERO_ADDRESS = "0x" + "00" * 20


def test_permits_when_everything_holds(ask, draft):
    """C-9"""
    assert ask(draft) is Reason.Permitted


def test_permits_is_unknown_when_not_granted_or_terms_differ(
    consents, ask, draft, granted, dr_bose, mercy_hospital
):
    """C-9"""
    other = replace(draft, terms=draft.terms | {"maxUses": 7})
    assert ask(other, grant=False) is Reason.ConsentUnknown
    for dishonest in (draft.grant(consents), other.grant(consents)):
        shown = asked(dishonest, other.terms, asker(dr_bose))
        assert Reason(view(consents, "permits", shown, facts(mercy_hospital))) is Reason.ConsentUnknown


@pytest.mark.parametrize("field", [2, 3, 4])
def test_permits_is_unknown_when_a_time_has_no_text(consents, draft, dr_bose, mercy_hospital, field):
    """C-8"""
    values = list(draft.grant(consents))
    values[field] = 2**64 - 1
    shown = asked(tuple(values), draft.terms, asker(dr_bose))
    assert Reason(view(consents, "permits", shown, facts(mercy_hospital))) is Reason.ConsentUnknown


def test_permits_is_revoked_when_revoked(consents, ask, granted, alice):
    """C-9"""
    consents.revoke(granted.patient, granted.consent_id(consents), {"from": alice.account})
    assert ask(granted, grant=False) is Reason.ConsentRevoked


def test_permits_follows_the_window_when_time_passes(ask, draft, now):
    """C-9"""
    later = replace(draft, valid_from=now + DAY, valid_until=now + 2 * DAY)
    assert ask(later) is Reason.ConsentNotYetValid
    assert ask(later, grant=False, askedAt=now + DAY) is Reason.Permitted
    assert ask(later, grant=False, askedAt=now + 2 * DAY - 1) is Reason.Permitted
    assert ask(later, grant=False, askedAt=now + 2 * DAY) is Reason.ConsentExpired
    assert ask(later, grant=False, askedAt=2**64 - 1) is Reason.ConsentExpired
    brownie.chain.sleep(2 * DAY)
    brownie.chain.mine()
    assert ask(later, grant=False, askedAt=now + DAY) is Reason.ConsentExpired


@pytest.mark.parametrize(("status", "reason"), [(2, Reason.Permitted), (3, Reason.RegistryDistrusted)])
def test_permits_follows_the_registry_when_status_changes(
    consents, ask, granted, authority, consortium, status, reason
):
    """C-9"""
    authority.setRegistry(consents, text32("ConsentRegistry"), status, {"from": consortium})
    assert ask(granted, grant=False) is reason


@pytest.mark.parametrize(
    "changes", [{"recipientName": MERCY}, {"recipientName": "City Hospital"}, {"recipientName": ""}]
)
def test_permits_refuses_when_recipient_name_is_wrong(ask, draft, changes):
    """C-9"""
    assert ask(replace(draft, terms=draft.terms | changes)) is Reason.RecipientNameWrong


def test_permits_refuses_when_recipient_is_zero_or_inactive(ask, draft, members, consortium, city_hospital):
    """C-9, M-4"""
    nobody = replace(draft, terms=draft.terms | {"recipient": ZERO_ADDRESS, "recipientName": ""})
    assert ask(nobody) is Reason.RecipientNameWrong
    members.suspend(city_hospital, {"from": consortium})
    assert ask(draft) is Reason.RecipientInactive
    members.reinstate(city_hospital, {"from": consortium})
    assert ask(draft, grant=False) is Reason.Permitted


def test_permits_follows_the_actors_standing_when_it_changes(
    ask, granted, members, city_hospital, mercy_hospital, mallory, dr_bose, now
):
    """C-9, M-3"""
    attending, cardiology = text32("attending"), text32("cardiology")
    assert ask(granted, grant=False, who=asker(mallory)) is Reason.ActorNotEnrolled
    members.enrol(dr_bose.address, attending, cardiology, now + DAY, {"from": city_hospital})
    assert ask(granted, grant=False, askedAt=now + DAY) is Reason.ActorLicenceEnded
    members.enrol(mallory.address, attending, cardiology, now + DAY, {"from": mercy_hospital})
    assert ask(granted, grant=False, who=asker(mallory)) is Reason.ActorOfAnotherMember
    members.dismiss(dr_bose.address, {"from": city_hospital})
    assert ask(granted, grant=False) is Reason.ActorNotEnrolled


def test_permits_follows_the_signer_when_another_signs(
    ask, granted, members, citys_system, city_hospital, mercy_hospital, mallory, dr_bose, now
):
    """C-9"""
    assert ask(granted, grant=False, signer=citys_system.address) is Reason.Permitted
    assert ask(granted, grant=False, signer=mallory.address) is Reason.SignerNotEnrolled
    intern = Person.named("intern").address
    members.enrol(intern, text32("intern"), text32("cardiology"), now + DAY, {"from": city_hospital})
    # an enrolled person does not lend itself the standing of a colleague
    assert ask(granted, grant=False, signer=intern) is Reason.SignerNotEnrolled
    foreign = Person.named("mercy's system").address
    members.enrol(foreign, text32("system"), text32("x"), now + DAY, {"from": mercy_hospital})
    assert ask(granted, grant=False, signer=foreign) is Reason.SignerNotEnrolled
    members.enrol(citys_system.address, text32("system"), text32("x"), now + DAY, {"from": city_hospital})
    assert (
        ask(granted, grant=False, signer=citys_system.address, askedAt=now + DAY) is Reason.SignerNotEnrolled
    )


@pytest.mark.parametrize(
    ("roles", "reason"),
    [
        (["any"], Reason.Permitted),
        (["nurse", "attending"], Reason.Permitted),
        (["nurse"], Reason.RoleNotCovered),
        ([], Reason.RoleNotCovered),
        (["any", "attending"], Reason.RoleNotCovered),
        (["attending", "any"], Reason.RoleNotCovered),
        (["attending\0"], Reason.RoleNotCovered),
        (["Attending"], Reason.RoleNotCovered),
    ],
)
def test_permits_follows_the_roles_when_terms_name_them(ask, draft, roles, reason):
    """C-9, C-10"""
    assert ask(replace(draft, terms=draft.terms | {"roles": roles})) is reason


@pytest.mark.parametrize(
    ("roles", "reason"),
    [
        (["any"], Reason.RoleNotCovered),
        (["attending"], Reason.RoleNotCovered),
        (["any", "system"], Reason.RoleNotCovered),
        (["system"], Reason.Permitted),
        (["attending", "system"], Reason.Permitted),
    ],
)
def test_permits_follows_the_terms_when_a_system_account_is_the_actor(
    ask, draft, members, citys_system, city_hospital, now, roles, reason
):
    """C-9, C-10: nobody is named then, so that "anyone" does not cover it."""
    named = replace(draft, terms=draft.terms | {"roles": roles})
    assert ask(named, who=asker(citys_system)) is reason
    other = Person.named("city's second system").address
    members.enrol(other, text32("system"), text32("x"), now + DAY, {"from": city_hospital})
    assert ask(named, grant=False, who=asker(citys_system, signer=other)) is reason
