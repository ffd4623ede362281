"""One id from the gateway's answer and log through every keeper to its receipts (H-53, H-54)."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner

from consentry.cli.main import cli
from consentry.config import StoreConfig
from consentry.errors import ConfigInvalid, ConsentryError
from consentry.keeper.settings import KeeperConfig
from tests.app.gateway.shelves import Ward, glucose, ward
from tests.app.gateway.world import World

HEADER = "X-Request-Id"


@pytest.fixture(scope="module")
def shelf(world: World) -> Ward:
    made = ward(world, "RI-1")
    made.publish(*(glucose(day) for day in (1, 2)), at=world.mercy)
    made.grant("laboratory")
    return made


def settings_of(database: Path, folder: Path) -> Path:
    """Of the keeper whose receipts are in this file."""
    file = folder / "keeper.json"
    KeeperConfig(
        "127.0.0.1", 0, "http://127.0.0.1:1", "d.json", str(database), "k", StoreConfig("embedded", "s")
    ).write(file)
    return file


def left_by(request_id: str, world: World, folder: Path) -> dict[str, list[dict[str, object]]]:
    """What `consentry keeper asked` says at each keeper, by the keeper's account."""
    found = {}
    for database in sorted(world.folder.glob("keeper-0x*.sqlite")):
        if database.name.endswith("-sendings.sqlite"):
            continue
        config = settings_of(database, folder)
        told = CliRunner().invoke(cli, ["keeper", "asked", request_id, "--config", str(config), "--json"])
        assert told.exception is None, told.exception
        found[database.stem.removeprefix("keeper-")] = json.loads(told.stdout)
    return found


def test_one_id_goes_from_the_gateway_to_the_receipts(
    world: World, shelf: Ward, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """H-53, H-54: the caller's own where it says nothing, at all keepers that were asked."""
    own = str(uuid4())
    with caplog.at_level(logging.INFO):
        answer = shelf.get(f"Observation?patient={shelf.ref}", **{HEADER: own})
    assert answer.status_code == 200 and answer.headers[HEADER] == own
    lines = [one.getMessage() for one in caplog.records if own in one.getMessage()]
    assert sum("/release 200 ok" in one for one in lines) >= 3
    assert sum("/fhir/" in one for one in lines) == 1
    left = left_by(own, world, tmp_path)
    assert sum(bool(one) for one in left.values()) >= 3
    for rows in left.values():
        assert [one["decision"] for one in rows] == ["released"] * len(rows)
        assert all(one.keys() == {"seq", "time", "decision", "reason", "digest"} for one in rows)
    assert not any(left_by(str(uuid4()), world, tmp_path).values())


def test_an_id_that_may_be_a_number_goes_no_further(
    world: World, shelf: Ward, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """H-53, P-1: the answer has it, and neither the log nor a keeper."""
    with caplog.at_level(logging.INFO):
        answer = shelf.get(f"Observation?patient={shelf.ref}", **{HEADER: "MRN-4711"})
    assert answer.status_code == 200 and answer.headers[HEADER] == "MRN-4711"
    assert "MRN-4711" not in caplog.text
    (line,) = [one.getMessage() for one in caplog.records if "GET /fhir/" in one.getMessage()]
    assert any(left_by(line.split()[0], world, tmp_path).values())


def test_asking_for_a_requests_receipts_tells_what_is_wrong(world: World, tmp_path: Path) -> None:
    """H-54: in words, with a next step."""
    config = settings_of(tmp_path / "none.sqlite", tmp_path)
    told = CliRunner().invoke(cli, ["keeper", "asked", "x", "--config", str(config)])
    assert isinstance(told.exception, ConsentryError) and not (tmp_path / "none.sqlite").exists()
    config.write_text("{}", "utf-8")
    told = CliRunner().invoke(cli, ["keeper", "asked", "x", "--config", str(config)])
    assert isinstance(told.exception, ConfigInvalid)
