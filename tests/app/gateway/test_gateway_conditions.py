"""Writing under a condition: by identifier, at a version (F-8)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.app.gateway.documents import Desk, values
from tests.app.gateway.interleaving import before_it_writes
from tests.app.gateway.test_gateway_write import code, created, glucose, send
from tests.app.gateway.world import World

QUERY = "identifier=urn:lab|A-1"


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world)


def numbered(desk: Desk, value: float, number: str = "A-1") -> dict[str, Any]:
    return glucose(desk, value, identifier=[{"system": "urn:lab", "value": number}])


@pytest.mark.parametrize("condition", [QUERY, f"?{QUERY}", "identifier=A-1", "identifier=urn:lab%7CA-1"])
def test_conditional_create_writes_once(desk: Desk, condition: str) -> None:
    """F-8: with the system or without, as a header; the answer names what is there already."""
    first = created(desk, numbered(desk, 7.1), **{"If-None-Exist": condition})
    again = send(desk, "POST", "Observation", numbered(desk, 7.4), **{"If-None-Exist": condition})
    assert again.status_code == 200 and again.headers["Location"].endswith(f"/{first['id']}/_history/1")
    assert (again.json["resourceType"], again.headers["ETag"]) == ("OperationOutcome", 'W/"1"')
    assert values(desk.reads()) == [7.1]


@pytest.mark.parametrize("number", ["A,1", "A|1", "A\\1"])
def test_condition_is_read_as_a_search_is(desk: Desk, number: str) -> None:
    """F-8, F-14: a backslash before what would part the value; the first bar ends the system."""
    escaped = number.replace("\\", "\\\\").replace(",", "\\,").replace("|", "\\|")
    created(desk, numbered(desk, 7.1, number))
    again = send(
        desk,
        "POST",
        "Observation",
        numbered(desk, 7.4, number),
        **{"If-None-Exist": f"identifier=urn:lab|{escaped}"},
    )
    assert again.status_code == 200, again.text


def test_conditional_create_in_the_query_is_the_same(desk: Desk) -> None:
    """F-8: fhirpy and older clients send the condition so; leaving it out would write twice."""
    created(desk, numbered(desk, 7.1))
    assert send(desk, "POST", f"Observation?{QUERY}", numbered(desk, 7.4)).status_code == 200
    assert send(desk, "POST", "Observation?_format=json", numbered(desk, 7.4)).status_code == 201


def test_condition_is_met_by_this_patients_current_resources_alone(desk: Desk, world: World) -> None:
    """F-8: another patient's number, another type's and a withdrawn one are free."""
    other = Desk(world)
    created(other, numbered(other, 1.0))
    created(desk, numbered(desk, 2.0, "A-2"))
    first = created(desk, numbered(desk, 7.1), **{"If-None-Exist": QUERY})
    assert send(desk, "DELETE", f"Observation/{first['id']}").status_code == 204
    assert created(desk, numbered(desk, 7.2), **{"If-None-Exist": QUERY})["id"] != first["id"]


def test_condition_that_several_meet_is_refused(desk: Desk) -> None:
    """F-8: 412, whether it creates, updates or withdraws."""
    created(desk, numbered(desk, 1.0))
    created(desk, numbered(desk, 2.0))
    about = f"Observation?{QUERY}&patient=Patient/{desk.ref}"
    for method, path, headers in (
        ("POST", "Observation", {"If-None-Exist": QUERY}),
        ("PUT", f"Observation?{QUERY}", {}),
        ("DELETE", about, {}),
    ):
        answer = send(desk, method, path, numbered(desk, 3.0), **headers)
        assert (answer.status_code, code(answer)) == (412, "condition-ambiguous")
    assert values(desk.reads()) == [1.0, 2.0]


@pytest.mark.parametrize(
    "condition",
    [
        "code=1234-5",
        f"{QUERY}&code=1234-5",
        f"{QUERY}&identifier=x",
        "identifier=urn:lab|",
        "identifier=a,b",
        "identifier=",
        f"{QUERY}&patient=Patient/a&subject=Patient/b",
        "&".join([QUERY] * 40),
    ],
)
def test_condition_that_cannot_be_decided_is_refused(desk: Desk, condition: str) -> None:
    """F-8: no part of it is left out silently."""
    answer = send(desk, "POST", "Observation", numbered(desk, 1.0), **{"If-None-Exist": condition})
    assert (answer.status_code, code(answer)) == (400, "condition-invalid")
    assert desk.reads() == []


def test_condition_about_another_patient_is_refused(desk: Desk, world: World) -> None:
    """F-8: it could never be met, and a second resource would be written."""
    other = Desk(world)
    condition = f"{QUERY}&patient=Patient/{other.ref}"
    answer = send(desk, "POST", "Observation", numbered(desk, 1.0), **{"If-None-Exist": condition})
    assert (answer.status_code, code(answer)) == (422, "bundle-names-two-patients")


def test_conditional_update_creates_once_and_corrects_then(desk: Desk) -> None:
    """F-8: R4 http.html#cond-update."""
    path = f"Observation?{QUERY}"
    first = send(desk, "PUT", path, numbered(desk, 7.1))
    assert first.status_code == 201, first.text
    name = first.json["id"]
    second = send(desk, "PUT", path, numbered(desk, 7.4) | {"id": name}, **{"If-Match": 'W/"1"'})
    assert (second.status_code, second.json["id"], second.headers["ETag"]) == (200, name, 'W/"2"')
    wrong = send(desk, "PUT", path, numbered(desk, 7.5) | {"id": "other"})
    assert (wrong.status_code, code(wrong)) == (400, "resource-id-mismatch")
    unknown = send(desk, "PUT", "Observation?identifier=A-9", numbered(desk, 7.5, "A-9") | {"id": "mine"})
    assert (unknown.status_code, code(unknown)) == (405, "resource-not-own")
    assert code(send(desk, "PUT", "Observation", numbered(desk, 7.5))) == "condition-invalid"
    assert values(desk.reads()) == [7.4]


