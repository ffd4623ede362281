"""Openings as values, and that wallets sign what the contract hashes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from eth_account.messages import encode_typed_data

from consentry.domain import canonical, eip712, fields
from consentry.domain.openings import (
    Finding,
    Opening,
    Subject,
    closing_data,
    opening_id,
    review_data,
    typed_data,
)
from consentry.errors import LayoutInvalid
from tests.vectors.samples import ALICE, CHAIN_ID, CITY, DR_BOSE, MERCY, NOW, account, filler

CONTRACT = account("EmergencyAccess")
NURSE = account("nurse")
GONE = object()
OPENING = Opening(
    Subject(ALICE, filler("subject")), "City Clinic 市立诊所", DR_BOSE, NURSE, NOW + 3600, NOW + 600
)


def wallet_digest(data: dict[str, Any]) -> bytes:
    """The digest by eth-account, as an ordinary wallet computes it."""
    message = encode_typed_data(full_message=data)
    return canonical.keccak(b"\x19", message.version, message.header, message.body)


def test_typed_data_has_the_types_of_the_contract() -> None:
    """E-1."""
    data = typed_data(OPENING, CHAIN_ID, CONTRACT)
    assert eip712.encode_type("Opening", data["types"]) == (
        "Opening(Subject subject,string statement,string member,address first,address second,string openUntil,"
        "string relayBefore)Subject(address patient,bytes32 salt)"
    )
    assert data["message"]["statement"].startswith("This is an emergency.")
    assert data["message"]["openUntil"] == "2026-03-01T10:30:00Z"


@pytest.mark.parametrize(
    "data",
    [
        typed_data(OPENING, CHAIN_ID, CONTRACT),
        closing_data(filler("id"), DR_BOSE, CHAIN_ID, CONTRACT),
        *(review_data(filler("id"), finding, MERCY, CHAIN_ID, CONTRACT) for finding in Finding),
    ],
    ids=["opening", "closing", "justified", "unjustified"],
)
def test_digest_is_what_a_wallet_signs(data: dict[str, Any]) -> None:
    """E-1, E-7, E-8: ours is eth-account's."""
    assert eip712.digest(data) == wallet_digest(data)
    names = [member["name"] for member in data["types"][data["primaryType"]]]
    assert list(data["message"]) == names


def test_opening_id_binds_every_part() -> None:
    """E-1."""
    changed = [
        replace(OPENING, subject=replace(OPENING.subject, patient=CITY)),
        replace(OPENING, subject=replace(OPENING.subject, salt=filler("other"))),
        replace(OPENING, member="City Clinic"),
        replace(OPENING, first=NURSE, second=DR_BOSE),
        replace(OPENING, second=CITY),
        replace(OPENING, open_until=NOW + 3601),
        replace(OPENING, relay_before=NOW + 601),
    ]
    ids = {opening_id(one, CHAIN_ID, CONTRACT) for one in (OPENING, *changed)}
    ids |= {opening_id(OPENING, 1, CONTRACT), opening_id(OPENING, CHAIN_ID, CITY)}
    assert len(ids) == len(changed) + 3


def test_declaration_holds_no_patient_and_no_salt() -> None:
    """E-2: and two openings of one patient have different hashes."""
    declaration = OPENING.declaration()
    shown = repr(declaration.arguments).encode() + declaration.subject_hash
    for secret in (ALICE.encode(), bytes.fromhex(ALICE[2:]), OPENING.subject.salt):
        assert secret not in shown
    again = replace(OPENING, subject=replace(OPENING.subject, salt=filler("other")))
    assert again.declaration().subject_hash != declaration.subject_hash


def test_opening_is_read_back() -> None:
    """E-1."""
    assert Opening.from_json(OPENING.to_json()) == OPENING


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("subject", None),
        ("subject", {"patient": ALICE}),
        ("subject", {"patient": "alice", "salt": fields.to_hex(filler("subject"))}),
        ("subject", {"patient": ALICE, "salt": "0x" + "00" * 32}),
        ("subject", {"patient": ALICE, "salt": "0x11"}),
        ("member", "any"),
        ("member", ""),
        ("first", "0x" + "00" * 20),
        ("first", ALICE.upper()),
        ("second", DR_BOSE),
        ("openUntil", NOW),
        ("openUntil", "2026-02-30T00:00:00Z"),
        ("relayBefore", "1960-01-01T00:00:00Z"),
        ("relayBefore", GONE),
        ("more", "than that"),
    ],
)
def test_from_json_refuses_what_nobody_may_sign(field: str, value: Any) -> None:
    """E-1: before anyone is asked to sign, naming the field and not its value."""
    obj = OPENING.to_json() | {field: value}
    obj = {name: one for name, one in obj.items() if one is not GONE}
    with pytest.raises(LayoutInvalid) as refused:
        Opening.from_json(obj)
    assert ALICE not in refused.value.diagnostics


@pytest.mark.parametrize("obj", [None, [], "opening", {}, 5])
def test_from_json_refuses_other_shapes(obj: Any) -> None:
    """E-1."""
    with pytest.raises(LayoutInvalid):
        Opening.from_json(obj)


@pytest.mark.parametrize("short", [b"", bytes(31), bytes(33)])
def test_ids_have_32_bytes(short: bytes) -> None:
    """E-7, E-8."""
    with pytest.raises(LayoutInvalid):
        closing_data(short, DR_BOSE, CHAIN_ID, CONTRACT)
    with pytest.raises(LayoutInvalid):
        review_data(short, Finding.Justified, DR_BOSE, CHAIN_ID, CONTRACT)
