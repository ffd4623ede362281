"""A restore into PostgreSQL that is killed, and the next one, which knows its half from anybody else's (U-9)."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import URL

from consentry.databases import claims, dumps
from consentry.errors import BackupInvalid, DatabaseTaken, DatabaseUnreachable
from tests.app.backup.conftest import LEFT_OUT, Kept

LOAD = dumps.load


def die(*_: Any) -> None:
    """In place of the load."""
    os.kill(os.getpid(), signal.SIGKILL)


def load_and_die(*arguments: Any) -> None:
    """Between the commit of the dump and the folder's place."""
    LOAD(*arguments)
    die()


def die_loading(url: URL, pieces: Any, digest: bytes, begun: Callable[[], bool]) -> None:
    """Once all tables are made, before the last byte."""
    LOAD(url, pieces, digest, lambda: begun() and bool(die()))


def killed(kept: Kept, made: Path, folder: Path, url: URL, load: Callable[..., None]) -> None:
    """A process of its own restores, with this load, and dies by SIGKILL."""

    def restore() -> None:
        dumps.load = load
        kept.restore(made, folder, url)

    process = get_context("fork").Process(target=restore)
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL and not folder.exists()


@pytest.fixture
def made(kept: Kept) -> Path:
    kept.say("INSERT INTO pairs SELECT n, n FROM generate_series(1, 1000) n")
    return kept.archive()


def require_whole(kept: Kept, folder: Path, url: URL) -> None:
    assert (folder / "config.json").exists()
    assert kept.tables(url) == kept.tables(kept.url) - LEFT_OUT - {claims.NOTE}
    assert kept.say("SELECT count(*), sum(two) FROM pairs", url) == [(1000, 500_500)]


