"""Provisions field by field, and authors (C-8 … C-10). Leaves AuthorUnknown and ProvisionMissing of permits.tree."""

from dataclasses import replace

import pytest

from tests.contracts.calls import view
from tests.contracts.consent.reasons import Reason
from tests.contracts.consents import CITY, MERCY, RECORD, asked, asker, facts, provision


def with_provision(draft, **changes):
    return replace(draft, terms=draft.terms | {"provisions": [provision(**changes)]})


def test_permits_refuses_when_an_author_is_not_registered(ask, draft, mallory):
    """C-9"""
    assert ask(draft, record=facts(mallory.address)) is Reason.AuthorUnknown
    unregistered = with_provision(draft, authors=[MERCY, "Mercy Hospita1"])
    assert ask(unregistered) is Reason.AuthorUnknown


def test_permits_asks_one_provision_when_two_cover_half_each(ask, draft):
    """C-9"""
    halves = [provision(purposes=["HRESCH"]), provision(categories=["imaging"])]
    assert ask(replace(draft, terms=draft.terms | {"provisions": halves})) is Reason.ProvisionMissing
    whole = [*halves, provision()]
    assert ask(replace(draft, terms=draft.terms | {"provisions": whole})) is Reason.Permitted
    assert ask(replace(draft, terms=draft.terms | {"provisions": []})) is Reason.ProvisionMissing


@pytest.mark.parametrize(
    ("changes", "covered"),
    [
        ({"purposes": ["any"]}, True),
        ({"purposes": ["HRESCH", "TREAT"]}, True),
        ({"purposes": ["HRESCH"]}, False),
        ({"purposes": []}, False),
        ({"purposes": ["TREAT", "any"]}, False),
        ({"categories": ["any"]}, True),
        ({"categories": ["imaging"]}, False),
        ({"categories": ["Laboratory"]}, False),
        ({"confidentiality": "R"}, True),
        ({"confidentiality": "any"}, True),
        ({"confidentiality": "n"}, False),
        ({"confidentiality": ""}, False),
        ({"dataFrom": "any", "dataUntil": "any"}, True),
        ({"dataFrom": "2025-03-04T05:06:07Z"}, True),
        ({"dataFrom": "2025-03-04T05:06:08Z"}, False),
        ({"dataUntil": "2025-03-04T05:06:08Z"}, True),
        ({"dataUntil": "2025-03-04T05:06:07Z"}, False),
        ({"dataFrom": "2024-01-01"}, False),
        ({"dataFrom": "2024-02-30T00:00:00Z"}, False),
        ({"dataUntil": "9999-99-99T99:99:99Z"}, False),
        ({"authors": [MERCY]}, True),
        ({"authors": [CITY]}, False),
        ({"authors": [CITY, MERCY]}, True),
        ({"authors": []}, False),
        ({"records": [RECORD]}, True),
        ({"records": [RECORD.upper().replace("X", "x")]}, False),
        ({"records": [RECORD[2:]]}, False),
        ({"records": ["0x" + "00" * 32]}, False),
    ],
)
def test_permits_follows_each_field_when_one_changes(ask, draft, changes, covered):
    """C-9, C-10"""
    assert ask(with_provision(draft, **changes)) is (Reason.Permitted if covered else Reason.ProvisionMissing)


@pytest.mark.parametrize("date", ["", "any", "2025", "2025-02-29T00:00:00Z", "2025-03-04T05:06:07+00:00"])
def test_permits_refuses_when_record_has_no_time(ask, draft, mercy_hospital, date):
    """C-8"""
    wide = with_provision(draft, dataFrom="any", dataUntil="any")
    assert ask(wide, record=facts(mercy_hospital, date=date)) is Reason.ProvisionMissing


@pytest.mark.parametrize("word", ["", "any"])
def test_permits_refuses_when_request_asks_for_anything(ask, consents, draft, mercy_hospital, dr_bose, word):
    """C-10"""
    wide = with_provision(draft, purposes=["any"], categories=["any"])
    assert ask(wide, purpose=word) is Reason.ProvisionMissing
    assert ask(wide, grant=False, record=facts(mercy_hospital, category=word)) is Reason.ProvisionMissing
    shown = asked(wide.grant(consents), wide.terms, asker(dr_bose))
    assert Reason(view(consents, "permitsDirectory", shown, word)) is Reason.ProvisionMissing
