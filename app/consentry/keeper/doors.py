"""The keeper's two ways into its database: one that writes and one that reads, in SQLite or PostgreSQL.

Past SQLAlchemy, whose statements cost more than what they do here; the SQL is one for both, with `?` for values.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

import psycopg
from sqlalchemy import URL
from sqlalchemy.exc import SQLAlchemyError

from consentry.databases.engine import engine_of, lock_of
from consentry.errors import DatabaseUnreachable
from consentry.keeper.tables import KEEPER

BUSY_SECONDS = 10.0


class Session(Protocol):
    """One connection, in a transaction where it writes."""

    def execute(self, sql: str, parameters: Sequence[Any] = (), /) -> Any:
        """A cursor of the driver: `fetchone`, `fetchall`, `rowcount`, and rows as tuples."""
        ...


class Door(Protocol):
    failures: tuple[type[Exception], ...]
    """What its database raises."""

    def transaction(self) -> AbstractContextManager[Session]:
        """All or nothing, on disk when the block ends; whoever else writes waits from its start."""
        ...

    def reading(self) -> AbstractContextManager[Session]:
        """What is on disk; waits for no writer."""
        ...

    def close(self) -> None: ...


class SqliteDoor:
    """A file: WAL and synchronous=FULL, a connection that writes and one that reads."""

    failures: tuple[type[Exception], ...] = (sqlite3.Error,)

    def __init__(self, path: Path) -> None:
        """Raises DatabaseUnreachable, sqlite3.Error, OSError."""
        self._lock = Lock()
        path.parent.mkdir(parents=True, exist_ok=True)
        self.writer = connect(path)
        path.chmod(0o600)
        (mode,) = self.writer.execute("PRAGMA journal_mode=WAL").fetchone()
        self.writer.execute("PRAGMA synchronous=FULL")
        self._reader = connect(path)
        if mode != "wal":
            # SQLite keeps silent where the file system cannot do it, and receipts would not be what is promised
            raise DatabaseUnreachable(
                "the keeper's database cannot write ahead (WAL): put it on a local disk"
            )

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        db = self.writer
        if db.in_transaction:  # an earlier one failed, and so did undoing it
            db.execute("ROLLBACK")
        db.execute("BEGIN IMMEDIATE")
        try:
            yield db
            db.execute("COMMIT")
        finally:
            if db.in_transaction:
                db.execute("ROLLBACK")

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with self._lock:
            yield self._reader

    def close(self) -> None:
        with self._lock:
            self._reader.close()
            self.writer.close()


def connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=BUSY_SECONDS)


class PostgresqlDoor:
    """A server: connections come from a pool, which makes new ones when the server was away."""

    failures: tuple[type[Exception], ...] = (psycopg.Error, SQLAlchemyError)

    def __init__(self, url: URL) -> None:
        self._engine = engine_of(url, durable=True)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        with self._connected() as driver:
            driver.execute("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE")
            driver.execute(lock_of(KEEPER.name))
            yield _Asking(driver)
            told = driver.execute("COMMIT").statusmessage
            if told != "COMMIT":  # so PostgreSQL answers where an earlier statement failed
                raise psycopg.OperationalError("nothing was committed")

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with self._connected() as driver:
            yield _Asking(driver)

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def _connected(self) -> Iterator[psycopg.Connection[Any]]:
        held = self._engine.raw_connection()
        try:
            driver: Any = held.driver_connection
            yield driver
        except BaseException:
            held.invalidate()  # what was begun ends with it; whether it can still be used is not worth finding out
            raise
        finally:
            held.close()


class _Asking:
    """The driver, asked with `?` for values."""

    def __init__(self, driver: psycopg.Connection[Any]) -> None:
        self._driver = driver

    def execute(self, sql: str, parameters: Sequence[Any] = (), /) -> psycopg.Cursor[Any]:
        return self._driver.execute(_in_its_words(sql), parameters or None)


@cache
def _in_its_words(sql: str) -> Any:
    return sql.replace("?", "%s")