def test_the_next_one_finishes_what_was_loaded_before_the_kill(
    kept: Kept, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """U-9: killed between the commit and the folder; what was loaded stays, and is not loaded again."""
    new, url = tmp_path / "new", kept.server.database()
    killed(kept, made, new, url, load_and_die)
    assert kept.tables(url) == kept.tables(kept.url) - LEFT_OUT | {claims.NOTE}
    kept.say("VACUUM FREEZE ANALYZE", url)  # as the server does by itself, sooner or later
    with monkeypatch.context() as patch:
        patch.setattr(dumps, "load", lambda *_: pytest.fail("loaded twice"))
        kept.restore(made, new, url)
    require_whole(kept, new, url)
    with pytest.raises(DatabaseTaken, match="tables already"):
        kept.restore(made, tmp_path / "another", url)


@pytest.mark.parametrize("load", [die, die_loading])
def test_the_next_one_begins_again_where_nothing_was_loaded(
    kept: Kept, made: Path, tmp_path: Path, load: Callable[..., None]
) -> None:
    """U-9: killed before the load, and in the midst of it."""
    new, url = tmp_path / "new", kept.server.database()
    killed(kept, made, new, url, load)
    assert claims.NOTE in kept.tables(url)
    kept.restore(made, new, url)
    require_whole(kept, new, url)


def test_another_archive_goes_in_where_nothing_was_loaded(kept: Kept, made: Path, tmp_path: Path) -> None:
    """U-9: who finds the first archive damaged takes the one before, into the same database."""
    new, url = tmp_path / "new", kept.server.database()
    killed(kept, made, new, url, die_loading)
    kept.say("INSERT INTO pairs VALUES (0, 0)")  # two dumps of one second and of the same rows are the same
    other = kept.archive("other")
    killed(kept, other, new, url, load_and_die)
    with pytest.raises(DatabaseTaken, match="restore that one, or name an empty database"):
        kept.restore(made, new, url)
    kept.restore(other, new, url)
    assert kept.say("SELECT count(*) FROM pairs", url) == [(1001,)]


@pytest.mark.parametrize(
    "load, statement",
    [
        (die, "CREATE TABLE pairs (one int PRIMARY KEY, two int)"),
        (load_and_die, "CREATE TABLE somebodys (one int)"),
        (load_and_die, "ALTER TABLE pairs ADD COLUMN three int"),
    ],
)
def test_what_somebody_else_put_there_is_never_taken_for_ours(
    kept: Kept, made: Path, tmp_path: Path, load: Callable[..., None], statement: str
) -> None:
    """U-9: neither overwritten nor handed out with a folder; another archive does not take the half of this one."""
    new, url = tmp_path / "new", kept.server.database()
    killed(kept, made, new, url, load)
    kept.say(statement, url)
    before = kept.tables(url)
    kept.say("INSERT INTO pairs VALUES (0, 0)")  # two dumps of one second and of the same rows are the same
    with pytest.raises(DatabaseTaken, match="another archive"):
        kept.restore(kept.archive("other"), new, url)
    with pytest.raises(DatabaseTaken, match="was used"):
        kept.restore(made, new, url)
    assert kept.tables(url) == before and not new.exists()


def test_a_load_that_outlives_its_restore_is_ended_first(kept: Kept, made: Path, tmp_path: Path) -> None:
    """U-9: one whose parent was killed, in the midst of its transaction, commits nothing any more."""
    new, url = tmp_path / "new", kept.server.database()
    killed(kept, made, new, url, die)
    with kept.server.connect(str(url.database)) as left:
        left.execute(f"SET application_name = '{claims.LOADING}'")
        left.execute("BEGIN")
        left.execute("CREATE TABLE pairs (one int)")
        kept.restore(made, new, url)
        with pytest.raises(psycopg.OperationalError):
            left.execute("COMMIT")
    require_whole(kept, new, url)


def test_a_load_that_does_not_end_in_time_is_told(
    kept: Kept, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """U-9: it could commit after it was looked what is there; once it can end, the same command goes on."""
    new, url = tmp_path / "new", kept.server.database()
    killed(kept, made, new, url, die)
    with kept.server.connect(str(url.database)) as left:
        left.execute(f"SET application_name = '{claims.LOADING}'")
        left.execute("BEGIN")
        left.execute("CREATE TABLE pairs (one int)")
        os.kill(left.info.backend_pid, signal.SIGSTOP)
        try:
            with monkeypatch.context() as patch, pytest.raises(DatabaseUnreachable, match="does not end"):
                patch.setattr(claims, "_END_MILLISECONDS", 100)
                kept.restore(made, new, url)
        finally:
            os.kill(left.info.backend_pid, signal.SIGCONT)
        assert kept.tables(url) == {claims.NOTE} and not new.exists()
        kept.restore(made, new, url)
        with pytest.raises(psycopg.OperationalError):
            left.execute("COMMIT")
    require_whole(kept, new, url)


def test_two_at_once_do_not_fill_one_database(
    kept: Kept, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """U-9: the second, of the same archive, waits for the first and is refused."""
    url = kept.server.database()
    monkeypatch.setattr(claims, "_WAIT_SECONDS", 0.1)

    def meanwhile(*arguments: Any) -> None:
        with pytest.raises(DatabaseTaken, match="another restore"):
            kept.restore(made, tmp_path / "second", url)
        LOAD(*arguments)

    monkeypatch.setattr(dumps, "load", meanwhile)
    kept.restore(made, tmp_path / "new", url)
    require_whole(kept, tmp_path / "new", url)


def test_nothing_stays_of_one_that_fails(
    kept: Kept, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """U-8, U-9: its note goes with it, so that the database takes another archive; and no back-up takes a note."""
    new, url = tmp_path / "new", kept.server.database()

    def fail(*_: Any) -> None:
        assert kept.tables(url) == {claims.NOTE}
        raise BackupInvalid

    with monkeypatch.context() as patch:
        patch.setattr(dumps, "load", fail)
        with pytest.raises(BackupInvalid):
            kept.restore(made, new, url)
    assert not kept.tables(url)
    kept.say(f"CREATE TABLE {claims.NOTE} (dump text)")
    kept.restore(kept.archive("other"), new, url)
    require_whole(kept, new, url)
    assert claims.NOTE not in kept.tables(url)
