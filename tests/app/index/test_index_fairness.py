"""What nobody has delays its author's readers, and nobody else (D-6)."""

from __future__ import annotations

import secrets
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from consentry.index import fetching
from consentry.index.entries import ABANDONED_SECONDS, SqlIndex
from consentry.index.scanner import Scanner
from consentry.index.tables import anchors
from consentry.storage.embedded import EmbeddedBlockStore
from tests.app.index.authors import Net, rows_of

NOW = 1_800_000_000


class SlowStore(EmbeddedBlockStore):
    """As a store on a network: it looks around before it calls a block missing, here for as long as `found_out` is unset."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self.misses = 0
        self.found_out = threading.Event()
        self.found_out.set()

    def get(self, cid: str, *, max_bytes: int) -> Iterator[bytes]:
        if not self.has(cid):
            self.misses += 1
            assert self.found_out.wait(60)
        return super().get(cid, max_bytes=max_bytes)


def until(condition: Callable[[], bool]) -> None:
    """Wait for what must happen; a minute is a hang."""
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def tried(index: SqlIndex) -> bool:
    """Whether a manifest was looked for in vain."""
    with index.database.read() as connection:
        return connection.execute(select(func.max(anchors.c.attempts))).scalar_one() > 0


@pytest.fixture
def slow(net: Net, tmp_path: Path) -> SlowStore:
    return SlowStore(tmp_path / "shared")


def anchor_nothing(net: Net, count: int) -> None:
    """Mallory anchors manifests that are nowhere."""
    for _ in range(count):
        net.anchor_as(net.city_hospital, secrets.token_bytes(32), secrets.token_bytes(32), 100)


def test_scan_gives_each_author_two_misses(net: Net, index: SqlIndex, slow: SlowStore) -> None:
    """D-6: thirty manifests and thirty entries that are nowhere come before, and the others are served at once."""
    anchor_nothing(net, 30)
    net.anchor(net.city_hospital, *(net.row(missing=True) for _ in range(30)))
    tag = net.anchor(net.mercy_hospital, net.row()).rows[0].tag
    reader = Scanner(net.ledger, slow, index)
    report = reader.scan(NOW)
    assert (report.manifests_missing, slow.misses) == (2, 2)
    assert rows_of(index, net.mercy_hospital.address, tag)[0].stored
    for later in range(15):
        reader.scan(NOW + later)
    assert index.status().entries_missing == 30  # its own good manifest had its turn, too
    later = net.anchor(net.mercy_hospital, net.row()).rows[0].tag
    assert reader.scan(NOW + 20).manifests_missing <= fetching.MISSES_AN_AUTHOR
    assert rows_of(index, net.mercy_hospital.address, later)[0].stored


def test_catch_up_waits_for_nobody_long(net: Net, index: SqlIndex, slow: SlowStore) -> None:
    """D-6: once for a second at most, and then not at all for the same author; what is there is there at once."""
    slow.found_out.clear()
    anchor_nothing(net, 5)
    first = net.anchor(net.mercy_hospital, net.row()).rows[0].tag
    reader = Scanner(net.ledger, slow, index, catch_up_seconds=0.5)
    assert not reader.catch_up(NOW), "it came back while the store was still looking"
    assert rows_of(index, net.mercy_hospital.address, first)
    slow.found_out.set()
    until(lambda: tried(index))
    slow.found_out.clear()
    anchor_nothing(net, 5)
    second = net.anchor(net.mercy_hospital, net.row()).rows[0].tag
    assert reader.catch_up(NOW + 1) and reader.catch_up(NOW + 1), "who owes misses is not waited for"
    assert slow.misses == 1
    for tag in (first, second):
        assert rows_of(index, net.mercy_hospital.address, tag)[0].stored
    assert not index.status().complete
    reader.close()


def test_catch_up_does_not_wait_for_a_scan_that_misses(net: Net, index: SqlIndex, slow: SlowStore) -> None:
    """D-6: the background thread may be at it for long."""
    anchor_nothing(net, 4)
    reader = Scanner(net.ledger, slow, index, catch_up_seconds=60)
    reader.catch_up(NOW)
    until(lambda: slow.misses == 1)
    slow.found_out.clear()
    waiting = reader._threads.submit(reader.scan, NOW + 10)
    until(lambda: slow.misses == 2)
    tag = net.anchor(net.mercy_hospital, net.row()).rows[0].tag
    assert reader.catch_up(NOW + 10)
    assert not waiting.done()
    assert rows_of(index, net.mercy_hospital.address, tag)[0].stored
    slow.found_out.set()
    waiting.result()
    reader.close()


def test_status_names_authors_and_tells_new_from_abandoned(net: Net, index: SqlIndex) -> None:
    """D-6: after an hour a manifest is abandoned, and the index complete for everybody else."""
    anchor_nothing(net, 1)
    reader = Scanner(net.ledger, net.store, index)
    reader.scan(NOW)
    mallory = frozenset({net.city_hospital.address})
    status = index.status()
    assert (status.manifests_missing, status.abandoned, status.complete) == (1, 0, False)
    assert (status.missing_of, status.abandoned_of) == (mallory, frozenset())
    reader.scan(NOW + ABANDONED_SECONDS)
    status = index.status()
    assert (status.manifests_missing, status.abandoned, status.complete) == (0, 1, True)
    assert (status.missing_of, status.abandoned_of) == (frozenset(), mallory)
    assert not index.gaps().settled


def test_rows_of_one_tag_are_bounded_and_cheap(net: Net, index: SqlIndex) -> None:
    """D-2: one more than a reader looks at, the oldest, whatever an author files."""
    tag = secrets.token_bytes(32)
    block = net.store.put([b"entry"]).cid
    rows = [type(net.row())(tag, block, secrets.token_bytes(32)) for _ in range(300)]
    for start in range(0, 300, 100):
        net.anchor(net.mercy_hospital, *rows[start : start + 100])
    Scanner(net.ledger, net.store, index).scan(NOW)
    found = rows_of(index, net.mercy_hospital.address, tag)
    assert [one.digest for one in found] == [one.digest for one in rows[:65]]


def test_index_of_an_older_version_is_built_anew(net: Net, tmp_path: Path) -> None:
    """D-1: everything in it comes from the chain and the store."""
    path = tmp_path / "old.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE anchors (author TEXT)")
        connection.execute("PRAGMA user_version = 1")
    connection.close()
    manifest = net.anchor(net.mercy_hospital, net.row())
    index = SqlIndex(path)
    Scanner(net.ledger, net.store, index).scan(NOW)
    assert rows_of(index, net.mercy_hospital.address, manifest.rows[0].tag)
