"""Which content links which block: the embedded block store's only state besides the blocks themselves.

A SQLite file beside the blocks, shared by all processes that use the store. Reading content never needs it;
it decides which blocks may go when a content is deleted, and its write transaction is the lock under which
blocks are put in place or taken away.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from consentry.errors import StoreUnreachable

_BUSY_SECONDS = 30.0
_SCHEMA = """
CREATE TABLE IF NOT EXISTS links (
    root TEXT NOT NULL, block TEXT NOT NULL, PRIMARY KEY (root, block)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS links_by_block ON links (block);
"""
_LINKS = "SELECT 1 FROM links WHERE root = ? AND block = ?"


class Pins:
    """One connection per process, one transaction at a time. Every failure is StoreUnreachable."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._turn = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._process = 0

    @contextmanager
    def exclusive(self) -> Iterator[PinTransaction]:
        """The store's write lock, across threads and processes; durable on leaving, undone on an error."""
        with self._turn:
            with _typed():
                connection = self._connect()
                connection.execute("BEGIN IMMEDIATE")
            try:
                yield PinTransaction(connection)
                with _typed():
                    connection.execute("COMMIT")
            finally:
                if connection.in_transaction:
                    connection.rollback()

    def links(self, root: str, block: str) -> bool:
        """Whether this root links this block, by what is on the disk."""
        with self._turn, _typed():
            found = self._connect().execute(_LINKS, (root, block)).fetchone()
        return found is not None

    def roots(self) -> list[str]:
        """Every content that is kept, in order."""
        with self._turn, _typed():
            return [
                root for (root,) in self._connect().execute("SELECT DISTINCT root FROM links ORDER BY root")
            ]

    def close(self) -> None:
        with self._turn:
            if self._connection is not None and self._process == os.getpid():
                self._connection.close()
            self._connection = None

    def _connect(self) -> sqlite3.Connection:
        # A connection must not be carried across a fork (SQLite, "How to corrupt"): a child opens its own.
        if self._connection is None or self._process != os.getpid():
            connection = sqlite3.connect(
                self._path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
            connection.executescript(_SCHEMA)
            self._connection, self._process = connection, os.getpid()
        return self._connection


class PinTransaction:
    """What can be asked and changed while the lock is held. Ids are text."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def pin(self, root: str, blocks: set[str]) -> None:
        with _typed():
            self._connection.executemany(
                "INSERT OR IGNORE INTO links (root, block) VALUES (?, ?)", ((root, block) for block in blocks)
            )

    def unpin(self, root: str) -> set[str]:
        """Forget a root; the blocks that no other root links."""
        with _typed():
            alone = self._connection.execute(
                "SELECT block FROM links WHERE root = ?1 AND NOT EXISTS "
                "(SELECT 1 FROM links AS other WHERE other.block = links.block AND other.root <> ?1)",
                (root,),
            ).fetchall()
            self._connection.execute("DELETE FROM links WHERE root = ?", (root,))
        return {block for (block,) in alone}


@contextmanager
def _typed() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise StoreUnreachable(f"the block store's pins cannot be used: {error}") from error
