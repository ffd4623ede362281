"""Category seeds (C-12)."""

from dataclasses import replace

import pytest

from tests.contracts.calls import view
from tests.contracts.consent.reasons import Reason
from tests.contracts.consents import asked, asker, provision, text32

ZERO = "0x" + "00" * 32


@pytest.fixture
def ask(consents, alice, dr_bose):
    def ask(draft, category="laboratory", who=dr_bose, **changes):
        if not consents.consentOf(draft.patient, draft.consent_id(consents))[0]:
            consents.grant(draft.grant(consents), {"from": alice.account})
        shown = asked(draft.grant(consents), draft.terms, asker(who, **changes))
        return Reason(view(consents, "permitsDirectory", shown, category))

    return ask


@pytest.mark.parametrize(
    ("changes", "category", "reason"),
    [
        ({}, "laboratory", Reason.Permitted),
        ({}, "problems", Reason.Permitted),
        ({}, "imaging", Reason.ProvisionMissing),
        ({"categories": ["any"]}, "imaging", Reason.Permitted),
        ({"purposes": ["HRESCH"]}, "laboratory", Reason.ProvisionMissing),
        # a consent for one author, record or year still shows its reader the headers of the category
        (
            {"records": ["0x" + "00" * 32], "dataUntil": "2020-01-01T00:00:00Z"},
            "laboratory",
            Reason.Permitted,
        ),
        ({"authors": ["Nowhere"]}, "laboratory", Reason.AuthorUnknown),
    ],
)
def test_permits_directory_follows_category_and_purpose_when_terms_name_them(
    ask, draft, changes, category, reason
):
    """C-12"""
    assert ask(replace(draft, terms=draft.terms | {"provisions": [provision(**changes)]}), category) is reason


def test_permits_directory_asks_one_provision_when_two_cover_half_each(ask, draft):
    """C-12"""
    halves = [provision(purposes=["HRESCH"]), provision(categories=["imaging"])]
    assert ask(replace(draft, terms=draft.terms | {"provisions": halves})) is Reason.ProvisionMissing


def test_permits_directory_checks_the_basis_when_asked(ask, consents, granted, alice, mallory):
    """C-12, C-9"""
    assert ask(granted, who=mallory) is Reason.ActorNotEnrolled
    assert ask(granted, askedAt=granted.valid_until) is Reason.ConsentExpired
    consents.revoke(granted.patient, granted.consent_id(consents), {"from": alice.account})
    assert ask(granted) is Reason.ConsentRevoked


@pytest.mark.parametrize(
    ("roles", "reason"), [(["any"], Reason.RoleNotCovered), (["system"], Reason.Permitted)]
)
def test_permits_directory_follows_the_terms_when_a_system_account_is_the_actor(
    ask, draft, citys_system, roles, reason
):
    """C-10, C-12"""
    assert ask(replace(draft, terms=draft.terms | {"roles": roles}), who=citys_system) is reason


def test_permits_directory_refuses_when_role_may_see_nothing(
    ask, draft, members, city_hospital, dr_bose, now
):
    """C-12"""
    members.enrol(dr_bose.address, text32("janitor"), ZERO, now + 1000, {"from": city_hospital})
    anyone = replace(draft, terms=draft.terms | {"roles": ["any"]})
    assert ask(anyone) is Reason.CeilingExceeded
