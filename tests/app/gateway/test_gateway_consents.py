"""Proposing, showing, relaying (C-1, C-3, C-5, C-6, C-11); who may do what at the gateway."""

from __future__ import annotations

import time
from typing import Any

import pytest

from consentry.domain import fields, times
from consentry.domain.terms import Consent, consent_id
from tests.app.gateway.content import DAY, proposal, terms
from tests.app.gateway.people import Person
from tests.app.gateway.world import World
from tests.app.keeper.odd_peers import becomes


def paid(world: World) -> int:
    """Transactions of city's account so far; keepers' own blocks come when they like."""
    rpc = world.ledger.connection.rpc
    return int(rpc.call("eth_getTransactionCount", world.city.account.address, "latest"), 16)


def proposed(world: World, patient: Person, **more: Any) -> dict[str, Any]:
    answer = world.city.send("POST", "/api/consents/proposals", proposal(patient.did, **more))
    assert answer.status_code == 201, answer.text
    return dict(answer.json)


def signed(who: Person, data: dict[str, Any]) -> dict[str, str]:
    return {"signature": fields.to_hex(who.wallet.sign_typed(data))}


@pytest.fixture
def alice(world: World) -> Person:
    person = world.person(world.city)
    person.sign_in()
    return person


def test_a_suspended_member_asks_for_nothing(world: World, alice: Person) -> None:
    """C-24: its patients would sign what nothing is released under; it asks again when that is over."""
    city = world.city.account.address
    world.consortium.transact("MemberRegistry", "suspend", city)
    try:
        refused = world.city.send("POST", "/api/consents/proposals", proposal(alice.did))
    finally:
        world.consortium.transact("MemberRegistry", "reinstate", city)
    assert (refused.status_code, refused.json["code"]) == (403, "member-suspended")
    assert alice.send("GET", "/api/consents").json["consents"] == []
    proposed(world, alice)


def test_proposal_is_filled_in_and_shown_in_words(world: World, alice: Person) -> None:
    """C-1: the id is the digest of what is shown; recipient, name and salt are the gateway's own."""
    shown = proposed(world, alice)
    consent = Consent.from_json(shown["consent"])
    registry = world.city.gateway.consents.registry
    assert fields.to_hex(consent_id(consent, world.ledger.chain_id, registry)) == shown["id"]
    assert (consent.terms.recipient, consent.terms.recipient_name) == (
        world.city.account.address,
        world.city.name,
    )
    assert consent.relay_before <= consent.valid_until and any(consent.terms.salt)
    assert shown["typedData"]["message"] == shown["consent"]
    assert world.city.name in shown["words"]["en"][0] and world.city.name in shown["words"]["zh"][0]
    assert (shown["status"], shown["transaction"], shown["changedAt"]) == ("proposed", None, None)
    assert proposed(world, alice)["id"] != shown["id"]
    assert len(alice.send("GET", "/api/consents").json["consents"]) == 2


@pytest.mark.parametrize(
    "more",
    [
        {"terms": terms(())},
        {"terms": terms(("dreams",))},
        {"terms": terms(purposes=["TREAT", "any"])},
        {"terms": terms(authors=["Nobody's Hospital"])},
        {"terms": terms(dataFrom="2026-02-30T00:00:00Z")},
        {"terms": terms() | {"salt": "0x" + "11" * 32}},
        {"terms": terms() | {"maxUses": 2**32}},
        {"terms": terms() | {"maxUses": 1.5}},
        {"terms": terms() | {"roles": ["king"]}},
        {"terms": {"provisions": []}},
        {"terms": "all"},
        {"validUntil": "2026-01-01T00:00:00Z"},
        {"validUntil": "tomorrow"},
        {"validFrom": None},
        {"validFrom": "2199-01-01T00:00:00Z"},
    ],
)
def test_proposal_is_refused_before_anyone_signs(world: World, alice: Person, more: dict[str, Any]) -> None:
    """C-11: with the field's name, and nothing is kept."""
    answer = world.city.send("POST", "/api/consents/proposals", proposal(alice.did, **more))
    assert (answer.status_code, answer.json["code"]) == (422, "terms-invalid"), answer.text
    assert ":" in answer.json["detail"]
    assert alice.send("GET", "/api/consents").json["consents"] == []


