"""One SQLite file through SQLAlchemy Core: WAL, bounded waits, real transactions, typed failures.

pysqlite opens transactions late and on its own terms; both events below hand that over to us (SQLAlchemy 2 manual,
"SQLite: Serializable isolation / Savepoints / Transactional DDL").
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, create_engine, event
from sqlalchemy.exc import SQLAlchemyError

from consentry.errors import StoreUnreachable

BUSY_MILLISECONDS = 10_000
CACHE_KIBIBYTES = 8_192
"""Of each connection: look-ups stay as quick when an index outgrows SQLite's own 2 MiB. Mapping the file (`mmap_size`) is no
quicker, and ends the process where the disk fails or the file was cut off."""

SCHEMA_VERSION = 1


class Database:
    """A database file with the tables of `metadata`. Thread-safe, and safe beside other processes.

    `durable`: every commit reaches the disk before it returns; else a power cut may take the last ones back, never
    damage the file. `rebuilt_as`: the version of tables that can be filled anew from elsewhere; older ones are dropped.
    Raises StoreUnreachable, from here on everywhere.
    """

    def __init__(
        self, path: Path, metadata: MetaData, *, durable: bool, rebuilt_as: int | None = None
    ) -> None:
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.touch(mode=0o600)
        except OSError as error:
            raise StoreUnreachable(f"the database {path.name} cannot be made: {error.strerror}") from None
        self._engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": BUSY_MILLISECONDS / 1000})
        synchronous = "FULL" if durable else "NORMAL"

        @event.listens_for(self._engine, "connect")
        def _connected(connection: Any, _record: Any) -> None:
            connection.isolation_level = None
            for pragma in (
                "journal_mode=WAL",
                f"busy_timeout={BUSY_MILLISECONDS}",
                f"synchronous={synchronous}",
                "foreign_keys=ON",
                f"cache_size=-{CACHE_KIBIBYTES}",
                "mmap_size=0",
            ):
                connection.execute(f"PRAGMA {pragma}")

        @event.listens_for(self._engine, "begin")
        def _begun(connection: Connection) -> None:
            writing = connection.get_execution_options().get("consentry_writing", False)
            # past SQLAlchemy, as this comes before each of a read's few statements
            driver: Any = connection.connection.driver_connection
            driver.execute("BEGIN IMMEDIATE" if writing else "BEGIN")

        # made once, and with the same connections: to say it of each connection anew costs more than to begin
        self._writing = self._engine.execution_options(consentry_writing=True)

        with self.write() as connection:
            found = connection.exec_driver_sql("PRAGMA user_version").scalar()
            version = rebuilt_as or SCHEMA_VERSION
            if rebuilt_as and found and found < rebuilt_as:
                metadata.drop_all(connection)
            elif found not in (0, version):
                raise StoreUnreachable(f"{path.name} was written by another version of Consentry ({found})")
            metadata.create_all(connection)
            connection.exec_driver_sql(f"PRAGMA user_version = {version}")

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A snapshot."""
        try:
            with self._engine.connect() as connection, connection.begin():
                yield connection
        except (SQLAlchemyError, sqlite3.Error) as error:
            raise self._failure(error) from None

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that excludes other writers from its start; all or nothing."""
        try:
            with self._writing.connect() as connection, connection.begin():
                yield connection
        except (SQLAlchemyError, sqlite3.Error) as error:
            raise self._failure(error) from None

    def close(self) -> None:
        self._engine.dispose()

    def _failure(self, error: SQLAlchemyError | sqlite3.Error) -> StoreUnreachable:
        # The statement and its parameters stay out of the message: they hold digests of people's data.
        cause = type(getattr(error, "orig", None) or error).__name__
        return StoreUnreachable(f"the database {self.path.name} failed: {cause}")
