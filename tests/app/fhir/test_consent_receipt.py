"""Receipts shaped after ISO/IEC TS 27560 (N-7). Shaped after, not conformant: no validator ran."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from consentry.domain import fields, times
from consentry.domain.terms import in_words
from consentry.fhir.consent_receipt import Issued, receipt
from consentry.fhir.consent_showing import State
from tests.vectors.samples import ALICE, CITY, NOW, consent, filler, provision, terms

ISSUED = Issued(
    filler("consent"), State.ACTIVE, NOW - 60, NOW, filler("transaction"), "City Clinic", NOW + 60
)
TABLE: dict[str, Any] = json.loads(Path(__file__).with_name("receipt_fields.json").read_text("utf-8"))


def test_receipt_has_the_fields_that_the_table_calls_mandatory() -> None:
    """N-7"""
    assert TABLE["source"] and TABLE["licence"]
    made = receipt(consent(), ISSUED)
    record = made["consent_record"]
    assert set(TABLE["header"]) <= {*made, *record}
    assert set(TABLE["processing"]) <= record["pii_processing"].keys()
    assert all(set(TABLE["party"]) <= one.keys() for one in record["party"])
    assert all(set(TABLE["event"]) <= one.keys() for one in record["event"])
    assert all(set(TABLE["pii"]) <= one.keys() for one in record["pii_processing"]["pii_information"])
    assert "conformant" not in json.dumps(made)


def test_receipt_says_what_the_wallet_showed() -> None:
    """N-7: the same words; the recipient by address and name; the window; each permission's data."""
    held = consent()
    record = receipt(held, ISSUED)["consent_record"]
    processing = record["pii_processing"]
    assert processing["privacy_notice"] == {language: in_words(held, language) for language in ("en", "zh")}
    assert record["record_id"] == fields.to_hex(ISSUED.consent_id)
    assert record["party"][0]["party_id"] == CITY
    assert record["event"][0]["validity_duration"] == {
        "from": times.iso(held.valid_from),
        "until": times.iso(held.valid_until),
    }
    first = held.terms.provisions[0]
    assert [one["purpose_type"] for one in processing["purposes"][0]] == list(first.purposes)
    assert processing["pii_information"][0]["pii_attribute_id"] == list(first.categories)


def test_receipt_does_not_name_the_person() -> None:
    """N-7: neither the address nor a digest of it alone, which could be tried out."""
    text = json.dumps(receipt(consent(), ISSUED))
    assert ALICE not in text and ALICE[2:] not in text
    other = receipt(consent(), replace(ISSUED, consent_id=filler("another")))
    assert (
        other["consent_record"]["pii_principal_id"]
        != receipt(consent(), ISSUED)["consent_record"]["pii_principal_id"]
    )


@pytest.mark.parametrize(
    ("state", "states"),
    [
        ("proposed", ["requested"]),
        ("active", ["requested", "given"]),
        ("inactive", ["requested", "terminated"]),
    ],
)
def test_receipt_lists_what_happened(state: str, states: list[str]) -> None:
    """N-7"""
    events = receipt(consent(), replace(ISSUED, state=State(state)))["consent_record"]["event"]
    assert [one["event_state"] for one in events] == states
    assert events[-1]["transaction"] == fields.to_hex(filler("transaction"))


def test_receipt_names_every_sensitive_kind_when_everything_is_permitted() -> None:
    """N-7"""
    held = consent(terms(provisions=(provision(categories=("any",), purposes=("any",)),)))
    processing = receipt(held, ISSUED)["consent_record"]["pii_processing"]
    assert len(processing["pii_information"][0]["sensitive_pii_category"]) == 6
    assert processing["purposes"] == [[{"purpose": "any purpose", "purpose_type": "any"}]]
