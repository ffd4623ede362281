"""An archive that is another one at the second look: what was not checked is carried out by nobody (U-8)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from consentry.bootstrap import restoring
from consentry.bootstrap.backup import back_up
from consentry.crypto import hpke
from consentry.errors import BackupInvalid
from tests.app.backup.conftest import Kept

_HEAD_BYTES = 19 + 8 + 32 + 1_168
_PLANT = (
    "CREATE FUNCTION plant(n int) RETURNS boolean LANGUAGE plpgsql AS"
    " $$ BEGIN COPY (SELECT 1) TO PROGRAM 'cat > planted'; RETURN true; END $$",
    "CREATE TABLE a_plant (n int CHECK (plant(n)))",
    "INSERT INTO a_plant VALUES (1)",
    "CREATE TABLE noise AS SELECT n, gen_random_uuid() AS one FROM generate_series(1, 150000) n",
)
"""SQL that starts a program as soon as it is loaded, and enough after it that it is not held back with the last piece."""


def planted(kept: Kept) -> bool:
    """Whether the program ran since the last look."""
    ((found,),) = kept.say("SELECT (pg_stat_file('planted', true)).size IS NOT NULL")
    kept.say("COPY (SELECT 1) TO PROGRAM 'cat > /dev/null; rm -f planted'")
    return bool(found)


def swap(monkeypatch: pytest.MonkeyPatch, made: Path, then: bytes) -> None:
    """Whoever has the medium overwrites the archive, in the same inode, when it was read once."""
    read, looks = restoring._pieces, []

    def pieces(stream: IO[bytes]) -> Iterator[bytes]:
        looks.append(1)
        if len(looks) == 2:
            made.write_bytes(then)
        return read(stream)

    monkeypatch.setattr(restoring, "_pieces", pieces)


@pytest.mark.parametrize("kind", ["unsigned", "older", "forged behind its head", "cut"])
def test_what_is_swapped_after_it_was_checked_is_not_carried_out(
    kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """U-8: made by anybody for the public key, an earlier one of the same account, another content, a shorter one."""
    for statement in _PLANT:
        kept.say(statement)
    older, unsigned = kept.archive("older"), kept.folder / "unsigned"
    back_up(kept.config, unsigned, hpke.public_key(kept.seed), lambda blocks: None)
    planted(kept)
    kept.restore(older, tmp_path / "old", kept.server.database())
    assert planted(kept), "such an archive starts a program"
    kept.say("DROP TABLE a_plant")
    made, empty, new = kept.archive(), kept.server.database(), tmp_path / "new"
    raw = made.read_bytes()
    assert len(raw) > 2 << 20
    then = {
        "unsigned": unsigned.read_bytes(),
        "older": older.read_bytes(),
        "forged behind its head": raw[:_HEAD_BYTES] + older.read_bytes()[_HEAD_BYTES:],
        "cut": raw[: len(raw) // 2],
    }[kind]
    swap(monkeypatch, made, then)
    with pytest.raises(BackupInvalid):
        kept.restore(made, new, empty)
    assert not planted(kept) and not kept.tables(empty)
    assert not new.exists() and not list(tmp_path.glob(".new*"))
