"""Forms and bounds of what FHIR clients send and ask for (F-9, F-12)."""

from __future__ import annotations

import json
import resource as machine
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.app.gateway.documents import Desk, bundle, result
from tests.app.gateway.test_gateway_write import code, created, glucose, send
from tests.app.gateway.world import World


@pytest.fixture(scope="module")
def desk(world: World) -> Desk:
    return Desk(world)


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("application/fhir+json", 200),
        ("application/json", 200),
        ("application/fhir+json; fhirVersion=4.0", 200),
        ("application/fhir+json;q=1.0, application/fhir+xml;q=0.9", 200),
        ("application/fhir+xml;q=1.0, application/json+fhir;q=0.1", 200),
        ("text/html,application/xhtml+xml,*/*;q=0.8", 200),
        ("application/*", 200),
        ("", 200),
        ("application/fhir+xml", 406),
        ("text/html", 406),
        ("application/fhir+json; fhirVersion=5.0", 406),
        ("application/fhir+json;q=0", 406),
    ],
)
def test_answer_is_json_for_who_accepts_it(world: World, accept: str, status: int) -> None:
    """F-9: and nothing else for anybody."""
    answer = world.mercy.client.get("/fhir/metadata", headers={"Accept": accept} if accept else {})
    assert (answer.status_code, answer.mimetype) == (status, "application/fhir+json")
    if status != 200:
        assert code(answer) == "not-acceptable"


@pytest.mark.parametrize(
    ("format", "status"),
    [
        ("json", 200),
        ("application/fhir%2Bjson", 200),
        ("application/fhir+json", 200),
        ("xml", 406),
        ("", 406),
    ],
)
def test_format_in_the_query_counts_before_accept(world: World, format: str, status: int) -> None:
    """F-9: R4 http.html#mime-type, for clients that can't set headers."""
    headers = {"Accept": "application/fhir+xml"}
    answer = world.mercy.client.get(f"/fhir/metadata?_format={format}", headers=headers)
    assert answer.status_code == status


def test_errors_of_the_framework_are_outcomes_too(desk: Desk) -> None:
    """F-9, G-2: 404, 405 with what is allowed, 413, 415; at addresses of single resources."""
    body = glucose(desk, 1.0)
    cases: list[tuple[TestResponse, int, str]] = [
        (send(desk, "POST", "Nothing", body), 404, "route-unknown"),
        (send(desk, "PUT", "Observation/a_b", body), 404, "route-unknown"),
        (send(desk, "PUT", f"Observation/{'x' * 65}", body), 404, "route-unknown"),
        (send(desk, "PATCH", "Observation/x", body), 405, "method-unsupported"),
        (send(desk, "PUT", "Observation/x", body | {"id": "x"}), 405, "resource-not-own"),
        (
            send(desk, "POST", "Observation", body, **{"Content-Type": "text/plain"}),
            415,
            "media-type-unsupported",
        ),
        (
            send(desk, "POST", "Observation", glucose(desk, 1.0, note=[{"text": "x" * 300_000}])),
            413,
            "bundle-too-large",
        ),
    ]
    for answer, status, told in cases:
        assert (answer.status_code, code(answer)) == (status, told), answer.text
        assert "Allow" in answer.headers or status != 405
    versioned = {"Content-Type": "application/fhir+json; fhirVersion=5.0"}
    assert send(desk, "POST", "Observation", body, **versioned).status_code == 415


@pytest.mark.parametrize(
    ("raw", "status", "told"),
    [
        (b"", 400, "not-json"),
        (b"[" * 100_000, 400, "not-json"),
        (b'{"a":' * 1_000 + b"1" + b"}" * 1_000, 400, "not-json"),
        (b'{"resourceType":"Observation","status":"final","status":"final"}', 400, "not-json"),
        (b'{"resourceType":"Observation","valueInteger":1e999999}', 400, "not-json"),
        (b'{"resourceType":"Observation","status":"\xff"}', 400, "not-json"),
        (b"[]", 422, "not-fhir"),
        (b"null", 422, "not-fhir"),
        (b'{"resourceType":7}', 422, "not-fhir"),
        (b'{"resourceType":"Condition"}', 400, "resource-type-mismatch"),
        (b'{"resourceType":"Observation"}', 422, "not-fhir"),
        (b'{"resourceType":"Observation","meta":7,"id":{}}', 422, "not-fhir"),
    ],
    ids=lambda value: str(value)[:32],
)
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_broken_resource_is_refused(desk: Desk, method: str, raw: bytes, status: int, told: str) -> None:
    """F-12: before anything is looked for or stored, and without repeating it."""
    path = "/fhir/Observation" + ("?identifier=a|b" if method == "PUT" else "")
    headers = {"Authorization": f"Bearer {desk.mercy.key}", "Content-Type": "application/fhir+json"}
    answer = desk.mercy.client.open(path, method=method, data=raw, headers=headers)
    assert (answer.status_code, code(answer)) == (status, told), answer.text


def test_id_of_the_body_is_that_of_the_address(desk: Desk) -> None:
    """F-12: R4 http.html#update: 400 without an id, or with another one."""
    first = created(desk, glucose(desk, 1.0))
    other: dict[str, Any] = {key: one for key, one in first.items() if key != "id"}
    for body in (other, other | {"id": "x"}, other | {"id": 7}):
        answer = send(desk, "PUT", f"Observation/{first['id']}", body)
        assert (answer.status_code, code(answer)) == (400, "resource-id-mismatch")


def test_bundle_of_many_entries_is_refused_before_they_are_looked_at(desk: Desk) -> None:
    """F-12: within the bytes that are taken there is room for a hundred thousand entries of nothing."""
    raw = b'{"resourceType":"Bundle","type":"batch","entry":[' + b"{}," * 90_000 + b"{}]}"
    before = machine.getrusage(machine.RUSAGE_SELF).ru_maxrss
    answer = desk.mercy.publish(raw)
    assert (answer.status_code, code(answer)) == (413, "bundle-too-large")
    # far above what is needed, far below what looking at each of them would take
    assert machine.getrusage(machine.RUSAGE_SELF).ru_maxrss - before < 200_000


def test_refusal_repeats_nothing_that_was_sent(desk: Desk) -> None:
    """F-12, P-1: elements are named, values are not."""
    secret = "MRN-4711"
    bad = glucose(desk, 1.0) | {"status": secret, "code": {"text": secret, "coding": [{"system": 1}]}}
    for answer in (send(desk, "POST", "Observation", bad), desk.mercy.publish(bundle(result(1.0), bad))):
        assert answer.status_code == 422 and secret not in answer.text
        assert json.loads(answer.data)["issue"][0]["expression"]
