"""Connections as both databases need them: transactions that begin when they are told to, bounded waits, durable commits.

pysqlite opens transactions late and on its own terms, psycopg with one kind for all; the events below hand that over to us
(SQLAlchemy 2 manual, "SQLite: Serializable isolation / Savepoints / Transactional DDL").
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import URL, Connection, Engine, create_engine, event

from consentry.databases.place import Place, called
from consentry.errors import DatabaseUnreachable

BUSY_MILLISECONDS = 10_000
CACHE_KIBIBYTES = 8_192
"""Of each connection: look-ups stay as quick when an index outgrows SQLite's own 2 MiB. Mapping the file (`mmap_size`) is no
quicker, and ends the process where the disk fails or the file was cut off."""

_BEGIN = "consentry_begin"
LINE = {
    "connect_timeout": BUSY_MILLISECONDS // 1000,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 2 * BUSY_MILLISECONDS,
    "application_name": "consentry",
}
"""libpq's words for a connection whose other side may be gone: it is noticed within a minute."""

_SESSION = (
    f"SET lock_timeout = {BUSY_MILLISECONDS}",
    "SET idle_in_transaction_session_timeout = 0",
    "SET tcp_keepalives_idle = 15",
    "SET tcp_keepalives_interval = 5",
    "SET tcp_keepalives_count = 3",
)
_PROMISES = (
    "SELECT current_setting('fsync'), current_setting('full_page_writes'), current_setting('synchronous_commit'),"
    " current_setting('server_encoding')"
)


def lock_of(name: str) -> str:
    """Takes the lock of that name among all who use this schema of PostgreSQL, until the transaction ends, however it does."""
    return f"SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '/consentry/{name}', 0))"


def engine_of(place: Place, *, durable: bool) -> Engine:
    """Connects when it is used first. `durable`: every commit reaches the disk before it returns; else a power cut may take
    the last ones back, never damage anything."""
    return _sqlite(place, durable=durable) if isinstance(place, Path) else _postgresql(place, durable=durable)


def beginning(engine: Engine, *statements: str) -> Engine:
    """The same connections, whose transactions begin by these statements."""
    return engine.execution_options(**{_BEGIN: statements})


def reading(engine: Engine) -> Engine:
    """Each transaction is a snapshot."""
    if engine.dialect.name == "sqlite":
        return beginning(engine, "BEGIN")
    return beginning(engine, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")


def writing(engine: Engine, name: str) -> Engine:
    """Each transaction excludes other writers of that name from its start: in SQLite those of the whole file."""
    if engine.dialect.name == "sqlite":
        return beginning(engine, "BEGIN IMMEDIATE")
    # in two steps, so that what is read next is what whoever held the lock before has committed
    return beginning(engine, "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE", lock_of(name))


def _sqlite(path: Path, *, durable: bool) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"timeout": BUSY_MILLISECONDS / 1000},
        max_overflow=-1,  # as many as threads ask at once: who holds one keeps nobody else waiting
    )

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            f"busy_timeout={BUSY_MILLISECONDS}",
            f"synchronous={'FULL' if durable else 'NORMAL'}",
            "foreign_keys=ON",
            f"cache_size=-{CACHE_KIBIBYTES}",
            "mmap_size=0",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        # past SQLAlchemy, as this comes before each of a read's few statements
        driver: Any = connection.connection.driver_connection
        for statement in connection.get_execution_options().get(_BEGIN, ("BEGIN",)):
            driver.execute(statement)

    return engine


def _postgresql(url: URL, *, durable: bool) -> Engine:
    line = {name: value for name, value in LINE.items() if name not in url.query}
    engine = create_engine(
        url,
        connect_args=line,
        use_native_hstore=False,
        pool_pre_ping=True,  # a server that was restarted costs nobody an answer
        pool_timeout=BUSY_MILLISECONDS / 1000,
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def _connected(connection: psycopg.Connection[Any], _record: Any) -> None:
        connection.autocommit = True
        for statement in _SESSION:
            connection.execute(statement)
        if not durable:
            connection.execute("SET synchronous_commit = off")
            return
        found: Any = connection.execute(_PROMISES).fetchone()
        fsync, full_pages, synchronous, encoding = found
        if (fsync, full_pages) != ("on", "on"):
            raise DatabaseUnreachable(
                f"the PostgreSQL of {called(url)} runs without fsync or full_page_writes: what it answers is lost in a power cut"
            )
        if encoding != "UTF8":
            raise DatabaseUnreachable(f"the database {called(url)} is not in UTF8")
        if synchronous == "off":
            connection.execute("SET synchronous_commit = on")

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        for statement in connection.get_execution_options().get(_BEGIN, ("BEGIN",)):
            connection.exec_driver_sql(statement)

    return engine
