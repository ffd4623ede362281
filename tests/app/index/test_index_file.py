"""The file of an index: what a process hears that reads from a broken one."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select

from consentry.errors import StoreUnreachable
from consentry.index.entries import SqlIndex
from consentry.index.tables import EntryState, ManifestState, anchors, checkpoints, entries


def test_index_that_was_cut_off_says_so(tmp_path: Path) -> None:
    """D-1: a process that reads from a file of which a part is gone hears of it, and does not end."""
    path = tmp_path / "index.sqlite"
    index = SqlIndex(path)
    author, root = "0x" + "11" * 20, bytes(32)
    rows = [
        {
            "author": author,
            "root": root,
            "position": place,
            "tag": secrets.token_bytes(32),
            "entry_cid": "x" * 60,
        }
        | {"digest": bytes(32), "block": 1, "state": EntryState.STORED}
        for place in range(2_000)
    ]
    anchor = {"author": author, "root": root, "manifest_digest": bytes(32), "count": len(rows), "block": 1}
    anchor |= {"log_index": 0, "transaction": bytes(32), "state": ManifestState.INDEXED, "seen_at": 0}
    with index.database.write() as connection:
        connection.execute(insert(anchors), anchor)
        connection.execute(insert(entries), rows)
    index.database.close()  # what was in the log is in the file now
    with pytest.raises(StoreUnreachable), index.database.read() as connection:
        connection.execute(select(func.count()).select_from(checkpoints)).scalar()
        os.truncate(path, path.stat().st_size // 4)
        connection.execute(select(entries)).all()
    with pytest.raises(StoreUnreachable):
        index.entries_by_tags(author, [row["tag"] for row in rows])
    index.database.close()
    with pytest.raises(StoreUnreachable):
        SqlIndex(path).entries_by_tags(author, [row["tag"] for row in rows])
