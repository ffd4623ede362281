"""Erasing over the command line, with real gateways and keepers (X-1 to X-5)."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from consentry.cli.main import run as consentry
from consentry.crypto import keystore
from consentry.demo.actors import Hospital, Patient, Person
from consentry.fhir.merge import RECORD_TAG
from consentry.network.run import Network
from tests.journeys.bundles import TERMS, bundle, laboratory, patient, vaccination


@pytest.fixture
def erase(
    network: Network, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, dict]]:
    """`consentry erase` as Mercy, at City's gateway too: exit code and what it says in JSON."""
    monkeypatch.setenv(keystore.PASSPHRASE_FILE, str(network.place.root / "passphrase"))
    folder = network.place.member("mercy")

    def command(record: str) -> tuple[int, dict]:
        files = ("--config", str(folder / "gateway.json"), "--copy-key", str(folder / "copy.keystore"))
        capsys.readouterr()
        code = consentry(["erase", record, *files, "--at", network.gateways["city"], "--json"])
        return code, json.loads(capsys.readouterr().out)

    return command


def record_ids(answer: dict) -> list[str]:
    return [one["response"]["location"].removeprefix(f"{RECORD_TAG}:") for one in answer["entry"]]


def test_erase_leaves_only_what_the_law_keeps(
    network: Network,
    mercy: Hospital,
    city: Hospital,
    new_patient: Callable[[], Patient],
    erase: Callable[..., tuple[int, dict]],
) -> None:
    """X-1 to X-5: the old record is gone everywhere, with two stores' evidence; the recent one is kept until its time."""
    somebody = new_patient()
    somebody.open_directory(network)
    at_mercy, at_city = mercy.link("X-1", somebody.wallet), city.link("X-1", somebody.wallet)
    (free,) = record_ids(mercy.publish(bundle(patient("X-1"), vaccination("2009-05-04")), at_mercy))
    (kept,) = record_ids(mercy.publish(bundle(patient("X-1"), laboratory(4.2)), at_mercy))
    (terms,) = TERMS["provisions"]
    city.propose(at_city, TERMS | {"provisions": [terms | {"categories": ["any"]}]}, days=1)
    somebody.grant(somebody.consents()[0])
    bose = Person.sign_in(network, "dr_bose", "city")
    bose.open_session("TREAT")

    def found() -> set[str]:
        """What Dr Bose reads; a word about what is missing would be an OperationOutcome."""
        return {one["resource"]["resourceType"] for one in bose.everything(at_city)["entry"]} - {"Patient"}

    assert found() == {"Immunization", "Observation"}
    code, told = erase(kept)
    assert (code, told["error"]["code"]) == (3, "erasure-blocked") and "Demo Records Act" in told["error"][
        "detail"
    ]
    before = blocks(network)
    code, told = erase(free)
    assert code == 0 and told["failed"] == [], told
    (record,) = told["records"]
    assert {one["member"] for one in record["certificates"]} == {
        network.members["mercy"].account,
        network.members["city"].account,
    }
    assert len(before - blocks(network)) >= 2, "an entry and a content"
    assert found() == {"Observation"}
    assert erase(free)[0] == 0, "again is no error"
    assert erase("0x" + "12" * 32)[0] == 2


def blocks(network: Network) -> set[Path]:
    return {path for path in (Path(network.store_config.path) / "blocks").rglob("*") if path.is_file()}
