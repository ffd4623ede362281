"""The keeper's database, in which work that waits together is made durable together (K-6, K-25).

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

import psycopg
from sqlalchemy.exc import SQLAlchemyError

from consentry.databases.engine import engine_of, writing
from consentry.databases.place import Place
from consentry.databases.schema import bring_up
from consentry.errors import ConfigInvalid, DatabaseUnreachable
from consentry.keeper.doors import Door, PostgresqlDoor, Session, SqliteDoor
from consentry.keeper.tables import KEEPER

T = TypeVar("T")

MOST_TOGETHER = 64
"""Pieces of work in one transaction: bounds how long the last one waits for the first one's turn to end."""

_LOG = logging.getLogger(__name__)
_SILENT = "the keeper's database does not answer"


class _Piece(Generic[T]):
    """Work that waits for its transaction; `outcome` is set once, when that has ended."""

    def __init__(self, work: Callable[[Session], T]) -> None:
        self.work = work
        self.outcome: Callable[[], T] | None = None

    def succeed(self, value: T) -> None:
        self.outcome = lambda: value

    def fail(self, problem: Exception) -> None:
        def again() -> T:
            raise problem

        self.outcome = again


class KeeperDatabase:
    """One keeper's database on one chain. Safe from any thread, and beside other processes."""

    def __init__(self, place: Place, *, keeper: str, chain_id: int, audit_log: str) -> None:
        """Open or create. Raises ConfigInvalid for another keeper's or chain's database, DatabaseUnreachable."""
        self._writing, self._queue = Lock(), Lock()
        self._waiting: deque[_Piece[object]] = deque()
        try:
            self.door: Door = SqliteDoor(place) if isinstance(place, Path) else PostgresqlDoor(place)
            _make_tables(place)
        except (OSError, sqlite3.Error, psycopg.Error, SQLAlchemyError):
            raise DatabaseUnreachable("the keeper's database cannot be opened") from None
        self.together(lambda db: _check_owner(db, (keeper, chain_id, audit_log)))

    def together(self, work: Callable[[Session], T]) -> T:
        """Do `work` in a transaction shared with whatever else waits; it is on disk when this returns.

        What `work` raises undoes this work alone, as if it had never begun. A transaction that fails undoes all of it and
        raises DatabaseUnreachable to everybody in it.
        """
        piece = _Piece(work)
        with self._queue:
            self._waiting.append(piece)  # type: ignore[arg-type]
        with self._writing:
            while piece.outcome is None:
                self._carry_out()
        return piece.outcome()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """What is on disk; waits for no writer. Raises DatabaseUnreachable."""
        try:
            with self.door.reading() as db:
                yield db
        except self.door.failures:
            raise DatabaseUnreachable(_SILENT) from None

    def close(self) -> None:
        with self._writing:
            self.door.close()

    def _carry_out(self) -> None:
        with self._queue:
            pieces = [self._waiting.popleft() for _ in range(min(len(self._waiting), MOST_TOGETHER))]
        try:
            with self.door.transaction() as db:
                tellings = [_attempt(piece, db, self.door.failures) for piece in pieces]
            for tell in tellings:
                tell()
        except self.door.failures as failure:
            # by its kind alone: PostgreSQL quotes what it was told
            told = {"count": len(pieces), "error": type(failure).__name__}
            _LOG.error("a transaction of %(count)d failed and left nothing: %(error)s", told)
        finally:
            # also when this thread is interrupted: the others must not wait for what will never come
            for piece in pieces:
                if piece.outcome is None:
                    piece.fail(DatabaseUnreachable(_SILENT))


def _attempt(piece: _Piece[T], db: Session, failures: tuple[type[Exception], ...]) -> Callable[[], None]:
    """How to tell the outcome once all is on disk. Raises the database's own failures, after which the whole transaction
    counts as lost."""
    db.execute("SAVEPOINT piece")
    try:
        value = piece.work(db)
    except failures:
        raise
    except Exception as problem:
        db.execute("ROLLBACK TO piece")
        db.execute("RELEASE piece")
        failure = problem
        return lambda: piece.fail(failure)
    db.execute("RELEASE piece")
    return lambda: piece.succeed(value)


def _make_tables(place: Place) -> None:
    engine = engine_of(place, durable=True)
    try:
        with writing(engine, KEEPER.name).connect() as connection, connection.begin():
            bring_up(connection, KEEPER)
    finally:
        engine.dispose()


def _check_owner(db: Session, owner: tuple[str, int, str]) -> None:
    found = db.execute("SELECT keeper, chain_id, audit_log FROM owner").fetchone()
    if found is None:
        db.execute("INSERT INTO owner VALUES (?, ?, ?)", owner)
    elif found != owner:
        raise ConfigInvalid("the database belongs to another keeper, chain or deployment")
