"""A wallet signs what its holder was shown, and nothing else."""

from __future__ import annotations

import secrets
from typing import Any

import pytest
from siwe import SiweMessage

from consentry.crypto.signatures import account_of, generate_account_key
from consentry.domain import fields, revocation, times
from consentry.domain.addresses import Address, checksum
from consentry.domain.terms import Consent, Provision, Terms, consent_id, typed_data
from consentry.wallets.checks import (
    Site,
    check_sign_in_text,
    checked_consent,
    grant_typed_data,
    revocation_typed_data,
)
from consentry.wallets.problems import SigningRefused

ALICE = account_of(generate_account_key())
MALLORY = account_of(generate_account_key())
CONTRACT = Address("0x" + "c1" * 20)
NOW = times.seconds("2026-11-20T10:00:00Z")
SITE = Site("mercy.example:8080", "http://mercy.example:8080", 1337)


def sign_in_text(**changes: Any) -> str:
    message = {
        "domain": SITE.authority,
        "address": checksum(ALICE),
        "statement": "Sign in to Consentry. Signing costs nothing and lets nobody read anything.",
        "uri": SITE.origin + "/",
        "version": "1",
        "chain_id": 1337,
        "nonce": secrets.token_hex(24),
        "issued_at": times.iso(NOW),
        "expiration_time": times.iso(NOW + 300),
    }
    return str(SiweMessage(**(message | changes)).prepare_message())


@pytest.mark.parametrize(
    "changes", [{}, {"statement": None}, {"expiration_time": None}, {"uri": SITE.origin}]
)
def test_sign_in_texts_of_the_site_are_signed(changes: dict[str, Any]) -> None:
    """G-5"""
    check_sign_in_text(sign_in_text(**changes), ALICE, SITE)


@pytest.mark.parametrize(
    "text",
    [
        sign_in_text(domain="evil.example"),
        sign_in_text(uri="http://evil.example/"),
        sign_in_text().replace(
            "URI: http://mercy.example:8080/", "URI: http://mercy.example:8080.evil.example/"
        ),
        sign_in_text(address=checksum(MALLORY)),
        sign_in_text(chain_id=1),
        sign_in_text(resources=["ipfs://x"]),
        sign_in_text() + "\nResources:\n- ipfs://x",
        "I give everything to mallory",
        "",
        "x" * 100_000,
    ],
    ids=(
        "domain",
        "uri",
        "longer uri",
        "address",
        "chain",
        "resources",
        "resources after",
        "other",
        "none",
        "long",
    ),
)
def test_other_sign_in_texts_are_refused(text: str) -> None:
    """G-5"""
    with pytest.raises(SigningRefused):
        check_sign_in_text(text, ALICE, SITE)


def shown() -> dict[str, Any]:
    part = Provision(("TREAT",), ("laboratory",), "N", "any", "any", ("any",), ("any",))
    terms = Terms(
        "City Hospital", Address("0x" + "22" * 20), ("attending",), (part,), 0, secrets.token_bytes(32)
    )
    consent = Consent(ALICE, terms, NOW, NOW + 1000, NOW + 500)
    return {
        "id": fields.to_hex(consent_id(consent, 1337, CONTRACT)),
        "consent": consent.to_json(),
        "typedData": typed_data(consent, 1337, CONTRACT),
    }


def test_grants_are_built_from_what_is_shown() -> None:
    """C-1"""
    honest = shown()
    assert grant_typed_data(honest, ALICE, 1337, CONTRACT) == honest["typedData"]
    assert checked_consent(honest, ALICE, 1337, CONTRACT).patient == ALICE


def dishonest(what: str) -> dict[str, Any]:
    made, other = shown(), shown()
    if what == "typed data of another consent":
        made["typedData"] = other["typedData"]
    elif what == "id of another consent":
        made["id"] = other["id"]
    elif what == "wider terms":
        made["consent"]["terms"]["roles"] = ["any"]
    elif what == "another struct":
        made["typedData"] = revocation.typed_data(ALICE, bytes(32), 1337, CONTRACT)
    elif what == "no typed data":
        made["typedData"] = "0x"
    elif what == "rubbish inside":
        made["typedData"] = {"types": {}, "primaryType": "Consent", "message": {}, "domain": {}}
    else:
        made["consent"] = None
    return made


@pytest.mark.parametrize(
    "what",
    [
        "typed data of another consent",
        "id of another consent",
        "wider terms",
        "another struct",
        "no typed data",
        "rubbish inside",
        "no consent",
    ],
)
def test_grants_of_something_else_are_refused(what: str) -> None:
    """C-1, C-11"""
    with pytest.raises(SigningRefused):
        grant_typed_data(dishonest(what), ALICE, 1337, CONTRACT)


def test_grants_for_another_patient_chain_or_contract_are_refused() -> None:
    """C-2"""
    for patient, chain, contract in (
        (MALLORY, 1337, CONTRACT),
        (ALICE, 1, CONTRACT),
        (ALICE, 1337, Address("0x" + "c2" * 20)),
    ):
        with pytest.raises(SigningRefused):
            grant_typed_data(shown(), patient, chain, contract)


def test_revocations_are_of_the_consent_that_was_named() -> None:
    """C-3"""
    own = revocation.typed_data(ALICE, b"\x01" * 32, 1337, CONTRACT)
    assert revocation_typed_data(own, ALICE, b"\x01" * 32, 1337, CONTRACT) == own
    for theirs in (revocation.typed_data(ALICE, b"\x02" * 32, 1337, CONTRACT), None, shown()["typedData"]):
        with pytest.raises(SigningRefused):
            revocation_typed_data(theirs, ALICE, b"\x01" * 32, 1337, CONTRACT)
