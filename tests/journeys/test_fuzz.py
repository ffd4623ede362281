"""Requests that schemathesis makes up, against a gateway's process: from `/openapi.json`, and from its CapabilityStatement.

In a network of its own, as nobody can say what such requests leave behind.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from consentry.demo.actors import Hospital, Patient
from consentry.network.place import Place
from consentry.network.run import Network
from tests.journeys.fhir_openapi import document
from tests.journeys.fhir_ward import Ward, open_ward

ROOT = Path(__file__).resolve().parents[2]
SEED = "20261122"
SECONDS = 30
"""Of each run; what is left of it is spent on further requests."""

TYPES = 8


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    with Network(Place(tmp_path_factory.mktemp("fuzzed") / "here")) as running:
        running.start(lambda words: None)
        yield running


@pytest.fixture(scope="module")
def ward(network: Network) -> Ward:
    mercy, city = Hospital(network, "mercy"), Hospital(network, "city")
    network.people["fuzzed"] = network.place.new_wallet("fuzzed")
    return open_ward(network, mercy, city, Patient.sign_in(network, "fuzzed", "city"), "FZ-1")


@pytest.fixture
def settings(ward: Ward, tmp_path: Path) -> Path:
    """What requests that are made up can't guess."""
    known = {
        "ref": ward.ref,
        "patient": ward.ref,
        "kind": "Observation",
        "X-Consentry-Purpose": "TREAT",
        "X-Consentry-Practitioner": ward.doctor,
    }
    file = tmp_path / "schemathesis.toml"
    file.write_text("[parameters]\n" + "".join(f'"{name}" = "{value}"\n' for name, value in known.items()))
    return file


def run(settings: Path, schema: str, url: str, bearer: str, *checks: str) -> str:
    """What schemathesis says; it fails the test if a check did."""
    subprocess.run([ROOT / "tools" / "environment.sh", "fuzz"], check=True)
    command: list[str | Path] = [
        ROOT / ".cache/fuzz/bin/schemathesis",
        "--config-file",
        settings,
        "run",
        schema,
    ]
    command += ["--url", url, "--checks", ",".join(checks), "--seed", SEED, "--max-time", str(SECONDS)]
    # one worker: with threads Python 3.11 sometimes fails in ast.parse (gh-106905), which hypothesis uses
    command += ["--workers", "1", "--request-timeout", "60", "--suppress-health-check", "all", "--no-color"]
    command += ["--continue-on-failure", "--header", f"Authorization: Bearer {bearer}"]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=settings.parent, timeout=600
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_no_request_to_a_documented_address_makes_the_gateway_fail(
    network: Network, ward: Ward, settings: Path
) -> None:
    """F-36: as the hospital's own system, by client key, at every address of `/openapi.json`."""
    key = (network.place.member("city") / "client.key").read_text("ascii").strip()
    told = run(settings, f"{ward.url}/openapi.json", ward.url, key, "not_a_server_error")
    assert "Tested:" in told
    assert requests.get(f"{ward.url}/health", timeout=60).status_code == 200


def test_no_search_or_resource_makes_the_gateway_fail(ward: Ward, settings: Path) -> None:
    """F-36, F-9: types and parameters of the CapabilityStatement, by access token; answers are FHIR JSON, errors too."""
    statement: dict[str, Any] = requests.get(f"{ward.base}/metadata", timeout=60).json()
    schema = settings.with_name("fhir.json")
    schema.write_text(json.dumps(document(statement, ward.ref, TYPES)))
    checks = ("not_a_server_error", "content_type_conformance", "response_schema_conformance")
    told = run(settings, str(schema), ward.url, ward.token(), *checks)
    assert "Tested:" in told
