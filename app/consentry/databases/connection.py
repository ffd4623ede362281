"""What carries out statements within a transaction, and SQLite's connections that are kept for the next one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Any

import sqlalchemy
from sqlalchemy import Dialect, Engine, Executable, Result

from consentry.databases.engine import BUSY_MILLISECONDS, beginning
from consentry.databases.prepared import Change, Query, Values

NOTHING: Values = {}
KEPT = 5
"""Connections of one database that wait for somebody to ask; as many as SQLAlchemy would keep."""


_LAZILY = ("PRAGMA synchronous=NORMAL", "PRAGMA synchronous=FULL")


class Connection:
    """Of one transaction. `whole` is SQLAlchemy's; `driver` is SQLite's own, None in PostgreSQL."""

    def __init__(self, whole: sqlalchemy.Connection, driver: sqlite3.Connection | None = None) -> None:
        self.whole = whole
        self._driver = driver

    @property
    def dialect(self) -> Dialect:
        return self.whole.dialect

    def execute(
        self, statement: Executable | Query, values: Values | Sequence[Values] = NOTHING
    ) -> Result[Any]:
        if isinstance(statement, Query):
            if self._driver is not None and not isinstance(values, Sequence):
                return statement.run(self._driver, values)
            statement = statement.clause
        return self.whole.execute(statement, values)

    def change(
        self, statement: sqlalchemy.UpdateBase | Change, values: Values | Sequence[Values] = NOTHING
    ) -> int:
        """How many rows it changed."""
        if isinstance(statement, Change):
            if self._driver is not None:
                return statement.run(self._driver, values)
            statement = statement.clause
        return self.whole.execute(statement, values).rowcount

    def fill(self, statement: Change, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> int:
        """An insert of many rows, each the values of `names` in this order: how many rows it changed."""
        if not rows:
            return 0
        if self._driver is not None:
            return statement.fill(self._driver, names, rows)
        named = [dict(zip(names, row, strict=True)) for row in rows]
        return self.whole.execute(statement.clause, named).rowcount


class _Line(Connection):
    """A connection to a SQLite file that outlives its transactions, which it begins and ends past SQLAlchemy: to have one made
    and looked after for each takes longer than most of what they are for."""

    def __init__(self, engine: Engine) -> None:
        whole = engine.connect()
        self.driver: sqlite3.Connection = whole.connection.driver_connection  # type: ignore[assignment]
        super().__init__(whole, self.driver)

    def commit(self) -> None:
        self.driver.commit()
        if self.whole.in_transaction():  # for SQLAlchemy, which has begun nothing in the file
            self.whole.commit()

    def roll_back(self) -> None:
        self.driver.rollback()
        if self.whole.in_transaction():
            self.whole.rollback()


class Lines:
    """SQLite's connections for one database. Thread-safe: each has one user at a time."""

    def __init__(self, engine: Engine) -> None:
        self._engine = beginning(engine)  # SQLAlchemy begins nothing
        self._idle: list[_Line] = []
        self._closed = False
        self._lock, self._turn = Lock(), Lock()

    @contextmanager
    def writing(self, *, at_once: bool) -> Iterator[Connection]:
        """`transaction`, which excludes other writers. Those of this process wait for their turn, as SQLite has whoever waits
        for another sleep, longer each time. `at_once` false: it is there for everybody, and a power cut may take it back; what
        is durable after it makes it so too."""
        if not self._turn.acquire(timeout=BUSY_MILLISECONDS / 1000):
            raise sqlite3.OperationalError("database is locked")
        try:
            with self.transaction("BEGIN IMMEDIATE", () if at_once else _LAZILY) as line:
                yield line
        finally:
            self._turn.release()

    @contextmanager
    def transaction(self, begin: str, around: Sequence[str] = ()) -> Iterator[Connection]:
        """All or nothing, begun by this statement; `around`: what is said before and after it. Raises sqlite3.Error,
        SQLAlchemyError."""
        line = self._idle_one() or _Line(self._engine)
        ended = False
        try:
            try:
                for statement in around[:1]:
                    line.driver.execute(statement)
                line.driver.execute(begin)
                yield line
                line.commit()
            except BaseException:
                line.roll_back()
                raise
            finally:
                for statement in around[1:]:
                    line.driver.execute(statement)
                ended = not line.driver.in_transaction
        finally:
            if not (ended and self._kept(line)):
                line.whole.close()

    def close(self) -> None:
        """Those in use, now or later, are closed by whoever uses them."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for line in idle:
            line.whole.close()

    def _idle_one(self) -> _Line | None:
        with self._lock:
            return self._idle.pop() if self._idle else None

    def _kept(self, line: _Line) -> bool:
        with self._lock:
            kept = not self._closed and len(self._idle) < KEPT
            if kept:
                self._idle.append(line)
        return kept
