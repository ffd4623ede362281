"""What a gateway keeps of mandates counts where the chain says the same, and strangers leave nothing of theirs (W-107, W-109)."""

from __future__ import annotations

import json
import secrets
from dataclasses import replace

import pytest

from consentry.domain import fields, terms
from consentry.ports.desk_values import KeptConsent
from consentry.services.granted_under import Under, stand
from tests.app.gateway.carers import GRANTED, Carers, carers
from tests.app.gateway.trail import events
from tests.app.gateway.world import World

OWN = "/api/consents"


@pytest.fixture
def family(world: World) -> Carers:
    return carers(world)


def trail(family: Carers) -> list[str]:
    """What the patient is told of that others did."""
    told = events(family.alice, "_count=200")
    return [one["id"] for one in told if "not of the patient's side" in json.dumps(one)]


def test_a_mandate_that_nobody_gave_leaves_nothing_in_the_trail_of_whom_it_names(
    world: World, family: Carers
) -> None:
    """W-107, J-3: anybody can write one; the patient's own trail tells of what was done for her."""
    mandate = family.given()
    made_up = replace(mandate, scope=replace(mandate.scope, salt=secrets.token_bytes(32)))
    before = trail(family)
    consent = family.drafted(world.city)
    answer = family.carol.send("POST", GRANTED, family.body(consent, made_up))
    assert (answer.status_code, answer.json["code"]) == (409, "mandate-over")
    assert family.revoke("0x" + "ab" * 32, made_up).status_code == 404
    assert trail(family) == before
    family.grant(consent, mandate)
    assert len(trail(family)) == len(before) + 1


def test_a_kept_mandate_counts_only_where_the_chain_names_it(world: World, family: Carers) -> None:
    """W-109: it is kept before it is sent; what was granted by another way stands by itself."""
    gateway = world.city.gateway
    granted = fields.hex_bytes(family.grant(family.drafted(world.city), family.given()), "id")
    other = family.given()
    consents = gateway.consents
    consents.under.drop(granted)
    consents.under.keep(granted, Under(fields.hex_bytes(family.id_of(other), "id"), other), 1)
    family.end(other)
    kept = consents.book.get(granted)
    assert kept is not None
    (stands,) = stand([kept], gateway.ledger, consents.under)
    assert stands.under is None and stands.state.status.name == "Granted"


def test_a_refused_grant_leaves_what_a_hospital_proposed(world: World, family: Carers) -> None:
    """W-107: only what the grant itself had kept goes with it."""
    mandate, consent, consents = family.given(), family.drafted(world.city), world.city.gateway.consents
    known = terms.consent_id(consent, world.ledger.chain_id, family.registry)
    proposed = KeptConsent(known, consent, 1, "his")
    consents.book.propose(proposed)
    asked = family.body(consent, mandate, by=family.alice)
    assert family.carol.send("POST", GRANTED, asked).json["code"] == "signature-invalid"
    assert consents.book.get(known) == proposed


def test_what_another_gateway_relayed_is_kept_here_too(world: World, family: Carers) -> None:
    """W-107, W-109: its answer was lost, and the same is sent here."""
    mandate, consent = family.given(), family.drafted(world.city)
    granted = family.grant(consent, mandate)
    known, consents = fields.hex_bytes(granted, "id"), world.city.gateway.consents
    consents.under.drop(known)
    assert family.seen(family.carol, GRANTED) == []
    assert family.carol.send("POST", GRANTED, family.body(consent, mandate)).status_code == 200
    assert [one["id"] for one in family.seen(family.carol, GRANTED)] == [granted]
