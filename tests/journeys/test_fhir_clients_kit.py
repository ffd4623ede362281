"""npm `fhir-kit-client` as it is, in Node, against a gateway's process (tests/journeys/fhir_kit.mjs)."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from consentry.demo.actors import Hospital, Patient
from consentry.network.run import Network
from tests.journeys.fhir_ward import AT_MERCY, SCOPES, Seen, open_ward

SCRIPT = Path(__file__).with_name("fhir_kit.mjs")
COUNT = 9
OUTCOME = "OperationOutcome"


@pytest.fixture(scope="module")
def told(
    network: Network, mercy: Hospital, city: Hospital, new_patient: Callable[[], Patient]
) -> dict[str, Any]:
    """What each step gave, and every answer."""
    ward = open_ward(network, mercy, city, new_patient(), "FK-1")
    given = {
        "base": ward.base,
        "assertion": ward.assertion(),
        "ref": ward.ref,
        "glucose": ward.glucose(5.5),
        "count": COUNT,
        "scope": SCOPES,
    }
    done = subprocess.run(
        ["node", str(SCRIPT)], input=json.dumps(given).encode(), capture_output=True, check=False, timeout=600
    )
    assert done.returncode == 0, done.stderr.decode()
    return {"ward": ward, **json.loads(done.stdout)}


@pytest.fixture
def steps(told: dict[str, Any]) -> dict[str, Any]:
    return dict(told["steps"])


def test_kit_finds_out_where_tokens_are(told: dict[str, Any], steps: dict[str, Any]) -> None:
    """F-33: it asks well-known addresses and the CapabilityStatement at once."""
    assert steps["version"] == "4.0.1" and steps["tokenUrl"] == f"{told['ward'].url}/oauth/token"
    assert steps["unknownCaller"] == [401, OUTCOME]


def test_kit_creates_corrects_and_withdraws(told: dict[str, Any], steps: dict[str, Any]) -> None:
    """F-33: create, read, vread, history, update with If-Match, delete; 412, 404 and 410."""
    status, tag, place, name = steps["created"]
    assert (status, tag) == (201, 'W/"1"')
    assert place == f"{told['ward'].base}/Observation/{name}/_history/1"
    assert (steps["found"], steps["read"], steps["vread"]) == ([name], 5.5, "1")
    assert steps["updated"] == ["2", 6.5] and steps["history"] == ["2", "1"]
    assert [steps["conflict"], steps["nobody"], steps["gone"]] == [
        [412, OUTCOME],
        [404, OUTCOME],
        [410, OUTCOME],
    ]


def test_kit_creates_on_condition(steps: dict[str, Any]) -> None:
    """F-33: `If-None-Exist` writes once."""
    assert steps["once"] == [201, 200]


def test_kit_follows_pages_and_counts(steps: dict[str, Any]) -> None:
    """F-33: three pages and more by `next`; counts by type, compartment and POST; never without a patient."""
    names = [name for page in steps["pages"] for name in page]
    assert len(steps["pages"]) >= 3 and all(len(page) <= COUNT for page in steps["pages"])
    assert len(set(names)) == len(names) == steps["total"] >= AT_MERCY
    assert {steps["counted"], steps["compartment"], steps["posted"]} == {steps["total"]}
    assert steps["nameless"] == [400, OUTCOME]


def test_kit_asks_for_everything(steps: dict[str, Any]) -> None:
    """F-33: by GET, and by POST as it calls operations by default."""
    assert "Patient" in steps["everything"] and steps["everything"].count("Observation") >= AT_MERCY
    whole, posted, patients = steps["everythingByPost"]
    assert whole == posted > patients == 1


def test_kit_sends_bundles(steps: dict[str, Any]) -> None:
    """F-33: it posts transactions and batches to the endpoint's address with a slash behind."""
    assert [status[:3] for status in steps["transaction"] + steps["batch"]] == ["201", "200"]


def test_kit_was_answered_valid_resources(told: dict[str, Any]) -> None:
    """F-34: each resource of each answer, by the classes of FHIR R4B."""
    assert Seen([(status, body) for status, body in told["answers"]]).validate() > 10
