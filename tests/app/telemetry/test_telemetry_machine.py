"""What ends or fills up by itself, in numbers (H-92)."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from consentry.bootstrap.machine import machine_at
from consentry.config import StoreConfig
from consentry.databases.place import place_of
from consentry.domain.serving import TlsFiles
from consentry.errors import ConfigInvalid
from consentry.telemetry.machine import Machine, machine_of
from consentry.telemetry.metrics import Metrics
from tests.certificates import Authority

KUBO = StoreConfig(kind="kubo", api="http://127.0.0.1:1")


def told(machine: Machine) -> dict[str, float]:
    made = Metrics("gateway")
    made.watch((machine_of(lambda parts: parts),), machine)
    lines = (
        line.rsplit(" ", 1) for line in made.text().decode().splitlines() if line.startswith(made.prefix)
    )
    return {name.removeprefix(made.prefix): float(value) for name, value in lines}


def test_a_certificate_is_told_by_its_last_day(tmp_path: Path) -> None:
    """H-92: of all in the file the first to end; the one that the process began with, whatever lies there by now."""
    ours = Authority(tmp_path, "consortium")
    long, short = ours.give("long", days=400), ours.give("short", days=30)
    both = tmp_path / "both.pem"
    both.write_text(Path(long.certificate).read_text() + Path(short.certificate).read_text())
    place = place_of(str(tmp_path / "book.sqlite"))
    began = machine_at(TlsFiles(str(both), long.key), place, KUBO)
    shutil.copy(long.certificate, both)
    assert 29 < told(began)["certificate_days"] <= 30
    assert 399 < told(machine_at(TlsFiles(str(both), long.key), place, KUBO))["certificate_days"] <= 400
    over = Machine(int(time.time()) - 86_400)
    assert -1.1 < told(over)["certificate_days"] <= -1
    both.write_text("no certificate")
    with pytest.raises(ConfigInvalid):
        machine_at(TlsFiles(str(both), long.key), place, KUBO)


def test_room_is_told_where_a_process_writes(tmp_path: Path) -> None:
    """H-92: beside its database and in an embedded store, of the disk that is fuller; elsewhere there is nothing to tell."""
    store = tmp_path / "store"
    store.mkdir()
    machine = machine_at(
        TlsFiles(), place_of(str(tmp_path / "book.sqlite")), StoreConfig("embedded", str(store))
    )
    assert machine.folders == (tmp_path, store) and "certificate_days" not in told(machine)
    disk = shutil.disk_usage(tmp_path)
    assert told(machine)["disk_bytes"] == disk.total and 0 < told(machine)["disk_free_bytes"] <= disk.total
    away = machine_at(TlsFiles(), place_of("postgresql://mercy@localhost/mercy"), KUBO)
    assert not away.folders and told(away) == {'part_silent{part="machine"}': 0}


def test_the_fuller_disk_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """H-92."""
    usage = type(shutil.disk_usage(tmp_path))
    disks = {tmp_path: usage(1_000, 990, 10), tmp_path / "store": usage(10, 1, 9)}
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: disks[folder])
    found = told(Machine(folders=tuple(disks)))
    assert (found["disk_free_bytes"], found["disk_bytes"]) == (10, 1_000)


def test_a_folder_that_is_gone_is_a_silent_part(tmp_path: Path) -> None:
    """H-48."""
    assert told(Machine(folders=(tmp_path / "gone",)))['part_silent{part="machine"}'] == 1
