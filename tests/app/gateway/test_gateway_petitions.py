"""Patients ask the hospital that wrote a record to correct or erase it, and hear what became of that."""

from __future__ import annotations

import secrets
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from consentry.crypto.signatures import sign_digest
from consentry.domain import fields
from consentry.domain.categories import Category
from consentry.services import petitions
from consentry.services.erasure import ErasurePorts, erase
from consentry.services.petitions import PetitionPorts, Waiting
from consentry.services.retention import Rule, kept_until
from tests.app.gateway.documents import Desk, record, result
from tests.app.gateway.people import Person
from tests.app.gateway.test_gateway_reading import code_of
from tests.app.gateway.test_page_news import news
from tests.app.gateway.world import World

WORDS = "The value is somebody else's: 我那天没有抽血。"


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world)


def asked(record_id: str, **more: Any) -> dict[str, Any]:
    return {
        "record": record_id, "category": "laboratory", "confidentiality": "N", "asks": "correct", "words": WORDS,
    } | more  # fmt: skip


def published(desk: Desk) -> str:
    (answer,) = desk.publishes(result(7.1))
    return record(answer)


def test_patient_asks_and_hears_the_answer(desk: Desk, world: World) -> None:
    """W-19, W-42, W-99, W-100: its people see who asks for what, answer once and truly; the patient hears and reads it."""
    one = published(desk)
    made = desk.patient.send("POST", "/api/petitions", asked(one))
    assert made.status_code == 201 and made.json["state"] == "open" and made.json["words"] == WORDS
    waiting = desk.mercy.send("GET", "/api/petitions/open").json["petitions"]
    assert [(each["record"], each["patient"], each["words"]) for each in waiting] == [
        (one, desk.patient.did, WORDS)
    ]
    assert [(each["category"], each["confidentiality"], each["standing"]) for each in waiting] == [
        ("laboratory", "N", "current")
    ]
    path = f"/api/petitions/{made.json['id']}/answer"
    told = {"state": "done", "words": "A corrected version is published."}
    assert code_of(desk.mercy.send("POST", path, told)) == "petition-not-done"
    (corrected,) = desk.publishes(result(5.2))
    (waiting,) = desk.mercy.send("GET", "/api/petitions/open").json["petitions"]
    assert (waiting["standing"], waiting["newer"]) == ("replaced", record(corrected))
    assert desk.mercy.send("POST", path, told).status_code == 200
    assert code_of(desk.mercy.send("POST", path, told)) == "petition-unknown"
    (mine,) = desk.patient.send("GET", "/api/petitions").json["petitions"]
    assert (mine["state"], mine["answer"]) == ("done", told["words"])
    (new,) = news(desk.patient)
    assert (new["type"], new["id"], new["seenAt"]) == ("petition-answered", mine["id"], None)
    assert news(world.patient(world.mercy)) == []
    assert (
        desk.patient.send(
            "POST", "/api/notifications/seen", {"type": new["type"], "id": new["id"]}
        ).status_code
        == 204
    )
    assert news(desk.patient)[0]["seenAt"]
    assert desk.mercy.send("GET", "/api/petitions/open").json["petitions"] == []


def test_petition_is_refused_when_the_record_is_not_the_patients(desk: Desk, world: World) -> None:
    """W-42: one refusal: no such record, another patient's, another hospital's, a header that is not its own."""
    one = published(desk)
    stranger = world.patient(world.mercy)
    cases: list[tuple[Person, dict[str, Any]]] = [
        (desk.patient, asked(fields.to_hex(secrets.token_bytes(32)))),
        (stranger, asked(one)),
        (desk.patient, asked(one, category="hiv")),
        (desk.patient, asked(one, confidentiality="V")),
    ]
    elsewhere = world.person(world.city)
    elsewhere.wallet = desk.patient.wallet
    elsewhere.sign_in()
    cases.append((elsewhere, asked(one)))
    for who, body in cases:
        assert code_of(who.send("POST", "/api/petitions", body)) == "record-unknown"


