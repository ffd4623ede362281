"""Erasing over the command line, with real gateways and keepers (X-1 to X-5)."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from consentry.cli.main import run as consentry
from consentry.crypto import keystore
from consentry.demo.actors import Hospital, Patient, Person, resources
from consentry.fhir.merge import RECORD_TAG
from consentry.network.run import Network
from tests.journeys.bundles import TERMS, bundle, laboratory, patient

OLD, RECENT = "2015-03-01", "2026-03-01"


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
    (old,) = record_ids(mercy.publish(bundle(patient("X-1"), laboratory(4.1, day=OLD)), at_mercy))
    (recent,) = record_ids(mercy.publish(bundle(patient("X-1"), laboratory(4.2, day=RECENT)), at_mercy))
    city.propose(at_city, TERMS, days=1)
    somebody.grant(somebody.consents()[0])
    bose = Person.sign_in(network, "dr_bose", "city")
    bose.open_session("TREAT")

    def values() -> list[float]:
        answer = bose.everything(at_city)
        assert [one["resource"]["resourceType"] for one in answer["entry"]].count("OperationOutcome") == 0
        return sorted(one["valueQuantity"]["value"] for one in resources(answer) if "valueQuantity" in one)

    assert values() == [4.1, 4.2]
    code, told = erase(recent)
    assert (code, told["error"]["code"]) == (3, "erasure-blocked") and "2032" in told["error"]["detail"], told
    blocks = set((Path(network.store_config.path) / "blocks").rglob("*"))
    code, told = erase(old)
    assert code == 0 and told["failed"] == [], told
    (record,) = told["records"]
    assert {one["member"] for one in record["certificates"]} == {
        network.members["mercy"].account,
        network.members["city"].account,
    }
    gone = blocks - set((Path(network.store_config.path) / "blocks").rglob("*"))
    assert len([path for path in gone if path.is_file() or not path.exists()]) >= 2, "an entry and a content"
    assert values() == [4.2]
    assert erase(old)[0] == 0, "again is no error"
    assert erase("0x" + "12" * 32)[0] == 2
