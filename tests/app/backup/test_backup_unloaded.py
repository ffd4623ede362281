"""What of a dump of PostgreSQL is not made and not loaded, and that nothing of it is left behind (H-24, U-8)."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

import pytest
from sqlalchemy import URL

from consentry.bootstrap import restoring
from consentry.bootstrap.backup import back_up
from consentry.bootstrap.restoring import restore
from consentry.cli.main import run
from consentry.crypto import hpke
from consentry.crypto.signatures import account_of, generate_account_key
from consentry.databases import dumps
from consentry.domain.addresses import Address
from consentry.errors import (
    BackupForeign,
    BackupInvalid,
    ConsentryError,
    DatabaseElsewhere,
    DatabaseTaken,
    DatabaseToolMissing,
    DatabaseUncopied,
)
from tests.app.backup.conftest import LEFT_OUT, SECRET, Kept
from tests.postgres import setting


def changed_dump(made: Path) -> None:
    raw = made.read_bytes()
    middle = len(raw) // 2
    made.write_bytes(raw[:middle] + bytes((raw[middle] ^ 1,)) + raw[middle + 1 :])


def test_nothing_is_left_behind(kept: Kept, tmp_path: Path) -> None:
    """U-8: of an archive that was changed, of somebody else's, of one that does not say whose, of another kind."""
    made, empty, new = kept.archive(), kept.server.database(), tmp_path / "new"
    changed_dump(bad := kept.archive("bad"))
    unsigned = kept.folder / "unsigned"
    back_up(kept.config, unsigned, hpke.public_key(kept.seed), lambda blocks: None)
    stranger = account_of(generate_account_key())
    refused: list[tuple[type[ConsentryError], Path, Address | None, str | None]] = [
        (BackupInvalid, bad, kept.account, setting(empty)),
        (BackupForeign, unsigned, kept.account, setting(empty)),
        (BackupForeign, made, stranger, setting(empty)),
        (BackupForeign, made, None, setting(empty)),
        (DatabaseElsewhere, made, kept.account, None),
        (DatabaseElsewhere, made, kept.account, str(tmp_path / "file.sqlite")),
        (DatabaseTaken, made, kept.account, setting(kept.url)),
    ]
    for kind, archive, signed_by, database in refused:
        with pytest.raises(kind):
            restore(archive, new, kept.seed, None, signed_by, database)
        assert not kept.tables(empty) and not new.exists() and not list(tmp_path.glob(".new*"))


def test_a_load_that_ends_early_leaves_the_database_empty(kept: Kept) -> None:
    """U-8: cut off before its end, and swapped for another one after it was checked."""
    empty = kept.server.database()
    kept.say("INSERT INTO pairs SELECT n, n FROM generate_series(1, 50000) n")
    whole = list(dumps.dump(kept.url, ()))
    pieces = [piece[at : at + 4_096] for piece in whole for at in range(0, len(piece), 4_096)]

    def cut() -> Iterator[bytes]:
        yield from pieces[:-2]
        raise BackupInvalid

    with pytest.raises(BackupInvalid):
        dumps.load(empty, cut(), bytes(32), bool)
    with pytest.raises(BackupInvalid, match="changed"):
        dumps.load(empty, pieces, bytes(32), bool)
    with pytest.raises(DatabaseUncopied):
        dumps.load(empty, [b"no dump", b"at all"], sha256(b"no dumpat all").digest(), bool)
    assert not kept.tables(empty)


def test_a_folder_that_cannot_be_made_is_noticed_before_the_load(
    kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """U-8, U-9: filled by somebody while the archive was read; where it is noticed too late, it goes on when it is done again."""
    made, empty, new = kept.archive(), kept.server.database(), tmp_path / "new"
    read, load = restoring._pieces, dumps.load

    def fill() -> None:
        new.mkdir(exist_ok=True)
        (new / "somebodys").touch()

    def filled(stream: IO[bytes]) -> Iterator[bytes]:
        fill()
        return read(stream)

    def loaded(url: URL, *rest: Any) -> None:
        load(url, *rest)
        fill()

    with monkeypatch.context() as patch:
        patch.setattr(restoring, "_pieces", filled)
        with pytest.raises(OSError, match="not empty"):
            kept.restore(made, new, empty)
    assert not kept.tables(empty) and [one.name for one in new.iterdir()] == ["somebodys"]
    (new / "somebodys").unlink()
    monkeypatch.setattr(dumps, "load", loaded)
    with pytest.raises(OSError, match="database was loaded") as raised:
        kept.restore(made, new, empty)
    assert "goes on from there" in str(raised.value.strerror) and "pairs" in kept.tables(empty)
    assert [one.name for one in new.iterdir()] == ["somebodys"] and not list(tmp_path.glob(".new*"))
    (new / "somebodys").unlink()
    kept.restore(made, new, empty)
    assert (new / "config.json").exists() and kept.tables(empty) == kept.tables(kept.url) - LEFT_OUT


@pytest.mark.parametrize("program", [None, "pg_dump (PostgreSQL) 9.6.1", "something else"])
def test_tools_that_do_not_fit_are_named(
    kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str | None
) -> None:
    """H-24: missing, or older than the server; nothing is written."""
    (tmp_path / "bin").mkdir()
    if program:
        (tmp_path / "bin" / "pg_dump").write_text(f"#!/bin/sh\necho '{program}'\n")
        (tmp_path / "bin" / "pg_dump").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    with pytest.raises(DatabaseToolMissing):
        kept.archive()
    with pytest.raises(DatabaseToolMissing):
        dumps.require_loadable(kept.server.database())
    assert not (kept.folder / "archive").exists() and not list(kept.folder.glob(".*"))


def test_the_command_asks_whose_it_is(kept: Kept, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """U-8: and takes no password from a command line, wherever it stands there, nor repeats it."""
    line = ["restore", str(kept.config), str(tmp_path / "new"), "--keystore", str(kept.config), "--database"]
    bare, by = "postgresql://mercy@localhost/mercy", ("--signed-by", str(kept.account))
    assert run([*line, bare]) == 2 and "--signed-by" in capsys.readouterr().err
    assert run([*line, f"postgresql://mercy:{SECRET}@localhost/mercy", *by]) == 2
    assert "password out" in (told := capsys.readouterr().err) and SECRET not in told
    for name in ("password", "sslpassword", "PASSWORD", "scram_client_key", "oauth_client_secret", "dbname"):
        assert run([*line, f"{bare}?sslmode=verify-full&{name}={SECRET}", *by]) == 2
        assert "no secret" in (told := capsys.readouterr().err) and SECRET not in told
    run([*line, f"{bare}?sslmode=verify-full&sslrootcert=/etc/authority.pem", *by])
    assert "--database" not in capsys.readouterr().err
    assert not (tmp_path / "new").exists()
