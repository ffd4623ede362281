"""Changing a part of a record, by who may read the whole (F-13)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.app.gateway.content import terms
from tests.app.gateway.documents import Desk, diagnosis, reader_of, result, values
from tests.app.gateway.people import Person
from tests.app.gateway.test_gateway_transactions import about, answers, entry
from tests.app.gateway.test_gateway_write import code
from tests.app.gateway.world import World

DOCTOR = {"resourceType": "Practitioner", "id": "dr", "name": [{"family": "Bose"}]}


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world)


@pytest.fixture
def bose(desk: Desk, world: World) -> Person:
    """Staff of the same hospital with a ground for results and psychiatry."""
    return reader_of(desk, world, terms(("laboratory", "psychiatry", "problem")))[0]


def published(desk: Desk) -> dict[str, dict[str, Any]]:
    """Three results of two days in one record, by value, as readers see them."""
    encounter = {"reference": "Encounter/e1"}
    performer = [{"reference": "Practitioner/dr"}, {"reference": "Patient/p"}]
    visit = {"resourceType": "Encounter", "id": "e1", "status": "finished", "class": {"code": "AMB"}}
    rows = [
        result(1.0, "o1", encounter=encounter, performer=performer),
        result(2.0, "o2", encounter=encounter, derivedFrom=[{"reference": "Observation/o1"}]),
        result(3.0, "o3", encounter=encounter, effectiveDateTime="2026-05-05T08:00:00Z"),
    ]
    desk.publishes(visit | {"subject": {"reference": "Patient/p"}}, DOCTOR, *rows)
    return seen(desk)


def seen(desk: Desk) -> dict[str, dict[str, Any]]:
    return {str(one.get("valueQuantity", {}).get("value")): one for one in desk.reads()}


def put(who: Person, desk: Desk, body: dict[str, Any], **headers: str) -> Any:
    """What the patient reads as `self`, staff send under the reference that they know."""
    body = json.loads(json.dumps(body).replace("Patient/self", f"Patient/{desk.ref}"))
    return who.send("PUT", f"/fhir/{body['resourceType']}/{body['id']}", body, **headers)


def stable(one: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in one.items() if key != "meta"}


def test_part_of_a_record_is_corrected_and_the_rest_stays(desk: Desk, bose: Person) -> None:
    """F-13: every id stays, also the practitioner's; the record is the next version of the same document."""
    before = published(desk)
    answer = put(bose, desk, before["2.0"] | {"status": "amended"}, **{"If-Match": 'W/"1"'})
    assert (answer.status_code, answer.headers["ETag"]) == (200, 'W/"2"'), answer.text
    after = seen(desk)
    assert after["2.0"]["status"] == "amended" and answer.json["id"] == before["2.0"]["id"]
    assert {key: stable(one) for key, one in after.items() if key != "2.0"} == {
        key: stable(one) for key, one in before.items() if key != "2.0"
    }
    assert stable(after["2.0"]) == stable(before["2.0"]) | {"status": "amended"}
    late = put(bose, desk, before["2.0"], **{"If-Match": 'W/"1"'})
    assert (late.status_code, code(late)) == (412, "version-conflict")


def test_sender_corrects_what_was_corrected_in_part(desk: Desk, bose: Person) -> None:
    """F-13, D-13: its resources are still known by the sender's names."""
    rows = [result(1.0, "o1"), result(2.0, "o2")]
    desk.publishes(*rows)
    assert put(bose, desk, seen(desk)["1.0"] | {"status": "amended"}).status_code == 200
    desk.publishes(result(1.5, "o1"), result(2.5, "o2"))
    assert values(desk.reads()) == [1.5, 2.5]
    assert {one["meta"]["versionId"] for one in desk.reads()} == {"3"}


def test_part_of_a_record_is_left_out(desk: Desk, bose: Person) -> None:
    """F-13: with whatever referred to it; the last one that is left is withdrawn like any other."""
    before = published(desk)
    name = f"/fhir/Observation/{before['1.0']['id']}"
    assert bose.send("DELETE", name).status_code == 204
    after = seen(desk)
    assert "1.0" not in after and "derivedFrom" not in after["2.0"]
    assert code(put(bose, desk, before["1.0"])) == "resource-gone"
    assert bose.send("DELETE", name).status_code == 204
    for value in ("2.0", "3.0"):
        assert bose.send("DELETE", f"/fhir/Observation/{after[value]['id']}").status_code == 204
    assert "2.0" not in seen(desk) and "3.0" not in seen(desk)


def test_part_that_would_belong_elsewhere_is_refused(desk: Desk, bose: Person) -> None:
    """F-13: nothing becomes readable by who may read its record, because it once stood there."""
    desk.publishes(diagnosis("I10", "c1"), diagnosis("E11", "c2"))
    one = next(iter(desk.reads()))
    moved = put(bose, desk, one | {"code": diagnosis("F32.1")["code"]})
    assert (moved.status_code, code(moved)) == (409, "resource-not-alone")
    label = {"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "V"}
    graded = put(bose, desk, one | {"meta": {"security": [label]}})
    assert (graded.status_code, code(graded)) == (409, "resource-not-alone")
    reason = {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": "F32.1"}]}
    visit = {
        "resourceType": "Encounter",
        "status": "finished",
        "class": {"code": "AMB"},
        "reasonCode": [reason],
    }
    (told,) = answers(desk, entry(about(desk, visit)))
    reference = told["response"]["location"].partition("/_history")[0]
    within = put(bose, desk, one | {"encounter": {"reference": reference}})
    assert (within.status_code, code(within)) == (409, "resource-not-alone")
    assert len(desk.reads()) == 3


def test_part_is_not_changed_by_who_may_not_read_the_record(desk: Desk, world: World) -> None:
    """F-13: a ground for something else is none; a system says for whom it asks, and why."""
    before = published(desk)
    doctor, _ = reader_of(desk, world, terms(("problem",)))
    answer = put(doctor, desk, before["2.0"])
    assert (answer.status_code, code(answer)) == (409, "resource-not-alone")
    body = before["2.0"] | {"subject": {"reference": f"Patient/{desk.ref}"}}
    system = desk.mercy.send("PUT", f"/fhir/Observation/{body['id']}", body)
    assert (system.status_code, code(system)) == (409, "resource-not-alone")


def test_sensitive_record_keeps_what_looks_ordinary_by_itself(desk: Desk, bose: Person) -> None:
    """F-13: a result that is psychiatric by what it was reported with stays so."""
    report = {
        "resourceType": "DiagnosticReport",
        "status": "final",
        "code": {"text": "psychiatric consultation"},
        "result": [{"reference": "urn:uuid:level"}],
    }
    sent = about(desk, diagnosis("F32.1")) | {"evidence": [{"detail": [{"reference": "urn:uuid:level"}]}]}
    answers(
        desk,
        entry(sent),
        entry(about(desk, report)),
        entry(about(desk, result(0.8)), fullUrl="urn:uuid:level"),
    )
    found = {one["resourceType"]: one for one in desk.reads()}
    psychiatric = [one for one in found.values() if "psychiatry" in str(one["meta"]["tag"])]
    for one in psychiatric:
        answer = put(bose, desk, one | {"language": "en"})
        assert answer.status_code == 200, answer.text
    assert len(psychiatric) == 2 and len(desk.reads()) == 3
