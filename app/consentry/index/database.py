"""A database through SQLAlchemy Core: a SQLite file (WAL) or PostgreSQL, bounded waits, real transactions, typed failures."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from threading import Lock

import psycopg
from sqlalchemy.exc import SQLAlchemyError

from consentry.databases import engine as engines
from consentry.databases.connection import Connection, Lines
from consentry.databases.locks import alone
from consentry.databases.place import Place, called
from consentry.databases.schema import Schema, bring_up
from consentry.errors import DatabaseUnreachable


class Database:
    """A database with the tables of `schema`. Thread-safe, and safe beside other processes.

    `durable`: every commit reaches the disk before it returns; else a power cut may take the last ones back, never
    damage the database. Raises DatabaseUnreachable, from here on everywhere.
    """

    def __init__(self, place: Place, schema: Schema, *, durable: bool) -> None:
        self.place = place
        self._name = called(place)
        if isinstance(place, Path):
            try:
                place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                place.touch(mode=0o600)
            except OSError as error:
                raise DatabaseUnreachable(
                    f"the database {self._name} cannot be made: {error.strerror}"
                ) from None
        engine = engines.engine_of(place, durable=durable)
        # made once, and with the same connections: to say it of each connection anew costs more than to begin
        self._engine, self._schema = engine, schema
        self._reading, self._writing = engines.reading(engine), engines.writing(engine, schema.name)
        self._lines = Lines(engine) if isinstance(place, Path) else None
        self._durable = durable
        self._lock = Lock()
        with self.write() as connection:
            bring_up(connection.whole, schema)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A snapshot."""
        try:
            if self._lines is not None:
                with self._lines.transaction("BEGIN") as line:
                    yield line
                return
            with self._reading.connect() as connection, connection.begin():
                yield Connection(connection)
        except (SQLAlchemyError, sqlite3.Error, psycopg.Error) as error:
            raise self._failure(error) from None

    @contextmanager
    def write(self, *, at_once: bool = True) -> Iterator[Connection]:
        """A transaction that excludes other writers from its start; all or nothing. `at_once` false: everybody sees it when
        it has ended, but a power cut may take it back until the next one that is durable."""
        lazily = self._durable and not at_once
        try:
            if self._lines is not None:
                with self._lines.writing(at_once=not lazily) as line:
                    yield line
                return
            with self._writing.connect() as connection, connection.begin():
                if lazily:
                    connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
                yield Connection(connection)
        except (SQLAlchemyError, sqlite3.Error, psycopg.Error) as error:
            raise self._failure(error) from None

    def alone(self, work: str, seconds: float) -> AbstractContextManager[None]:
        """Only one does this work at a time, in all processes: what ends the process or the connection frees it.

        Raises Busy when it was not free for so long, DatabaseUnreachable.
        """
        return alone(self._engine, self.place, self._lock, f"{self._schema.name}/{work}", seconds)

    def close(self) -> None:
        if self._lines is not None:
            self._lines.close()
        self._engine.dispose()

    def _failure(self, error: Exception) -> DatabaseUnreachable:
        # The statement and its parameters stay out of the message: they hold digests of people's data.
        cause = type(getattr(error, "orig", None) or error).__name__
        return DatabaseUnreachable(f"the database {self._name} failed: {cause}")
