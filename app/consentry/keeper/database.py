"""The keeper's SQLite file: WAL, synchronous=FULL, and work that waits together made durable together (K-6, K-25).

The sync is what a durable receipt costs, and one sync makes a whole transaction durable. So whoever comes first carries out
everything that waits, in one transaction; whoever comes meanwhile waits for the next one. Nothing is given up: nobody hears
that work is done before the transaction that holds it is on disk.
"""

from __future__ import annotations

import logging
import sqlite3
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Generic, TypeVar

from consentry.errors import ConfigInvalid, StoreUnreachable

T = TypeVar("T")

BUSY_SECONDS = 10.0
MOST_TOGETHER = 64
"""Pieces of work in one transaction: bounds how long the last one waits for the first one's turn to end."""

_LOG = logging.getLogger(__name__)
_OWNER = "CREATE TABLE IF NOT EXISTS owner (keeper TEXT NOT NULL, chain_id INTEGER NOT NULL, audit_log TEXT NOT NULL)"
_SILENT = "the keeper's database does not answer"


class _Piece(Generic[T]):
    """Work that waits for its transaction; `outcome` is set once, when that has ended."""

    def __init__(self, work: Callable[[sqlite3.Connection], T]) -> None:
        self.work = work
        self.outcome: Callable[[], T] | None = None

    def succeed(self, value: T) -> None:
        self.outcome = lambda: value

    def fail(self, problem: Exception) -> None:
        def again() -> T:
            raise problem

        self.outcome = again


class KeeperDatabase:
    """One keeper's file on one chain; one connection writes and one reads. Safe from any thread, and beside other processes."""

    def __init__(self, path: Path, *, keeper: str, chain_id: int, audit_log: str) -> None:
        """Open or create. Raises ConfigInvalid for another keeper's or chain's file, StoreUnreachable."""
        self._writing, self._reading, self._queue = Lock(), Lock(), Lock()
        self._waiting: deque[_Piece[object]] = deque()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._writer = _connect(path)
            path.chmod(0o600)
            (mode,) = self._writer.execute("PRAGMA journal_mode=WAL").fetchone()
            self._writer.execute("PRAGMA synchronous=FULL")
            self._reader = _connect(path)
        except (OSError, sqlite3.Error):
            raise StoreUnreachable("the keeper's database cannot be opened") from None
        if (
            mode != "wal"
        ):  # SQLite keeps silent where the file system cannot do it, and receipts would not be what is promised
            raise StoreUnreachable("the keeper's database cannot write ahead (WAL): put it on a local disk")
        self.define(_OWNER)
        self.together(lambda db: _check_owner(db, (keeper, chain_id, audit_log)))

    def define(self, schema: str) -> None:
        """Make tables that are missing, by `CREATE … IF NOT EXISTS`: older files open. Raises StoreUnreachable."""
        with self._writing:
            try:
                self._writer.executescript(schema)
            except sqlite3.Error:
                raise StoreUnreachable("the keeper's database cannot be opened") from None

    def together(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do `work` in a transaction shared with whatever else waits; it is on disk when this returns.

        What `work` raises undoes this work alone, as if it had never begun. A transaction that fails undoes all of it and
        raises StoreUnreachable to everybody in it.
        """
        piece = _Piece(work)
        with self._queue:
            self._waiting.append(piece)  # type: ignore[arg-type]
        with self._writing:
            while piece.outcome is None:
                self._carry_out()
        return piece.outcome()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """What is on disk; waits for no writer. Raises StoreUnreachable."""
        with self._reading:
            try:
                yield self._reader
            except sqlite3.Error:
                raise StoreUnreachable(_SILENT) from None

    def close(self) -> None:
        with self._writing, self._reading:
            self._reader.close()
            self._writer.close()

    def _carry_out(self) -> None:
        with self._queue:
            pieces = [self._waiting.popleft() for _ in range(min(len(self._waiting), MOST_TOGETHER))]
        try:
            with _transaction(self._writer) as db:
                tellings = [_attempt(piece, db) for piece in pieces]
            for tell in tellings:
                tell()
        except sqlite3.Error as failure:
            _LOG.error("a transaction of %d failed and left nothing: %s", len(pieces), failure)
        finally:
            # also when this thread is interrupted: the others must not wait for what will never come
            for piece in pieces:
                if piece.outcome is None:
                    piece.fail(StoreUnreachable(_SILENT))


def _attempt(piece: _Piece[T], db: sqlite3.Connection) -> Callable[[], None]:
    """How to tell the outcome once all is on disk. Raises sqlite3.Error, after which the whole transaction counts as lost."""
    db.execute("SAVEPOINT piece")
    try:
        value = piece.work(db)
    except sqlite3.Error:
        raise
    except Exception as problem:
        db.execute("ROLLBACK TO piece")
        db.execute("RELEASE piece")
        failure = problem
        return lambda: piece.fail(failure)
    db.execute("RELEASE piece")
    return lambda: piece.succeed(value)


@contextmanager
def _transaction(db: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """All or nothing, on disk when the block ends; whoever else writes waits from its start."""
    if db.in_transaction:  # an earlier one failed, and so did undoing it
        db.execute("ROLLBACK")
    db.execute("BEGIN IMMEDIATE")
    try:
        yield db
        db.execute("COMMIT")
    finally:
        if db.in_transaction:
            db.execute("ROLLBACK")


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=BUSY_SECONDS)


def _check_owner(db: sqlite3.Connection, owner: tuple[str, int, str]) -> None:
    found = db.execute("SELECT keeper, chain_id, audit_log FROM owner").fetchone()
    if found is None:
        db.execute("INSERT INTO owner VALUES (?, ?, ?)", owner)
    elif found != owner:
        raise ConfigInvalid("the database belongs to another keeper, chain or deployment")
