"""Consents that a representative grants and revokes under a mandate, at a gateway (C-18, C-19, W-107, W-108, W-109)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from consentry.domain import fields
from tests.app.gateway.carers import GRANTED, SCOPE, Carers, carers
from tests.app.gateway.content import bundle
from tests.app.gateway.test_gateway_consents import paid
from tests.app.gateway.world import World

OWN = "/api/consents"


@pytest.fixture
def family(world: World) -> Carers:
    return carers(world)


def read_by_staff(world: World, family: Carers) -> Any:
    """What somebody newly enrolled at City reads of what City published about Alice, once for each call."""
    ref = world.city.gateway.links.links.by_patient(family.alice.wallet.address)
    assert ref is not None
    bose = world.staff(world.city)
    assert bose.open_session("TREAT").status_code == 201
    return bose.send("GET", f"/fhir/Patient/{ref.ref}/$everything", **{"X-Consentry-Purpose": "TREAT"})


def test_clinician_reads_under_a_mandate_until_the_representative_revokes(
    world: World, family: Carers
) -> None:
    """W-107 to W-109, C-18 to C-20: the daughter grants, the hospital reads, the mother sees it, the daughter revokes."""
    world.city.link(f"behalf-{family.alice.did[-8:]}", family.alice)
    assert world.city.publish(bundle(f"behalf-{family.alice.did[-8:]}")).status_code == 200
    assert read_by_staff(world, family).status_code == 403
    mandate = family.given()
    consent = family.drafted(world.city)
    granted = family.grant(consent, mandate)
    answer = read_by_staff(world, family)
    assert answer.status_code == 200 and "Glucose" in answer.text, answer.text
    (own,) = family.seen(family.alice, OWN)
    under = {"id": family.id_of(mandate), "mandate": mandate.to_json()}
    assert (own["id"], own["status"], own["under"]) == (granted, "active", under)
    (hers,) = family.seen(family.carol, GRANTED)
    assert (hers["id"], hers["patient"], hers["under"]) == (granted, family.alice.did, under)
    assert family.seen(family.carol, OWN) == family.seen(family.alice, GRANTED) == []
    assert family.revoke(granted, mandate).status_code == 200
    assert read_by_staff(world, family).status_code == 403
    assert [one["status"] for one in family.seen(family.alice, OWN)] == ["revoked"]
    assert [one["status"] for one in family.seen(family.carol, GRANTED)] == ["revoked"]


def test_consent_ends_with_its_mandate(world: World, family: Carers) -> None:
    """W-109, C-17: the chain has it as granted still; it permits nothing, and stands as revoked for everybody. It is revoked
    under the mandate after that too (C-21), and nothing more is granted."""
    mandate = family.given()
    granted = family.grant(family.drafted(world.city), mandate)
    late = family.body(family.drafted(world.city), mandate)
    family.end(mandate)
    assert [one["status"] for one in family.seen(family.alice, OWN)] == ["revoked"]
    assert [one["status"] for one in family.seen(family.carol, GRANTED)] == ["revoked"]
    before = paid(world)
    answer = family.carol.send("POST", GRANTED, late)
    assert (answer.status_code, answer.json["code"], paid(world)) == (409, "mandate-over", before)
    assert len(family.seen(family.carol, GRANTED)) == 1
    assert family.revoke(granted, mandate).status_code == 200


def test_grant_that_is_sent_again_is_answered_as_done(world: World, family: Carers) -> None:
    """W-107: an answer was lost; nothing is paid for again."""
    mandate = family.given()
    asked = family.body(family.drafted(world.city), mandate)
    first = family.carol.send("POST", GRANTED, asked).json
    before = paid(world)
    again = family.carol.send("POST", GRANTED, asked)
    assert (again.status_code, again.json) == (200, {"id": first["id"], "transaction": None, "block": None})
    assert (paid(world), len(family.seen(family.alice, OWN))) == (before, 1)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"purposes": ["TREAT", "HRESCH"]}, "terms.provisions[0].purposes"),
        ({"categories": ("laboratory", "psychiatry")}, "terms.provisions[0].categories"),
        ({"confidentiality": "V"}, "terms.provisions[0].confidentiality"),
        ({"confidentiality": "any"}, "terms.provisions[0].confidentiality"),
        ({"days": 40}, "validUntil"),
    ],
)
def test_grant_is_refused_when_it_goes_beyond_the_mandate(
    world: World, family: Carers, more: dict[str, Any], field: str
) -> None:
    """W-107: the contract would take it and never permit it; nothing is paid for, nothing kept."""
    mandate, before = family.given(), paid(world)
    answer = family.carol.send("POST", GRANTED, family.body(family.drafted(world.city, **more), mandate))
    assert (answer.status_code, answer.json["code"]) == (422, "mandate-exceeded")
    assert field in answer.text
    assert family.seen(family.alice, OWN) == family.seen(family.carol, GRANTED) == []
    assert paid(world) == before


def test_grant_is_refused_when_somebody_else_signs_sends_or_is_named(world: World, family: Carers) -> None:
    """W-107: another account, another signature, a mandate that nobody gave, another patient, a name that is nobody's."""
    mandate, consent = family.given(), family.drafted(world.city)
    before, asked = paid(world), family.body(consent, mandate)
    stranger = world.person(world.city)
    stranger.sign_in()
    never = replace(mandate, valid_until=mandate.valid_until + 1)
    terms = replace(consent.terms, recipient_name="Nobody's Hospital")
    refused = {
        "mandate-other": (stranger, asked),
        "signature-invalid": (family.carol, family.body(consent, mandate, by=stranger)),
        "mandate-over": (family.carol, family.body(consent, never)),
        "transaction-reverted": (family.carol, family.body(replace(consent, relay_before=1), mandate)),
    }
    for code, (who, body) in refused.items():
        assert who.send("POST", GRANTED, body).json["code"] == code
    anothers = replace(consent, patient=stranger.wallet.address)
    for wrong in (anothers, replace(consent, terms=terms)):
        answer = family.carol.send("POST", GRANTED, family.body(wrong, mandate))
        assert (answer.status_code, answer.json["code"]) == (422, "terms-invalid")
    assert (
        family.carol.send("POST", GRANTED, asked | {"signature": "0x12"}).json["code"] == "signature-invalid"
    )
    assert family.seen(family.alice, OWN) == family.seen(family.carol, GRANTED) == []
    assert paid(world) == before