def test_conditional_update_tells_what_came_meanwhile(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """F-8: nothing was updated, and no answer looks as if it had been."""
    before_it_writes(desk.mercy, lambda: created(desk, numbered(desk, 7.1)), monkeypatch)
    late = send(desk, "PUT", f"Observation?{QUERY}", numbered(desk, 7.4))
    assert (late.status_code, code(late)) == (412, "version-conflict")
    assert values(desk.reads()) == [7.1]


def test_conditional_delete_names_the_patient(desk: Desk) -> None:
    """F-8: an identifier is looked for among one patient's resources."""
    created(desk, numbered(desk, 7.1))
    assert code(send(desk, "DELETE", f"Observation?{QUERY}")) == "condition-invalid"
    about = f"Observation?{QUERY}&patient=Patient/{desk.ref}"
    assert send(desk, "DELETE", about).status_code == 204
    assert code(send(desk, "DELETE", about)) == "resource-unknown"
    assert desk.reads() == []


def test_patient_of_a_single_resource_is_named_in_one_way_or_another(desk: Desk, world: World) -> None:
    """F-5: by reference, absolute too, by identifier or by header; two people are refused, nobody is not guessed."""
    other, origin = Desk(world), desk.mercy.gateway.site.origin
    mrn = {"system": "urn:mrn", "value": f"V-{desk.patient.wallet.address[:10]}"}
    theirs = {"reference": f"Patient/{other.ref}"}
    header = {"X-Consentry-Patient-Ref": desk.ref}
    for subject, headers in (
        ({"reference": f"{origin}/fhir/Patient/{desk.ref}"}, {}),
        ({"type": "Patient", "identifier": mrn}, {}),
        ({"reference": "Patient/own-number"}, header),
    ):
        created(desk, glucose(desk, 1.0, subject=subject), **headers)
    assert len(desk.reads()) == 3
    for subject, headers, status, told in (
        (theirs, header, 422, "bundle-names-two-patients"),
        (theirs | {"identifier": mrn}, {}, 422, "bundle-names-two-patients"),
        ({"reference": "Patient/nobody"}, {}, 404, "patient-not-linked"),
        ({"reference": "Group/g"}, {}, 422, "subject-not-patient"),
    ):
        answer = send(desk, "POST", "Observation", glucose(desk, 1.0, subject=subject), **headers)
        assert (answer.status_code, code(answer)) == (status, told), answer.text
    first = created(desk, glucose(desk, 2.0))
    moved = json.loads(json.dumps(first)) | {"subject": theirs}
    answer = send(desk, "PUT", f"Observation/{first['id']}", moved)
    assert (answer.status_code, code(answer)) == (422, "bundle-names-two-patients")
