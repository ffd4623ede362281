"""What a representative grants to another member reaches it with the mandate, or not at all (W-109, W-56)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from consentry.domain import fields
from consentry.services.handing import hand_on
from tests.app.gateway.carers import GRANTED, SCOPE, Carers, carers
from tests.app.gateway.world import World

MERCY = "http://mercy.test:8000"
BROUGHT = "/api/consents/brought"


@pytest.fixture
def family(world: World) -> Carers:
    return carers(world)


def test_terms_are_taken_with_the_mandate_that_the_chain_names_alone(world: World, family: Carers) -> None:
    """W-109: without it, or with another, the recipient could never read; brought or handed on whole, staff read."""
    mandate, other = family.given(), family.given(replace(SCOPE, confidentiality="N"))
    consent = family.drafted(world.mercy)
    granted = family.grant(consent, mandate)
    ref = world.mercy.link(f"elsewhere-{family.alice.did[-8:]}", family.alice)
    bose = world.staff(world.mercy)
    assert bose.open_session("TREAT").status_code == 201
    path, headers = f"/fhir/Patient/{ref}/$everything", {"X-Consentry-Purpose": "TREAT"}
    for shown in ({}, {"mandate": None}, {"mandate": other.to_json()}):
        answer = world.mercy.client.post(BROUGHT, json={"consent": consent.to_json(), **shown})
        assert (answer.status_code, answer.json["code"]) == (422, "terms-invalid"), answer.text
    assert world.mercy.gateway.consents.book.get(fields.hex_bytes(granted, "id")) is None
    assert bose.send("GET", path, **headers).status_code == 403
    unknown = family.carol.send("POST", f"{GRANTED}/{granted}/handing")
    assert (unknown.status_code, unknown.json["code"]) == (503, "recipient-unreachable")
    assert family.alice.send("POST", f"{GRANTED}/{granted}/handing").json["code"] == "consent-unknown"
    sent: list[bytes] = []

    def deliver(url: str, message: bytes) -> bool:
        sent.append(message)
        answer: Any = world.mercy.client.post(
            url.removeprefix(MERCY), data=message, content_type="application/json"
        )
        return bool(answer.status_code < 300)

    gateways = {world.mercy.account.address: MERCY}
    hand_on(
        fields.hex_bytes(granted, "id"),
        replace(world.city.gateway.handing, gateways=gateways, deliver=deliver),
    )
    assert len(sent) == 1 and bose.send("GET", path, **headers).status_code == 200
    family.end(mandate)
    assert bose.send("GET", path, **headers).status_code == 403


def test_what_is_kept_of_the_mandate_is_sealed(world: World, family: Carers) -> None:
    """W-109, as W-85: neither the scope nor anything else of it lies readable in the desk's database."""
    granted = family.grant(family.drafted(world.city), family.given())
    (kept,) = world.city.gateway.consents.under.book.of([fields.hex_bytes(granted, "id")])
    assert b"laboratory" not in kept.sealed and b"FAMRQT" not in kept.sealed
    assert len(kept.sealed) > 100
