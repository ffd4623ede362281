"""A mandate that was kept and never came to the chain stands in nobody's way (W-107, W-109)."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import Any

import pytest

from consentry.domain import fields, terms
from consentry.domain.mandates import Mandate
from consentry.domain.terms import Consent
from consentry.ports.desk_values import KeptConsent
from consentry.services.granted_under import Under, stand
from consentry.services.handing import hand_on
from tests.app.gateway.carers import GRANTED, Carers, carers
from tests.app.gateway.world import World

MERCY = "http://mercy.test:8000"


@pytest.fixture
def family(world: World) -> Carers:
    return carers(world)


def left(world: World, family: Carers, consent: Consent, mandate: Mandate) -> bytes:
    """As a grant leaves it that ended, by a crash or a lost chain, before its transaction was taken: the consent's id."""
    consents = world.city.gateway.consents
    known = terms.consent_id(consent, world.ledger.chain_id, family.registry)
    consents.under.drop(known)
    consents.under.keep(known, Under(fields.hex_bytes(family.id_of(mandate), "id"), mandate), 1)
    return known


@pytest.mark.parametrize("again", [False, True])
def test_what_is_granted_under_another_mandate_is_kept_with_that_one(
    world: World, family: Carers, *, again: bool
) -> None:
    """W-107, W-109: also where the answer was lost, and the same is sent again."""
    lost, taken, consent = family.given(), family.given(), family.drafted(world.city)
    if again:
        family.grant(consent, taken)
    known = left(world, family, consent, lost)
    answer = family.carol.send("POST", GRANTED, family.body(consent, taken))
    assert answer.status_code == 200, answer.text
    gateway = world.city.gateway
    kept = gateway.consents.book.get(known)
    assert kept is not None
    (stands,) = stand([kept], gateway.ledger, gateway.consents.under)
    assert stands.under is not None and stands.under.mandate == taken
    family.end(taken)
    (stands,) = stand([kept], gateway.ledger, gateway.consents.under)
    assert stands.state.status.name == "Revoked"


def test_what_the_patient_granted_is_shown_and_handed_on_without_a_mandate(
    world: World, family: Carers
) -> None:
    """W-109, W-56: the recipient takes terms with the mandate that the chain names alone, and here it names none."""
    lost, consent = family.given(), family.drafted(world.mercy)
    signed = family.body(consent, lost, by=family.alice)
    own = {"consent": signed["consent"], "signature": signed["signature"], "replaces": None}
    answer = family.alice.send("POST", "/api/consents/own/granted", own)
    assert answer.status_code == 200, answer.text
    known = left(world, family, consent, lost)
    sent: list[bytes] = []

    def deliver(url: str, message: bytes) -> bool:
        sent.append(message)
        to = url.removeprefix(MERCY)
        answer: Any = world.mercy.client.post(to, data=message, content_type="application/json")
        return bool(answer.status_code < 300)

    gateways = {world.mercy.account.address: MERCY}
    hand_on(known, replace(world.city.gateway.handing, gateways=gateways, deliver=deliver))
    assert len(sent) == 1 and "mandate" not in json.loads(sent[0])
    seen = family.seen(family.alice, "/api/consents")
    assert [one["under"] for one in seen if one["id"] == fields.to_hex(known)] == [None]


def test_what_the_chain_lacks_is_neither_listed_nor_handed_on(world: World, family: Carers) -> None:
    """W-118: kept before it was sent, and lost; and one that the chain has under another mandate than the one kept."""
    book, mandate, other = world.city.gateway.consents.book, family.given(), family.given()
    granted = family.grant(family.drafted(world.city), mandate)
    lost, elsewhere = family.drafted(world.city), family.drafted(world.city)
    never = left(world, family, lost, mandate)
    book.keep(KeptConsent(never, lost, int(time.time()), family.carol.wallet.address))
    taken = family.grant(elsewhere, other)
    left(world, family, elsewhere, mandate)
    assert [one["id"] for one in family.seen(family.carol, GRANTED)] == [granted]
    for known in (fields.to_hex(never), taken):
        answer = family.carol.send("POST", f"{GRANTED}/{known}/handing")
        assert (answer.status_code, answer.json["code"]) == (404, "consent-unknown")
    assert family.grant(lost, mandate) == fields.to_hex(never)
    assert {one["id"] for one in family.seen(family.carol, GRANTED)} == {granted, fields.to_hex(never)}
