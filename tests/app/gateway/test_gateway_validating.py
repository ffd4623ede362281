"""What would become of a resource, without keeping it (F-11)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.app.gateway.documents import Desk, bundle, diagnosis, result
from tests.app.gateway.test_gateway_write import code, glucose, send
from tests.app.gateway.world import World


@pytest.fixture(scope="module")
def desk(world: World) -> Desk:
    return Desk(world)


def issue(desk: Desk, path: str, body: Any) -> dict[str, Any]:
    """The one issue of a check that took place."""
    answer = send(desk, "POST", f"{path}/$validate", body)
    assert answer.status_code == 200, answer.text
    assert answer.json["resourceType"] == "OperationOutcome"
    (found,) = answer.json["issue"]
    return dict(found)


def wrapped(resource: Any, mode: str) -> dict[str, Any]:
    parameters = [{"name": "mode", "valueCode": mode}, {"name": "resource", "resource": resource}]
    return {"resourceType": "Parameters", "parameter": parameters}


def test_validate_says_where_a_resource_would_go(desk: Desk) -> None:
    """F-11: alone, at an id, in Parameters, in a Bundle; nothing is published."""
    for path, body in (
        ("Observation", glucose(desk, 1.0)),
        ("Observation/some-id", glucose(desk, 1.0)),
        ("Observation", wrapped(glucose(desk, 1.0), "create")),
    ):
        found = issue(desk, path, body)
        assert (found["severity"], "1 record: laboratory (N)" in found["diagnostics"]) == (
            "information",
            True,
        )
    found = issue(desk, "Bundle", bundle(result(1.0), diagnosis("F32.1")))
    assert "2 records: laboratory (N), psychiatry (R)" in found["diagnostics"]
    patient = {"resourceType": "Patient", "name": [{"family": "Liddell"}]}
    assert issue(desk, "Patient", patient)["severity"] == "information"
    assert desk.reads() == []


def test_validate_names_the_elements_that_r4_objects_to(desk: Desk) -> None:
    """F-11: as paths in the resource, never by their values."""
    bad = glucose(desk, 1.0) | {"status": "secret-word", "valueQuantity": {"value": "1"}}
    found = issue(desk, "Observation", bad)
    assert found["severity"] == "error" and "secret-word" not in json.dumps(found)
    assert all(one.startswith("Observation.") for one in found["expression"])
    assert issue(desk, "Bundle", bundle(bad))["expression"][0].startswith("Bundle.entry[1].resource.")
    assert (
        issue(desk, "Patient", {"resourceType": "Patient", "birthDate": "secret-word"})["severity"] == "error"
    )


def test_validate_tells_what_is_valid_from_what_is_taken(desk: Desk) -> None:
    """F-11: valid R4 about nobody is a warning, and an error for who wants to create it."""
    nobodys = {key: one for key, one in glucose(desk, 1.0).items() if key != "subject"}
    for body, severity in ((nobodys, "warning"), (wrapped(nobodys, "create"), "error")):
        assert issue(desk, "Observation", body)["severity"] == severity
    sequence = {"resourceType": "MolecularSequence", "coordinateSystem": 0}
    assert issue(desk, "MolecularSequence", sequence)["severity"] == "error"


@pytest.mark.parametrize(
    ("path", "body", "status", "told"),
    [
        ("Observation", {"resourceType": "Condition"}, 400, "resource-type-mismatch"),
        ("Observation", wrapped({"resourceType": "Condition"}, "create"), 400, "resource-type-mismatch"),
        ("Observation", wrapped({"resourceType": "Observation"}, "guess"), 422, "not-fhir"),
        ("Observation", {"resourceType": "Parameters", "parameter": "x"}, 422, "not-fhir"),
        ("Observation", [], 422, "not-fhir"),
        ("Nothing", {"resourceType": "Nothing"}, 404, "route-unknown"),
    ],
)
def test_validate_refuses_what_is_no_resource(
    desk: Desk, path: str, body: Any, status: int, told: str
) -> None:
    """F-11: there is nothing to say about it."""
    answer = send(desk, "POST", f"{path}/$validate", body)
    assert (answer.status_code, code(answer)) == (status, told)
