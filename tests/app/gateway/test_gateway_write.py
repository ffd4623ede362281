"""Single resources as FHIR clients write them: created, corrected, withdrawn (F-5 to F-8)."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class
from werkzeug.test import TestResponse

from consentry.fhir import single
from consentry.fhir.classify import CONFIDENTIALITY
from consentry.fhir.merge import CATEGORY_TAG, RECORD_TAG
from tests.app.gateway.documents import Desk, diagnosis, result, values
from tests.app.gateway.world import World


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world)


def send(desk: Desk, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
    raw = None if body is None else json.dumps(body).encode()
    sent = {"Authorization": f"Bearer {desk.mercy.key}", "Content-Type": "application/fhir+json"} | headers
    return desk.mercy.client.open(f"/fhir/{path}", method=method, data=raw, headers=sent)


def glucose(desk: Desk, value: float, **more: Any) -> dict[str, Any]:
    """As a client sends what it never sent before: no id, the patient by this gateway's reference."""
    made = result(value, **more) | {"subject": {"reference": f"Patient/{desk.ref}"}}
    return {key: one for key, one in made.items() if key != "id"} | more


def code(answer: TestResponse) -> str:
    assert answer.json["resourceType"] == "OperationOutcome", answer.text
    get_fhir_model_class("OperationOutcome").model_validate(answer.json)
    return str(answer.json["issue"][0]["details"]["coding"][0]["code"])


def created(desk: Desk, body: dict[str, Any], **headers: str) -> dict[str, Any]:
    answer = send(desk, "POST", body["resourceType"], body, **headers)
    assert answer.status_code == 201, answer.text
    return dict(json.loads(answer.data))


def test_created_resource_is_what_readers_see(desk: Desk) -> None:
    """F-5: 201, Location, ETag, Last-Modified, and the resource under the id that readers will find."""
    answer = send(desk, "POST", "Observation", glucose(desk, 7.1))
    assert (answer.status_code, answer.mimetype) == (201, "application/fhir+json"), answer.text
    told = json.loads(answer.data)
    get_fhir_model_class("Observation").model_validate(told)
    origin = desk.mercy.gateway.site.origin
    assert answer.headers["Location"] == f"{origin}/fhir/Observation/{told['id']}/_history/1"
    assert answer.headers["ETag"] == 'W/"1"' and answer.last_modified is not None
    assert answer.last_modified == datetime.fromisoformat(told["meta"]["lastUpdated"])
    assert told["subject"] == {"reference": f"Patient/{desk.ref}"}
    (seen,) = desk.reads()
    assert {**seen, "subject": told["subject"]} == told


def test_same_content_created_twice_is_two_resources(desk: Desk) -> None:
    """F-5: what is created is new each time; an id in the body counts for nothing (R4 http.html#create)."""
    one, other = created(desk, glucose(desk, 5.0)), created(desk, glucose(desk, 5.0, id="mine"))
    assert one["id"] != other["id"] and "mine" not in (one["id"], other["id"])
    assert values(desk.reads()) == [5.0, 5.0]


def test_answer_follows_prefer(desk: Desk) -> None:
    """F-5: minimal, OperationOutcome, representation; an unknown preference is no error."""
    bare = send(desk, "POST", "Observation", glucose(desk, 1.0), Prefer="return=minimal")
    assert (bare.status_code, bare.data) == (201, b"") and bare.headers["Location"]
    told = send(
        desk, "POST", "Observation", glucose(desk, 1.0), Prefer="respond-async, return=OperationOutcome"
    )
    assert told.json["resourceType"] == "OperationOutcome" and told.status_code == 201
    whole = send(desk, "POST", "Observation", glucose(desk, 1.0), Prefer="return=all")
    assert whole.json["resourceType"] == "Observation"


def test_update_is_the_next_version_under_the_same_id(desk: Desk) -> None:
    """F-6: as a client saves what it got, changed; the same content again changes nothing."""
    label = {"system": CONFIDENTIALITY, "code": "N"}
    first = created(desk, glucose(desk, 7.1, meta={"security": [label]}))
    path = f"Observation/{first['id']}"
    changed = first | {"valueQuantity": {"value": 7.4, "unit": "mmol/L"}}
    answer = send(desk, "PUT", path, changed)
    assert (answer.status_code, answer.headers["ETag"]) == (200, 'W/"2"'), answer.text
    told = json.loads(answer.data)
    assert told["id"] == first["id"] and told["meta"]["versionId"] == "2"
    again = send(desk, "PUT", path, told)
    assert (again.status_code, again.headers["ETag"], again.last_modified) == (200, 'W/"2"', None)
    assert send(desk, "PUT", path, first).headers["ETag"] == 'W/"3"'
    (seen,) = desk.reads()
    assert (seen["id"], seen["valueQuantity"]["value"], seen["meta"]["versionId"]) == (first["id"], 7.1, "3")
    assert [one["resource"]["meta"]["versionId"] for one in desk.history()] == ["3", "2", "1"]


def test_update_is_refused_at_another_version(desk: Desk) -> None:
    """F-6: If-Match, weak or strong; nothing is written."""
    first = created(desk, glucose(desk, 7.1))
    path = f"Observation/{first['id']}"
    second = first | {"valueQuantity": {"value": 7.4, "unit": "mmol/L"}}
    assert send(desk, "PUT", path, second, **{"If-Match": 'W/"1"'}).status_code == 200
    for tag in ('W/"1"', '"1"', "1", 'W/"7"', "nonsense"):
        answer = send(desk, "PUT", path, first, **{"If-Match": tag})
        assert (answer.status_code, code(answer)) == (412, "version-conflict")
        assert send(desk, "DELETE", path, **{"If-Match": tag}).status_code == 412
    assert send(desk, "PUT", path, first, **{"If-Match": '"1", W/"2"'}).status_code == 200
    assert send(desk, "PUT", path, second, **{"If-Match": "*"}).status_code == 200


