"""What those who answer petitions are shown, and what that leaves in each patient's trail."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any

import pytest

from consentry.crypto.kept import seal_kept
from consentry.domain import fields
from consentry.domain.petitions import MOST_OPEN, State
from consentry.errors import PetitionNotDone
from consentry.fhir.audit_facts import Pattern
from consentry.fhir.merge import RECORD_TAG
from consentry.ports.versions import Changes, Ended, Standing
from consentry.services import audit, petitions
from consentry.services.petitions import Answer
from tests.app.gateway.documents import Desk, record, result
from tests.app.gateway.people import Person
from tests.app.gateway.test_gateway_petitions import asked, published
from tests.app.gateway.trail import events, of_request, shape, what
from tests.app.gateway.world import World


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world)


def waiting(who: Any) -> list[dict[str, Any]]:
    return list(who.send("GET", "/api/petitions/open").json["petitions"])


def both_ask(desk: Desk, world: World) -> list[tuple[Person, str]]:
    """Two patients, each with a record of the own."""
    found = []
    for one in (desk, Desk(world)):
        name = published(one)
        assert one.patient.send("POST", "/api/petitions", asked(name)).status_code == 201
        found.append((one.patient, name))
    return found


def test_list_leaves_each_patient_an_event_of_the_own(desk: Desk, world: World) -> None:
    """J-1, W-99: which names the own records and nobody else's; a later event about a record finds whose it is."""
    pairs = both_ask(desk, world)
    listed = world.staff(desk.mercy).send("GET", "/api/petitions/open")
    for patient, own in pairs:
        (event,) = of_request(patient, listed)
        assert shape(event) == "PatientQuery" and what(event, "record") == [own]
    for patient, own in pairs:
        body = {"record": own, "reason": "entered-in-error"}
        assert desk.mercy.send("POST", "/api/records/retractions", body).status_code == 200
        newest = events(patient, "_count=1")[0]
        assert shape(newest) == "PatientDelete" and own in what(newest, "record")


def test_event_of_several_patients_records_tells_of_none_whose_it_is(desk: Desk, world: World) -> None:
    """J-1: a list that was read before W-99 said so stands under one patient, whose the others' records are not."""
    (alice, first), (bert, second) = both_ask(desk, world)
    ports = desk.mercy.gateway.audit
    mine = audit.patient_of(f"{RECORD_TAG}|{first}", ports)
    theirs = audit.patient_of(f"{RECORD_TAG}|{second}", ports)
    assert mine is not None and theirs is not None and theirs.value == bert.wallet.address
    (newest,) = events(alice, "_count=1")
    page = audit.read_event(newest["id"], audit.Viewer(alice.wallet.address), ports)[0]
    mixed = replace(
        page, event_id=audit.new_event_id(), pattern=Pattern.QUERY, patient=mine, records=(first, second)
    )
    audit.record([mixed], ports)
    assert audit.patient_of(f"{RECORD_TAG}|{second}", ports) == theirs


def test_count_tells_how_much_waits_and_leaves_no_event(desk: Desk, world: World) -> None:
    """W-99: the desk says so without anything of anybody; somebody else is told who answers."""
    bose = world.staff(desk.mercy)
    before = bose.send("GET", "/api/petitions/count").json["open"]
    (patient, _), *_ = both_ask(desk, world)
    counted = bose.send("GET", "/api/petitions/count")
    assert counted.json == {"open": before + 2}
    assert of_request(patient, counted) == []
    refused = patient.send("GET", "/api/petitions/count")
    assert (refused.status_code, refused.json["code"]) == (403, "role-unfit")


def test_correction_under_way_is_not_told_to_be_done(desk: Desk) -> None:
    """W-100: until the chain has it, what is to take the record's place, or its withdrawal, may still fail."""
    mercy = desk.mercy
    one, book = published(desk), mercy.gateway.petitions.versions
    made = desk.patient.send("POST", "/api/petitions", asked(one)).json
    path, done = f"/api/petitions/{made['id']}/answer", {"state": "done", "words": "It is corrected."}
    name = fields.hex_bytes(one, "record")

    def refused() -> None:
        (shown,) = (each for each in waiting(mercy) if each["record"] == one)
        assert shown["carriedOut"] is False
        assert mercy.send("POST", path, done).json["code"] == "petition-not-done"

    book.note(Changes(ended=(Ended(name, Standing.REPLACED, b"n" * 32),)))  # published, and not anchored
    refused()
    book.note(Changes(ended=(Ended(name, Standing.RETRACTING),)))
    refused()
    book.note(Changes(ended=(Ended(name, Standing.RETRACTED),)))
    (shown,) = (each for each in waiting(mercy) if each["record"] == one)
    assert shown["carriedOut"] is True
    assert mercy.send("POST", path, done).status_code == 200


def test_record_that_the_book_does_not_know_is_not_told_to_be_corrected(desk: Desk) -> None:
    """W-100: nothing says what became of it."""
    one, ports = published(desk), desk.mercy.gateway.petitions
    made = desk.patient.send("POST", "/api/petitions", asked(one)).json
    kept = ports.book.get(fields.hex_bytes(made["id"], "id", 16, 16))
    assert kept is not None
    name, unknown = secrets.token_bytes(16), secrets.token_bytes(32)
    sealed = seal_kept(ports.content_key, b"consentry/v1/petition-words", name, b"x")
    assert ports.book.add(replace(kept, petition_id=name, record_id=unknown, sealed_words=sealed), MOST_OPEN)
    (shown,) = (each for each in waiting(desk.mercy) if each["id"] == fields.to_hex(name))
    assert (shown["category"], shown["standing"], shown["carriedOut"]) == (None, None, False)
    with pytest.raises(PetitionNotDone):
        petitions.answer(Answer(name, State.DONE, "x", "his"), ports)


def test_list_says_whether_others_follow(desk: Desk, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """W-99: the oldest, as many as are given at once."""
    both_ask(desk, world)
    ports = desk.mercy.gateway.petitions
    monkeypatch.setattr(petitions, "AT_ONCE", 1)
    listed = petitions.open_petitions(None, ports)
    assert len(listed.petitions) == 1 and listed.more
    monkeypatch.setattr(petitions, "AT_ONCE", ports.book.count_open())
    assert not petitions.open_petitions(None, ports).more


def test_kind_of_a_strict_record_is_told_below_the_roles_ceiling_alone(desk: Desk, world: World) -> None:
    """W-99: the system published it; a nurse, who sees restricted records at most, is told what to answer and no more."""
    label = {"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "V"}
    (strict,) = desk.publishes(result(7.1, meta={"security": [label]}))
    (other,) = desk.publishes(result(5.2, "o2"))
    normal, one = record(other), record(strict)
    for body in (asked(one, confidentiality="V"), asked(normal)):
        assert desk.patient.send("POST", "/api/petitions", body).status_code == 201

    def told(who: Any, name: str) -> tuple[Any, ...]:
        (shown,) = (each for each in waiting(who) if each["record"] == name)
        return shown["category"], shown["confidentiality"], shown["standing"]

    nurse, attending = world.staff(desk.mercy, "nurse"), world.staff(desk.mercy)
    assert told(nurse, one) == (None, None, "current")
    for who in (attending, desk.mercy):
        assert told(who, one) == ("laboratory", "V", "current")
    assert told(nurse, normal) == ("laboratory", "N", "current")