def test_representative_revokes_what_was_granted_under_the_mandate_alone(
    world: World, family: Carers
) -> None:
    """W-108, C-19: not what the patient granted, not under another mandate, not by another's signature; not twice."""
    mandate, other = family.given(), family.given(replace(SCOPE, confidentiality="N"))
    granted = family.grant(family.drafted(world.city), mandate)
    own = family.drafted(world.city)
    data = family.body(own, mandate, by=family.alice)["signature"]
    body = {"consent": own.to_json(), "signature": data, "replaces": None}
    hers = family.alice.send("POST", "/api/consents/own/granted", body).json["id"]
    for consent, under in ((hers, mandate), (granted, other), (fields.to_hex(bytes(31) + b"1"), mandate)):
        answer = family.revoke(consent, under)
        assert (answer.status_code, answer.json["code"]) == (404, "consent-unknown")
    assert family.revoke(granted, mandate, by=family.alice).json["code"] == "signature-invalid"
    shown = {"mandate": mandate.to_json(), "signature": family.revocation(granted)}
    answer = family.alice.send("POST", f"{GRANTED}/{granted}/revocation", shown)
    assert (answer.status_code, answer.json["code"]) == (403, "mandate-other")
    under = {one["id"]: one["under"] is not None for one in family.seen(family.alice, OWN)}
    assert under == {granted: True, hers: False}
    assert family.revoke(granted, mandate).status_code == 200
    assert family.revoke(granted, mandate).json["code"] == "transaction-reverted"
    assert {one["id"]: one["status"] for one in family.seen(family.alice, OWN)} == {
        granted: "revoked",
        hers: "active",
    }