def test_petition_takes_its_own_words_only(desk: Desk) -> None:
    """W-42: what is not asked for is refused by its name; the patient's side alone asks, the hospital's own alone answer."""
    one = published(desk)
    for wrong in (
        {"asks": "forge"},
        {"words": ""},
        {"words": "x" * 4001},
        {"record": "0x00"},
        {"category": "x"},
    ):
        assert desk.patient.send("POST", "/api/petitions", asked(one, **wrong)).status_code == 400
    assert code_of(desk.mercy.send("POST", "/api/petitions", asked(one))) == "role-unfit"
    assert code_of(desk.patient.send("GET", "/api/petitions/open")) == "role-unfit"
    nowhere = f"/api/petitions/0x{'00' * 16}/answer"
    assert code_of(desk.patient.send("POST", nowhere, {"state": "done", "words": "x"})) == "role-unfit"
    assert desk.mercy.send("POST", nowhere, {"state": "open", "words": "x"}).status_code == 400


def open_about(record_id: str, ports: PetitionPorts) -> Waiting:
    (one,) = (
        each
        for each in petitions.open_petitions(None, ports).petitions
        if fields.to_hex(each.petition.kept.record_id) == record_id
    )
    return one


def test_erasure_is_told_to_be_done_once_a_store_says_so(desk: Desk) -> None:
    """W-99, W-100: the law's clock stands beside it, and only a certificate makes it done."""
    one, mercy = published(desk), desk.mercy
    made = desk.patient.send("POST", "/api/petitions", asked(one, asks="erase")).json
    ports: PetitionPorts = mercy.gateway.petitions
    assert open_about(one, replace(ports, jurisdiction="")).law is None
    root = ports.erasures.root_of(fields.hex_bytes(one, "record"))
    anchor = ports.ledger.anchor_of(ports.member, root or b"")
    assert anchor is not None
    until = kept_until(ports.table, "DE", Category.LABORATORY, anchor.anchored_at, ports.clock.now())
    assert open_about(one, replace(ports, jurisdiction="DE")).law == until is not None
    path = f"/api/petitions/{made['id']}/answer"
    assert code_of(mercy.send("POST", path, {"state": "done", "words": "x"})) == "petition-not-done"
    erasing = ErasurePorts(
        publishing=mercy.gateway.publishing,
        own=ports.erasures,
        here=mercy.gateway.obeying,
        table={"ZZ": (Rule("any", 0, "nothing is kept here"),)},
        jurisdiction="ZZ",
        chain_id=ports.ledger.chain_id,
        sign=partial(sign_digest, mercy.keys["account"]),
    )
    erase(fields.hex_bytes(one, "record"), mercy.keys["copy"], mercy.gateway.author, erasing)
    assert open_about(one, ports).erased
    assert mercy.send("POST", path, {"state": "done", "words": "Gone."}).status_code == 200


def test_words_lie_sealed_and_one_patient_has_bounded_room(desk: Desk) -> None:
    """W-42, P-1: the database shows neither what is asked nor what was answered; fifty wait at most."""
    one = published(desk)
    made = desk.patient.send("POST", "/api/petitions", asked(one)).json
    ports: PetitionPorts = desk.mercy.gateway.petitions
    kept = ports.book.get(fields.hex_bytes(made["id"], "id", 16, 16))
    assert kept is not None and WORDS.encode() not in kept.sealed_words
    for _ in range(49):
        assert ports.book.add(replace(kept, petition_id=secrets.token_bytes(16)), 50)
    assert code_of(desk.patient.send("POST", "/api/petitions", asked(one))) == "petitions-too-many"


def test_retracted_record_is_asked_about_no_more(desk: Desk) -> None:
    """W-42: what was taken back is not there to be corrected."""
    one = published(desk)
    body = {"record": one, "reason": "entered-in-error"}
    assert desk.mercy.send("POST", "/api/records/retractions", body).status_code == 200
    assert code_of(desk.patient.send("POST", "/api/petitions", asked(one))) == "record-unknown"


def test_keeping_is_told_to_anybody(desk: Desk) -> None:
    """W-43, X-1: the rows of the member's own jurisdiction, each with its source; none where it has named none."""
    ports = desk.mercy.gateway.petitions
    german = replace(ports, jurisdiction="DE")
    assert {rule.category for rule in petitions.keeping(german)} >= {"any", "imaging"}
    told = desk.mercy.client.get("/api/retention").json
    assert told["jurisdiction"] == (ports.jurisdiction or None)
    assert [row["years"] for row in told["rules"]] == [rule.years for rule in petitions.keeping(ports)]


def test_erasure_is_asked_for_in_the_same_way(desk: Desk) -> None:
    """W-43: by the patient, of the hospital that wrote it."""
    one = published(desk)
    made = desk.patient.send("POST", "/api/petitions", asked(one, asks="erase")).json
    assert made["asks"] == "erase" and made["answer"] is None