def test_update_that_moves_the_category_moves_to_another_id(desk: Desk) -> None:
    """F-6, D-15: what was readable as a problem is gone; the address says so."""
    body = diagnosis("I10") | {"subject": {"reference": f"Patient/{desk.ref}"}}
    first = created(desk, body)
    moved = send(desk, "PUT", f"Condition/{first['id']}", first | {"code": diagnosis("F32.1")["code"]})
    assert moved.status_code == 201 and moved.json["id"] != first["id"], moved.text
    assert {"system": CATEGORY_TAG, "code": "psychiatry"} in moved.json["meta"]["tag"]
    gone = send(desk, "PUT", f"Condition/{first['id']}", first)
    assert (gone.status_code, code(gone)) == (410, "resource-gone")
    assert [one["id"] for one in desk.reads()] == [moved.json["id"]]


def test_withdrawn_resource_is_gone_for_ever(desk: Desk) -> None:
    """F-7: in all versions; withdrawing twice is no error, what was never here is unknown."""
    first = created(desk, glucose(desk, 7.1))
    path = f"Observation/{first['id']}"
    assert send(desk, "PUT", path, first | {"status": "amended"}).status_code == 200
    for _ in range(2):
        answer = send(desk, "DELETE", path)
        assert (answer.status_code, answer.data) == (204, b"")
    assert desk.reads() == [] and {one["request"]["method"] for one in desk.history()} == {"DELETE"}
    assert code(send(desk, "PUT", path, first)) == "resource-gone"
    unknown = send(desk, "DELETE", "Observation/never-here")
    assert (unknown.status_code, code(unknown)) == (404, "resource-unknown")


def test_resource_beside_others_is_not_written_without_a_ground(desk: Desk) -> None:
    """F-13: what shares a record with others changes with them, by who may read them; others are told so."""
    desk.publishes(result(1.0, "o1"), result(2.0, "o2"))
    one = next(found for found in desk.reads() if found["valueQuantity"]["value"] == 1.0)
    body = one | {"subject": {"reference": f"Patient/{desk.ref}"}, "status": "amended"}
    for method in ("PUT", "DELETE"):
        answer = send(desk, method, f"Observation/{one['id']}", body)
        assert (answer.status_code, code(answer)) == (409, "resource-not-alone")
    assert values(desk.reads()) == [1.0, 2.0]


def test_resource_of_a_bundle_is_updated_by_its_id(desk: Desk) -> None:
    """F-6, D-13: and stays known by its sender's name, so that the sender's next correction finds it."""
    desk.publishes(result(1.0))
    (one,) = desk.reads()
    body = one | {"subject": {"reference": f"Patient/{desk.ref}"}, "status": "amended"}
    assert send(desk, "PUT", f"Observation/{one['id']}", body).headers["ETag"] == 'W/"2"'
    desk.publishes(result(1.5))
    (seen,) = desk.reads()
    assert (seen["id"], seen["meta"]["versionId"], values([seen])) == (one["id"], "3", [1.5])


def test_what_the_gateway_gives_is_not_part_of_the_content() -> None:
    """F-5: id, version and time of update are the gateway's (R4 http.html#create); the rest of meta stays."""
    named = {"resourceType": "Observation", "status": "final", "code": {"text": "x"}}
    subject = {"subject": {"reference": "Patient/p"}}
    meta = {"versionId": "9", "lastUpdated": "2026-01-01T00:00:00Z", "profile": ["http://x"]}
    (entry,) = single.bundle_of(named | subject | {"id": "z", "meta": meta}, "urn:uuid:a").entries
    assert entry.resource == named | subject | {"meta": {"profile": ["http://x"]}}
    own = [{"system": "http://x", "code": "y"}]
    read = {"tag": [*own, {"system": RECORD_TAG, "code": "0x"}], "source": f"{RECORD_TAG}:0x"}
    (entry,) = single.bundle_of(named | subject | {"meta": read}, "urn:uuid:a").entries
    assert entry.resource["meta"] == {"tag": own}
    (entry,) = single.bundle_of(named | subject | {"meta": {"versionId": "1"}}, "urn:uuid:a").entries
    assert entry.resource == named | subject


def test_resource_of_a_patient_without_a_directory_waits(world: World) -> None:
    """F-5, D-9: 202, and it can be corrected and withdrawn while it waits."""
    desk = Desk(world, world.person(world.mercy))
    answer = send(desk, "POST", "Observation", glucose(desk, 7.1))
    assert answer.status_code == 202 and answer.json["id"] and answer.last_modified is None, answer.text
    path = f"Observation/{answer.json['id']}"
    told = send(desk, "PUT", path, answer.json | {"status": "amended"}, Prefer="return=OperationOutcome")
    assert (told.status_code, told.headers["ETag"]) == (202, 'W/"2"')
    assert "directory" in told.json["issue"][0]["diagnostics"]
    assert send(desk, "DELETE", path).status_code == 204


def test_withdrawn_allergy_leaves_the_emergency_summary(desk: Desk) -> None:
    """F-7, E-20: at once, not with the next publication about the patient."""
    allergy = {
        "resourceType": "AllergyIntolerance",
        "patient": {"reference": f"Patient/{desk.ref}"},
        "code": {"text": "Penicillin"},
        "recordedDate": "2026-05-04",
    }
    first = created(desk, allergy)
    path = "/fhir/Patient/self/$everything"
    assert desk.patient.send("GET", path).text.count("Penicillin") == 2
    assert send(desk, "DELETE", f"AllergyIntolerance/{first['id']}").status_code == 204
    assert "Penicillin" not in desk.patient.send("GET", path).text
