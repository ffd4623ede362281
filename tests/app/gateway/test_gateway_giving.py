"""Consents that the patient's page made and had signed before any gateway heard of them (W-90)."""

from __future__ import annotations

import secrets
import time
from dataclasses import replace
from typing import Any

import pytest

from consentry.domain import fields, replacement
from consentry.domain import terms as domain
from consentry.domain.terms import Consent
from tests.app.gateway.content import DAY, terms
from tests.app.gateway.people import Hospital, Person
from tests.app.gateway.test_gateway_consents import paid, signed
from tests.app.gateway.world import World

GIVEN = "/api/consents/own/granted"


@pytest.fixture
def alice(world: World) -> Person:
    person = world.person(world.city)
    person.sign_in()
    return person


def drafted(world: World, alice: Person, to: Hospital) -> Consent:
    """As a page makes it, with a salt of its own."""
    now = int(time.time()) - 60
    named = {"recipient": to.account.address, "recipientName": to.name}
    made = domain.Terms.from_json(terms() | named | {"salt": fields.to_hex(secrets.token_bytes(32))})
    return Consent(alice.wallet.address, made, now, now + 30 * DAY, now + DAY)


def body(world: World, alice: Person, consent: Consent, replaces: bytes | None = None) -> dict[str, Any]:
    chain, registry = world.ledger.chain_id, world.city.gateway.consents.registry
    if replaces is None:
        data = domain.typed_data(consent, chain, registry)
    else:
        data = replacement.typed_data(replaces, consent, chain, registry)
    named = None if replaces is None else fields.to_hex(replaces)
    return {"consent": consent.to_json(), "replaces": named} | signed(alice, data)


def statuses(alice: Person) -> list[str]:
    return sorted(one["status"] for one in alice.send("GET", "/api/consents").json["consents"])


def test_consent_is_kept_and_granted_in_one_step_and_replaced_in_another(world: World, alice: Person) -> None:
    """W-90, C-15: nothing is at the gateway before; sent again, it is done; another one takes its place."""
    consent = drafted(world, alice, world.city)
    asked = body(world, alice, consent)
    assert statuses(alice) == []
    first = alice.send("POST", GIVEN, asked)
    assert first.status_code == 200 and first.json["transaction"], first.text
    before = paid(world)
    again = alice.send("POST", GIVEN, asked)
    assert (again.status_code, again.json) == (
        200,
        {"id": first.json["id"], "transaction": None, "block": None},
    )
    assert (statuses(alice), paid(world)) == (["active"], before)
    (shown,) = alice.send("GET", "/api/consents").json["consents"]
    assert (shown["consent"], shown["transaction"]) == (consent.to_json(), first.json["transaction"])
    next_one = drafted(world, alice, world.city)
    ended = fields.hex_bytes(first.json["id"], "id")
    assert alice.send("POST", GIVEN, body(world, alice, next_one, ended)).status_code == 200
    assert statuses(alice) == ["active", "revoked"]


def test_what_is_refused_is_not_kept(world: World, alice: Person) -> None:
    """W-90, W-45: another's name, another's patient, another's signature, unknown authors, too late: none costs anything."""
    consent, before = drafted(world, alice, world.mercy), paid(world)
    stranger = world.person(world.city)
    stranger.sign_in()
    said = consent.terms
    unknown = tuple(replace(one, authors=("Nowhere Clinic",)) for one in said.provisions)
    refused = {
        "terms-invalid": [
            body(world, alice, replace(consent, terms=replace(said, recipient_name="Mercy"))),
            body(world, alice, replace(consent, terms=replace(said, provisions=unknown))),
            body(world, stranger, replace(consent, patient=stranger.wallet.address)),
            {"consent": {}, "signature": "0x", "replaces": None},
        ],
        "signature-invalid": [
            body(world, stranger, consent),
            body(world, alice, consent) | {"signature": "0x12"},
        ],
        "transaction-reverted": [body(world, alice, replace(consent, relay_before=1))],
        "consent-unknown": [body(world, alice, consent) | {"replaces": "0x12"}],
    }
    for code, bodies in refused.items():
        for one in bodies:
            assert alice.send("POST", GIVEN, one).json["code"] == code
    assert (statuses(alice), paid(world)) == ([], before)
    assert world.city.send("POST", GIVEN, body(world, alice, consent)).json["code"] == "role-unfit"