def test_grant_is_refused_when_somebody_else_signed(world: World, alice: Person) -> None:
    """C-3, C-4: nothing is sent; the proposal stays."""
    mallory = world.person(world.city)
    mallory.sign_in()
    shown = proposed(world, alice)
    path = f"/api/consents/{shown['id']}/grant"
    before = paid(world)
    good = world.city.gateway.consents
    for signature in (
        signed(mallory, shown["typedData"])["signature"],
        "0x" + "00" * 65,
        "0x12",
        "rubbish",
        17,
        fields.to_hex(alice.wallet.sign_text("I agree")),
        "0x" + "ab" * 200,
    ):
        answer = alice.send("POST", path, {"signature": signature})
        assert (answer.status_code, answer.json["code"]) == (401, "signature-invalid"), signature
    assert good.book.get(bytes.fromhex(shown["id"][2:])) is not None
    assert mallory.send("POST", path, signed(mallory, shown["typedData"])).json["code"] == "consent-unknown"
    assert paid(world) == before
    assert alice.send("GET", "/api/consents").json["consents"][0]["status"] == "proposed"


def test_grant_lives_once(world: World, alice: Person) -> None:
    """C-5, C-6: granted twice, revoked, granted again."""
    shown = proposed(world, alice)
    grant, revoke = f"/api/consents/{shown['id']}/grant", f"/api/consents/{shown['id']}/revocation"
    first = alice.send("POST", grant, signed(alice, shown["typedData"]))
    assert first.status_code == 200 and first.json["gasUsed"] > 0
    listed = alice.send("GET", "/api/consents").json["consents"][0]
    assert (listed["status"], listed["transaction"]) == ("active", first.json["transaction"])
    assert listed["changedAt"] is not None
    again = alice.send("POST", grant, signed(alice, shown["typedData"]))
    assert (again.status_code, again.json["code"]) == (409, "transaction-reverted")
    assert "ConsentAlreadyKnown" in again.json["detail"]
    body = signed(alice, alice.send("GET", revoke).json["typedData"])
    assert alice.send("POST", revoke, body).status_code == 200
    assert alice.send("POST", revoke, body).status_code == 409
    assert alice.send("POST", grant, signed(alice, shown["typedData"])).status_code == 409
    assert [one["status"] for one in alice.send("GET", "/api/consents").json["consents"]] == ["revoked"]


def test_revoke_cancels_a_signature_in_flight(world: World, alice: Person) -> None:
    """C-6"""
    shown = proposed(world, alice)
    path = f"/api/consents/{shown['id']}/revocation"
    at_desk = world.city.send("GET", path).json["typedData"]
    assert world.city.send("POST", path, signed(alice, at_desk)).status_code == 200
    assert alice.send("GET", "/api/consents").json["consents"][0]["status"] == "revoked"
    late = alice.send("POST", f"/api/consents/{shown['id']}/grant", signed(alice, shown["typedData"]))
    assert late.status_code == 409


def test_consent_expires_by_its_own_times(world: World, alice: Person) -> None:
    """A grant whose window has ended shows as expired, and so does a proposal nobody may relay any more."""
    now = int(time.time())
    shown = proposed(world, alice, validFrom=times.iso(now - DAY), validUntil=times.iso(now + 2))
    assert becomes(lambda: alice.send("GET", "/api/consents").json["consents"][0]["status"] == "expired")
    late = alice.send("POST", f"/api/consents/{shown['id']}/grant", signed(alice, shown["typedData"]))
    assert (late.status_code, late.json["code"]) == (409, "transaction-reverted")


@pytest.mark.parametrize("name", ["x", "0x12", "0x" + "00" * 32, "0x" + "zz" * 32])
def test_unknown_ids_are_unknown(world: World, name: str) -> None:
    for method, tail in (("POST", "grant"), ("GET", "revocation"), ("POST", "revocation")):
        body = {"signature": "0x" + "11" * 65} if method == "POST" else None
        answer = world.city.send(method, f"/api/consents/{name}/{tail}", body)
        assert (answer.status_code, answer.json["code"]) == (404, "consent-unknown")


def test_proposal_needs_a_known_patient(world: World) -> None:
    for name, code in (("nobody", "patient-not-linked"), ("did:ethr:0x1:0x12", "layout-invalid")):
        answer = world.city.send("POST", "/api/consents/proposals", proposal(name))
        assert answer.json["code"] == code
