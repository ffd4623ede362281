"""Terms that were signed at one member's page come to the member that they are for (W-56)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from consentry.domain import fields
from consentry.errors import RecipientUnreachable
from consentry.services.handing import hand_on
from tests.app.gateway.people import Person
from tests.app.gateway.test_gateway_consents import signed
from tests.app.gateway.test_gateway_giving import body, drafted
from tests.app.gateway.test_gateway_own_consents import made
from tests.app.gateway.world import World

MERCY = "http://mercy.test:8000"


@pytest.fixture
def alice(world: World) -> Person:
    """Signed in at City, with an open directory."""
    return world.patient(world.city)


def given(world: World, alice: Person) -> dict[str, Any]:
    """A consent that Alice made and signed at City's page, for Mercy."""
    shown = made(alice, world.mercy, world)
    answer = alice.send("POST", f"/api/consents/{shown['id']}/grant", signed(alice, shown["typedData"]))
    assert answer.status_code == 200, answer.text
    return shown


def bring(world: World, consent: Any) -> Any:
    return world.mercy.client.post("/api/consents/brought", json={"consent": consent})


def test_recipient_reads_under_terms_that_were_brought(world: World, alice: Person) -> None:
    """W-56: by anybody, as often as anybody likes; the chain says that they were granted."""
    shown = given(world, alice)
    ref = world.mercy.link(f"handed-{alice.did[-8:]}", alice)
    bose = world.staff(world.mercy)
    assert bose.open_session("TREAT").status_code == 201
    path, headers = f"/fhir/Patient/{ref}/$everything", {"X-Consentry-Purpose": "TREAT"}
    assert bose.send("GET", path, **headers).status_code == 403
    for _ in range(2):
        answer = bring(world, shown["consent"])
        assert (answer.status_code, answer.json) == (201, {"id": shown["id"]})
    assert bose.send("GET", path, **headers).status_code == 200
    found = world.mercy.send("GET", f"/fhir/Consent/{shown['id'][2:]}").json
    assert found["status"] == "active"


def test_terms_are_not_kept_when_the_chain_has_no_such_grant(world: World, alice: Person) -> None:
    """W-56: unsigned, changed, revoked, for another member: as unknown as what never was."""
    unsigned = made(alice, world.mercy, world)["consent"]
    shown = given(world, alice)
    changed = shown["consent"] | {"validUntil": "2090-01-01T00:00:00Z"}
    ours = made(alice, world.city, world)
    alice.send("POST", f"/api/consents/{ours['id']}/grant", signed(alice, ours["typedData"]))
    for consent in (unsigned, changed, ours["consent"]):
        answer = bring(world, consent)
        assert (answer.status_code, answer.json["code"]) == (404, "consent-unknown"), answer.text
    path = f"/api/consents/{shown['id']}/revocation"
    alice.send("POST", path, signed(alice, alice.send("GET", path).json["typedData"]))
    assert bring(world, shown["consent"]).json["code"] == "consent-unknown"
    for consent in ("all", {"patient": alice.did}, None):
        assert bring(world, consent).json["code"] in ("terms-invalid", "layout-invalid")


def test_terms_with_authors_whom_nobody_registered_are_not_kept(world: World, alice: Person) -> None:
    """W-56: whatever its patient granted at the chain, without any gateway; the field is named."""
    consent = drafted(world, alice, world.mercy)
    strange = tuple(replace(one, authors=("9999-99-99 99:99:99 UTC",)) for one in consent.terms.provisions)
    consent = replace(consent, terms=replace(consent.terms, provisions=strange))
    given, raw = consent.grant(), fields.hex_bytes(body(world, alice, consent)["signature"], "signature", 65)
    grant = (given.patient, given.terms_hash, given.valid_from, given.valid_until, given.relay_before)
    world.city.gateway.consents.sender.transact("ConsentRegistry", "grantBySignature", grant, raw)
    answer = bring(world, consent.to_json())
    assert (answer.status_code, answer.json["code"]) == (422, "terms-invalid")
    assert "terms.provisions[0].authors" in answer.text


def test_strangers_spend_nothing_of_the_patient_whom_they_name(world: World, alice: Person) -> None:
    """W-56, G-9: whoever brings rubbish about a patient slows the own network address, and no veto and no grant of hers."""
    named = made(alice, world.city, world)
    stranger = {"REMOTE_ADDR": "203.0.113.7"}
    while True:
        path, message = "/api/consents/brought", {"consent": named["consent"]}
        answer = world.city.client.post(path, json=message, environ_overrides=stranger)
        if answer.status_code == 429:
            break
        assert answer.json["code"] == "consent-unknown"
    assert int(answer.headers["Retry-After"]) >= 1
    granted = alice.send("POST", f"/api/consents/{named['id']}/grant", signed(alice, named["typedData"]))
    assert granted.status_code == 200, granted.text
    assert world.city.client.post(path, json=message).status_code == 201


def test_gateway_hands_terms_on_or_says_that_it_could_not(world: World, alice: Person) -> None:
    """W-56: to the gateway that its settings name for the recipient; only for the patient's own."""
    shown = given(world, alice)
    path = f"/api/consents/{shown['id']}/handing"
    answer = alice.send("POST", path)
    assert (answer.status_code, answer.json["code"]) == (503, "recipient-unreachable")
    mallory = world.person(world.city)
    mallory.sign_in()
    assert mallory.send("POST", path).json["code"] == "consent-unknown"

    def deliver(url: str, message: bytes) -> bool:
        sent = world.mercy.client.post(url.removeprefix(MERCY), data=message, content_type="application/json")
        return sent.status_code < 300

    knows = replace(
        world.city.gateway.handing, gateways={world.mercy.account.address: MERCY}, deliver=deliver
    )
    hand_on(bytes.fromhex(shown["id"][2:]), knows)
    assert world.mercy.gateway.consents.book.get(bytes.fromhex(shown["id"][2:])) is not None
    unsigned = made(alice, world.mercy, world)
    with pytest.raises(RecipientUnreachable):
        hand_on(bytes.fromhex(unsigned["id"][2:]), knows)
