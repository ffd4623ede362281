"""A dump of PostgreSQL in a back-up: one moment of a database in use, shown to nobody (U-7, U-8)."""

from __future__ import annotations

import subprocess
import threading
from pathlib import Path

import pytest

from consentry.bootstrap.backup import read_config
from consentry.bootstrap.databases import upgrade
from tests.app.backup.conftest import LEFT_OUT, SECRET, Kept
from tests.postgres import setting
from tests.waiting import until


def test_a_dump_is_one_moment_of_a_busy_database(kept: Kept, tmp_path: Path) -> None:
    """U-7: while others write; what the chain tells is left out, and comes with the first start."""
    stop = threading.Event()

    def write() -> None:
        with kept.server.connect(str(kept.url.database)) as connection:
            number = 0
            while not stop.is_set():
                number += 1
                with connection.transaction():
                    connection.execute("INSERT INTO pairs VALUES (%s, 0)", (number,))
                    connection.execute("UPDATE pairs SET two = one WHERE one = %s", (number,))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        until(lambda: kept.say("SELECT count(*) FROM pairs")[0][0], "a row")
        made = kept.archive()
    finally:
        stop.set()
        writer.join()
    empty = kept.server.database()
    kept.restore(made, tmp_path / "new", empty)
    rows = kept.say("SELECT one, two FROM pairs ORDER BY one", empty)
    assert rows == [(number, number) for number in range(1, len(rows) + 1)] and rows
    assert kept.tables(kept.url) - kept.tables(empty) == LEFT_OUT
    config = read_config(tmp_path / "new" / "config.json")
    assert config.database == setting(empty) and Path(config.keystore).parent == tmp_path / "new"
    upgrade(config)
    assert kept.tables(kept.url) == kept.tables(empty)


def test_nothing_is_shown(kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """U-7: no dump in the clear on disk, no password on a command line."""
    lines: list[str] = []
    start = subprocess.Popen.__init__

    def noted(self: subprocess.Popen, command: list[str], *arguments: object, **named: object) -> None:
        lines.append(" ".join(map(str, command)))
        start(self, command, *arguments, **named)

    monkeypatch.setattr(subprocess.Popen, "__init__", noted)
    made = kept.archive()
    kept.restore(made, tmp_path / "new", kept.server.database())
    assert any("pg_dump" in one for one in lines) and any("pg_restore" in one for one in lines)
    assert not any(SECRET in one for one in lines)
    for file in (one for one in tmp_path.rglob("*") if one.is_file()):
        assert b"PGDMP" not in file.read_bytes() and not file.name.startswith(("dump", "database"))
    assert not list(tmp_path.rglob(".*"))
