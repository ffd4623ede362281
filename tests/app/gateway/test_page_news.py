"""What is new for a patient (W-19)."""

from __future__ import annotations

from typing import Any

import pytest

from consentry.domain import fields
from tests.app.gateway.content import proposal
from tests.app.gateway.people import Person
from tests.app.gateway.test_gateway_own_consents import made
from tests.app.gateway.test_gateway_reading import code_of
from tests.app.gateway.world import World

STREAM = "/api/notifications/stream"


@pytest.fixture
def alice(world: World) -> Person:
    return world.patient(world.city)


def ask_for(world: World, patient: Person, mrn: str) -> Any:
    """A consent that the city's staff asks for."""
    ref = world.city.link(mrn, patient)
    asked = world.staff(world.city).send("POST", "/api/consents/proposals", proposal(ref))
    assert asked.status_code == 201, asked.text
    return asked.json


def sign(patient: Person, shown: Any) -> None:
    signature = fields.to_hex(patient.wallet.sign_typed(shown["typedData"]))
    answer = patient.send("POST", f"/api/consents/{shown['id']}/grant", {"signature": signature})
    assert answer.status_code == 200, answer.text


def news(patient: Person) -> Any:
    return patient.send("GET", "/api/notifications").json["news"]


def test_consent_that_is_asked_for_is_news_until_it_is_seen_and_signed(world: World, alice: Person) -> None:
    """W-19"""
    assert news(alice) == []
    shown = ask_for(world, alice, "NE-1")
    (told,) = news(alice)
    assert (told["type"], told["id"], told["seenAt"]) == ("consent-request", shown["id"], None)
    assert told["member"] == world.city.account.address.lower() and told["at"]
    seen = {"type": told["type"], "id": told["id"]}
    for _ in range(2):
        assert alice.send("POST", "/api/notifications/seen", seen).status_code == 204
    assert news(alice)[0]["seenAt"]
    sign(alice, shown)
    assert news(alice) == []


def test_what_the_patient_proposed_is_no_news(world: World, alice: Person) -> None:
    """W-19"""
    made(alice, world.city, world)
    assert news(alice) == []


def test_suspended_member_is_news_to_whom_lets_it_read(world: World, alice: Person) -> None:
    """W-19: and again when it is suspended again."""
    bob = world.patient(world.city)
    sign(alice, ask_for(world, alice, "NE-2"))
    city = world.city.account.address
    told = {"type": "member-suspended", "id": city.lower()}
    world.consortium.transact("MemberRegistry", "suspend", city)
    try:
        (one,) = news(alice)
        assert {"type": one["type"], "id": one["id"]} == told and one["seenAt"] is None
        assert news(bob) == []
        assert alice.send("POST", "/api/notifications/seen", told).status_code == 204
        assert news(alice)[0]["seenAt"]
    finally:
        world.consortium.transact("MemberRegistry", "reinstate", city)
    assert news(alice) == []
    world.consortium.transact("MemberRegistry", "suspend", city)
    try:
        assert news(alice)[0]["seenAt"] is None
    finally:
        world.consortium.transact("MemberRegistry", "reinstate", city)


def test_nobody_else_sees_or_ends_news(world: World, alice: Person) -> None:
    """W-19, W-20"""
    shown, bob = ask_for(world, alice, "NE-3"), world.patient(world.city)
    assert news(bob) == []
    body = {"type": "consent-request", "id": shown["id"]}
    assert code_of(bob.send("POST", "/api/notifications/seen", body)) == "news-unknown"
    assert code_of(alice.send("POST", "/api/notifications/seen", body | {"type": "x"})) == "news-unknown"
    assert news(alice)[0]["seenAt"] is None
    staff = world.staff(world.city)
    for method, path, sent in (("POST", "/api/notifications/seen", body), ("GET", STREAM, None)):
        assert code_of(staff.send(method, path, sent)) == "role-unfit"
        assert code_of(world.city.client.open(path, method=method, json=sent)) == "not-signed-in"
