"""Mandates at a gateway: given, listed, held by whoever acts by them, ended (C-17, W-85)."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any

import pytest

from consentry.domain import fields, mandates
from consentry.domain.addresses import Address
from consentry.domain.mandates import Mandate, Scope
from consentry.domain.provisions import Provision
from consentry.ports.mandates import KeptMandate
from tests.app.gateway.families import HOUR, soon
from tests.app.gateway.people import Person
from tests.app.gateway.test_gateway_consents import paid
from tests.app.gateway.world import World

LABORATORY = Provision(("FAMRQT",), ("laboratory",), "N", "any", "any", ("any",), ("any",))


class Pair:
    """Alice, who gives, and Carol, who acts by what is given; both signed in at City's gateway."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.alice, self.carol = (self.signed_in() for _ in range(2))

    def signed_in(self) -> Person:
        person = self.world.person(self.world.city)
        person.sign_in()
        return person

    def drafted(self, *authors: str) -> Mandate:
        patient, representative = (Address(one.wallet.address) for one in (self.alice, self.carol))
        scope = Scope((replace(LABORATORY, authors=authors or ("any",)),), secrets.token_bytes(32))
        return Mandate(patient, representative, scope, soon() - 2 * HOUR, soon(), soon())

    def body(self, mandate: Mandate, by: Person | None = None, name: str = "") -> dict[str, Any]:
        registry = self.world.city.gateway.mandates.registry
        data = mandates.typed_data(mandate, self.world.ledger.chain_id, registry)
        signature = fields.to_hex((by or self.alice).wallet.sign_typed(data))
        return {"mandate": mandate.to_json(), "name": name, "signature": signature}

    def give(self, mandate: Mandate, name: str = "") -> dict[str, Any]:
        answer = self.alice.send("POST", "/api/mandates", self.body(mandate, name=name))
        assert answer.status_code == 200, answer.text
        return dict(answer.json)

    def seen(self, who: Person) -> dict[str, list[dict[str, Any]]]:
        return dict(who.send("GET", "/api/mandates").json)


@pytest.fixture
def pair(world: World) -> Pair:
    return Pair(world)


def test_mandate_is_shown_to_both_sides_until_it_is_revoked(world: World, pair: Pair) -> None:
    """W-85, C-17: what the patient calls the person stays with the patient; ending it is a revocation of its id."""
    mandate = pair.drafted()
    done = pair.give(mandate, name="妹妹")
    (given,) = pair.seen(pair.alice)["given"]
    assert (given["mandate"], given["name"], given["status"]) == (mandate.to_json(), "妹妹", "active")
    assert given["transaction"] == done["transaction"]
    (held,) = pair.seen(pair.carol)["held"]
    assert (held["id"], held["mandate"], held["name"]) == (given["id"], mandate.to_json(), "")
    assert pair.seen(pair.alice)["held"] == pair.seen(pair.carol)["given"] == []
    assert pair.seen(pair.signed_in()) == {"given": [], "held": []}
    ending = f"/api/consents/{given['id']}/revocation"
    data = pair.alice.send("GET", ending).json["typedData"]
    signature = fields.to_hex(pair.alice.wallet.sign_typed(data))
    assert pair.alice.send("POST", ending, {"signature": signature}).status_code == 200
    assert [one["status"] for one in pair.seen(pair.carol)["held"]] == ["revoked"]


def test_mandate_that_is_sent_again_is_answered_as_done(world: World, pair: Pair) -> None:
    """W-85: an answer was lost; nothing is paid for again, and what was noted stays."""
    body = pair.body(pair.drafted(), name="Carol")
    first = pair.alice.send("POST", "/api/mandates", body).json
    before = paid(world)
    again = pair.alice.send("POST", "/api/mandates", body)
    assert (again.status_code, again.json["transaction"]) == (200, None)
    (given,) = pair.seen(pair.alice)["given"]
    assert (given["transaction"], given["name"], paid(world)) == (first["transaction"], "Carol", before)


def test_name_and_time_change_by_no_word_without_a_signature(world: World, pair: Pair) -> None:
    """W-85: a representative who sends again what was given, in the patient's name, renames nothing and moves nothing up."""
    mandate = pair.drafted()
    pair.give(mandate, name="Carol")
    book, patient = world.city.gateway.mandates.book, Address(pair.alice.wallet.address)
    (before,) = book.given_by(patient, 1)
    signature = fields.to_hex(pair.carol.wallet.sign_text("anything"))
    renamed = pair.body(mandate, name="Doctor of the house") | {"signature": signature}
    assert pair.alice.send("POST", "/api/mandates", renamed).json["transaction"] is None
    assert book.given_by(patient, 1) == (before,)
    assert [one["name"] for one in pair.seen(pair.alice)["given"]] == ["Carol"]


