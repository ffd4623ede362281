"""Transactions as FHIR clients send them, answered entry by entry (F-10)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class

from tests.app.gateway.documents import Desk, diagnosis, result, values
from tests.app.gateway.test_gateway_write import code, created, glucose, send
from tests.app.gateway.world import World

Row = dict[str, Any]


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world)


def entry(resource: Row, method: str = "POST", url: str = "", **more: Any) -> Row:
    name = more.pop("fullUrl", None)
    request = {"method": method, "url": url or resource["resourceType"]} | more
    row = {"resource": resource, "request": request}
    return row if name is None else row | {"fullUrl": name}


def sent(desk: Desk, *rows: Row, kind: str = "transaction", **headers: str) -> Any:
    return desk.mercy.publish({"resourceType": "Bundle", "type": kind, "entry": list(rows)}, **headers)


def answers(desk: Desk, *rows: Row, kind: str = "transaction", **headers: str) -> list[Row]:
    answer = sent(desk, *rows, kind=kind, **headers)
    assert answer.status_code == 200, answer.text
    told = json.loads(answer.data)
    get_fhir_model_class("Bundle").model_validate(told)
    assert told["type"] == f"{kind}-response" and len(told["entry"]) == len(rows)
    return list(told["entry"])


def about(desk: Desk, resource: Row) -> Row:
    subject = {"subject": {"reference": f"Patient/{desk.ref}"}}
    return {key: one for key, one in (resource | subject).items() if key != "id"}


def test_transaction_is_answered_entry_by_entry(desk: Desk) -> None:
    """F-10: in their order, each with the address that readers will find it under."""
    doctor = {"resourceType": "Practitioner", "name": [{"family": "Bose"}]}
    patient = {"resourceType": "Patient", "identifier": [{"value": "x"}]}
    report = about(desk, diagnosis("F32.1")) | {"asserter": {"reference": "urn:uuid:dr"}}
    rows = [
        entry(about(desk, result(7.1))),
        entry(patient, fullUrl=f"Patient/{desk.ref}"),
        entry(doctor, fullUrl="urn:uuid:dr", ifNoneExist="identifier=urn:x|1"),
        entry(report),
    ]
    observation, person, practitioner, condition = answers(desk, *rows)
    assert [one["response"]["status"] for one in (observation, practitioner, condition)] == [
        "201 Created"
    ] * 3
    assert person["response"] == {"status": "200 OK", "location": f"Patient/{desk.ref}"}
    seen = {f"{one['resourceType']}/{one['id']}" for one in desk.reads()}
    told = [
        one["response"]["location"].partition("/_history")[0]
        for one in (observation, practitioner, condition)
    ]
    assert seen == set(told)
    assert observation["response"]["etag"] == 'W/"1"' and "resource" not in observation


def test_transaction_gives_the_resources_to_who_prefers_it(desk: Desk) -> None:
    """F-10: as readers will see them."""
    (told,) = answers(desk, entry(about(desk, result(7.1))), Prefer="return=representation")
    (seen,) = desk.reads()
    assert told["resource"]["id"] == seen["id"] and told["resource"]["meta"] == seen["meta"]
    assert told["response"]["lastModified"] == seen["meta"]["lastUpdated"]


def test_transaction_updates_by_the_ids_that_readers_see(desk: Desk) -> None:
    """F-10: the next version, under the same id, beside what is new; and all of it or nothing."""
    first = created(desk, glucose(desk, 7.1))
    path = f"Observation/{first['id']}"
    changed = first | {"status": "amended"}
    new = entry(about(desk, diagnosis("I10")))
    refused = sent(desk, new, entry(changed, "PUT", path, ifMatch='W/"4"'))
    assert (refused.status_code, code(refused)) == (412, "version-conflict")
    assert refused.json["issue"][0]["expression"] == ["Bundle.entry[1]"]
    assert values(desk.reads()) == [7.1]
    _, told = answers(desk, new, entry(changed, "PUT", path, ifMatch='W/"1"'))
    assert told["response"]["status"] == "200 OK" and told["response"]["location"] == f"{path}/_history/2"
    assert len(desk.reads()) == 2
    assert send(desk, "DELETE", path).status_code == 204
    gone = sent(desk, entry(changed, "PUT", path))
    assert (gone.status_code, code(gone)) == (410, "resource-gone")


def test_transaction_changes_a_record_as_a_whole(desk: Desk) -> None:
    """F-10, F-6: all that a record holds may be updated together; a part of it is refused, not shown twice."""
    rows = [entry(about(desk, result(value, "o")), fullUrl=f"urn:uuid:{value}") for value in (1.0, 2.0)]
    first = answers(desk, *rows, Prefer="return=representation")
    bodies = [one["resource"] | {"status": "amended"} for one in first]
    updates = [entry(one, "PUT", f"Observation/{one['id']}") for one in bodies]
    part = sent(desk, updates[0])
    assert (part.status_code, code(part)) == (409, "resource-not-alone")
    told = answers(desk, *updates)
    assert [one["response"]["etag"] for one in told] == ['W/"2"', 'W/"2"']
    assert {one["id"] for one in desk.reads()} == {one["id"] for one in bodies}
    assert {one["status"] for one in desk.reads()} == {"amended"}


def test_transaction_writes_what_is_not_there_yet(desk: Desk) -> None:
    """F-10, F-8: ifNoneExist and updates by identifier."""
    named = about(desk, result(7.1)) | {"identifier": [{"system": "urn:lab", "value": "A-1"}]}
    condition, query = "identifier=urn:lab|A-1", "Observation?identifier=urn:lab|A-1"
    (first,) = answers(desk, entry(named, ifNoneExist=condition))
    again, other = answers(desk, entry(named, ifNoneExist=condition), entry(about(desk, result(3.0))))
    assert again["response"]["status"] == "200 OK"
    assert again["response"]["location"] == first["response"]["location"]
    assert other["response"]["status"] == "201 Created"
    (alone,) = answers(desk, entry(named, ifNoneExist=condition))
    assert alone["response"]["location"] == first["response"]["location"]
    (updated,) = answers(desk, entry(named | {"status": "amended"}, "PUT", query))
    assert updated["response"]["etag"] == 'W/"2"'
    assert values(desk.reads()) == [3.0, 7.1]


@pytest.mark.parametrize("names_patient", [True, False])
def test_transaction_sent_again_writes_nothing(desk: Desk, names_patient: bool) -> None:  # noqa: FBT001
    """F-10: who is named in it is kept with what refers to that, and no visit is made up for them."""
    doctor = {"resourceType": "Practitioner", "name": [{"family": "Bose"}]}
    named = about(desk, result(7.1)) | {
        "identifier": [{"system": "urn:lab", "value": "A-1"}],
        "performer": [{"reference": "urn:uuid:dr"}],
    }
    patient = entry(
        {"resourceType": "Patient", "identifier": [{"value": "x"}]}, fullUrl=f"Patient/{desk.ref}"
    )
    rows = [entry(doctor, fullUrl="urn:uuid:dr"), entry(named, ifNoneExist="identifier=urn:lab|A-1")]
    rows += [patient] if names_patient else []
    first = answers(desk, *rows)
    seen = desk.reads()
    again = answers(desk, *rows)
    assert [one["response"]["status"] for one in again] == ["200 OK"] * len(rows)
    assert again[1]["response"]["location"] == first[1]["response"]["location"]
    assert "location" not in again[0]["response"] and desk.reads() == seen


@pytest.mark.parametrize(
    ("row", "status", "told"),
    [
        ({"request": {"method": "GET", "url": "Observation/x"}}, 422, "bundle-type-unsupported"),
        (entry(result(1.0), "DELETE", "Observation/x"), 422, "bundle-type-unsupported"),
        (entry(result(1.0), "POST", "Condition"), 400, "resource-type-mismatch"),
        (entry(result(1.0), "POST", "Observation/o1"), 422, "not-fhir"),
        (entry(result(1.0), "PUT", "Observation"), 422, "not-fhir"),
        (entry(result(1.0), "PUT", "Observation/o2"), 400, "resource-id-mismatch"),
        (entry(result(1.0), "PUT", "Observation?code=x"), 400, "condition-invalid"),
        (entry(result(1.0), "POST", "", ifNoneExist="code=x"), 400, "condition-invalid"),
        (entry(result(1.0), "PAINT", ""), 422, "not-fhir"),
        ({"request": "POST"}, 422, "not-fhir"),
        ({"request": {"method": "POST", "url": 7}}, 422, "not-fhir"),
    ],
)
def test_transaction_is_refused_as_a_whole(desk: Desk, row: Row, status: int, told: str) -> None:
    """F-10: one entry that can't be carried out leaves nothing behind."""
    mine = {"subject": {"reference": f"Patient/{desk.ref}"}}
    row = row | ({"resource": row["resource"] | mine} if "resource" in row else {})
    answer = sent(desk, entry(about(desk, result(7.0))), row)
    assert (answer.status_code, code(answer)) == (status, told), answer.text
    assert desk.reads() == []


def test_transaction_is_answered_record_by_record_on_demand(desk: Desk) -> None:
    """G-12: for who wants to know what became of records."""
    answer = sent(desk, entry(about(desk, result(7.0))), **{"X-Consentry-Answer": "records"})
    assert answer.json["entry"][0]["response"]["location"].startswith("urn:consentry:record:")