def test_what_is_kept_survives_a_copy_without_a_signature_that_is_refused(world: World, pair: Pair) -> None:
    """W-85: while one waits for its relay, the same sent without a signature neither names it nor takes it away."""
    mandate, ports = pair.drafted(), world.city.gateway.mandates
    known = mandates.mandate_id(mandate, world.ledger.chain_id, ports.registry)
    waiting = KeptMandate(known, mandate.patient, mandate.representative, b"waits", 1)
    assert ports.book.keep(waiting) and not ports.book.keep(replace(waiting, sealed=b"x", kept_at=2))
    forged = pair.body(mandate, by=pair.carol, name="Doctor of the house")
    assert pair.alice.send("POST", "/api/mandates", forged).json["code"] == "signature-invalid"
    assert ports.book.given_by(mandate.patient, 2) == (waiting,)
    ports.book.drop(known)
    ports.book.relayed(replace(waiting, sealed=b"signed", transaction=known))
    ports.book.relayed(replace(waiting, sealed=b"signed", kept_at=9, transaction=known))
    assert ports.book.given_by(mandate.patient, 2) == (replace(waiting, sealed=b"signed", transaction=known),)


def test_mandate_is_refused_and_forgotten_when_somebody_else_signed(world: World, pair: Pair) -> None:
    """W-85: a representative names itself, a stranger signs, another patient is named: nothing is paid for or kept."""
    mandate, before = pair.drafted(), paid(world)
    forged = pair.body(mandate, by=pair.carol)
    assert pair.alice.send("POST", "/api/mandates", forged).json["code"] == "signature-invalid"
    anothers = pair.carol.send("POST", "/api/mandates", pair.body(mandate))
    assert (anothers.status_code, anothers.json["code"]) == (422, "terms-invalid")
    late = pair.body(replace(mandate, relay_before=1))
    assert pair.alice.send("POST", "/api/mandates", late).json["code"] == "transaction-reverted"
    assert pair.seen(pair.alice)["given"] == pair.seen(pair.carol)["held"] == []
    assert paid(world) == before


@pytest.mark.parametrize("author", ["9999-99-99 99:99:99 UTC", "Nowhere Clinic"])
def test_mandate_is_refused_when_it_names_authors_whom_nobody_registered(pair: Pair, author: str) -> None:
    """W-85: whatever a stranger wrote there would stand on the representative's page."""
    answer = pair.alice.send("POST", "/api/mandates", pair.body(pair.drafted(author)))
    assert (answer.status_code, answer.json["code"]) == (422, "terms-invalid")
    assert "mandate.scope.provisions[0].authors" in answer.text
    assert pair.seen(pair.alice)["given"] == pair.seen(pair.carol)["held"] == []
    named = pair.drafted(pair.world.mercy.name)
    pair.give(named)
    assert [one["mandate"] for one in pair.seen(pair.carol)["held"]] == [named.to_json()]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"name": "x" * 81}, "layout-invalid"),
        ({"name": "line\nbreak"}, "layout-invalid"),
        ({"mandate": {}}, "terms-invalid"),
        ({"mandate": []}, "terms-invalid"),
        ({"signature": "0x12"}, "signature-invalid"),
    ],
)
def test_mandate_is_refused_when_it_cannot_be_read(pair: Pair, more: dict[str, Any], code: str) -> None:
    answer = pair.alice.send("POST", "/api/mandates", pair.body(pair.drafted()) | more)
    assert answer.json["code"] == code, answer.text
    assert pair.seen(pair.alice)["given"] == []


def test_what_is_kept_of_a_mandate_is_sealed(world: World, pair: Pair) -> None:
    """W-85: neither the scope nor the name lies readable in the desk's database."""
    pair.give(pair.drafted(), name="Carol Sister")
    (kept,) = world.city.gateway.mandates.book.given_by(Address(pair.alice.wallet.address), 1)
    assert b"laboratory" not in kept.sealed and b"Carol" not in kept.sealed
    assert len(kept.sealed) > 100
