"""A database of PostgreSQL that is being restored: whose half it is when that process dies (specification U-9).

A note in it names the dump, from before the load on, and the load's transaction, just before that is given its last byte and so
before it can commit. A database whose tables all were made by that transaction is the load's; anything else is somebody's own.
Loads of a process that died, which may still be about to commit, are ended before that is looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Lock
from typing import Final

import psycopg
from sqlalchemy import URL, Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from consentry.databases.engine import engine_of
from consentry.databases.locks import Busy, alone
from consentry.databases.place import called
from consentry.errors import DatabaseTaken, DatabaseUnreachable

NOTE: Final = "consentry_restore"
"""The table with the note; in no back-up."""
LOADING: Final = "consentry pg_restore"
"""What a connection that loads is called."""
_WAIT_SECONDS, _END_MILLISECONDS = 10, 10_000
_FAILED = (SQLAlchemyError, psycopg.Error)
_MADE = text(
    "SELECT DISTINCT CAST(c.xmin AS text) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'"
    " AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')"
    f" AND c.oid IS DISTINCT FROM CAST(to_regclass('{NOTE}') AS oid)"
)
"""By which transactions all but the note was made or altered ("System Columns" of the manual); what an extension brought, for
instance an administrator's, is in nobody's way."""
_THERE = text(f"SELECT to_regclass('{NOTE}') IS NOT NULL")
_NOTED = text(f"SELECT dump, loader FROM {NOTE}")
_BEGIN = text(f"CREATE TABLE {NOTE} (dump text NOT NULL, loader text)")
_NAME = text(f"INSERT INTO {NOTE} VALUES (:dump, NULL)")
_NAME_ANEW = text(f"UPDATE {NOTE} SET dump = :dump, loader = NULL")
_TAKE_BACK = text(f"DROP TABLE {NOTE}")
_LOADS = (
    " FROM pg_stat_activity a WHERE a.datname = current_database() AND a.usename = current_user"
    " AND a.application_name = :name"
)
_NAME_LOADER = text(
    f"UPDATE {NOTE} SET loader = CAST(a.backend_xid AS text){_LOADS} AND a.backend_xid IS NOT NULL"
)
_END_LOADS = text("SELECT count(pg_terminate_backend(a.pid, :milliseconds))" + _LOADS)
_LOADS_LEFT = text("SELECT count(*)" + _LOADS)
"""Asked afterwards: of one that ended by itself meanwhile `pg_terminate_backend` says false as well."""


@dataclass(frozen=True)
class Claim:
    """On one database. `loaded`: the whole dump is in it already; `began`: the note is this process's own."""

    engine: Engine
    loaded: bool
    began: bool

    def name_loader(self) -> bool:
        """Note the transaction that loads; whether there is one yet. Raises DatabaseUnreachable."""
        try:
            with self.engine.begin() as connection:
                return connection.execute(_NAME_LOADER, {"name": LOADING}).rowcount == 1
        except _FAILED as problem:
            raise _unreachable(self.engine.url, problem) from None


def require_claimable(connection: Connection, url: URL) -> None:
    """Before an archive is read, which tells what `claimed` looks at. Raises DatabaseTaken."""
    if not connection.execute(_THERE).scalar() and connection.execute(_MADE).first():
        raise DatabaseTaken(f"{called(url)} holds tables already")


@contextmanager
def claimed(url: URL, dump: bytes) -> Iterator[Claim]:
    """While this dump (its SHA-256) is loaded and its folder put in its place, nobody else restores into the database. The note
    goes at the end, and where nothing was loaded.

    Raises DatabaseTaken, DatabaseUnreachable.
    """
    engine = engine_of(url, durable=True)
    try:
        with alone(engine, url, Lock(), "restoring", _WAIT_SECONDS):
            claim = _claim(engine, url, dump.hex())
            try:
                yield claim
            except BaseException:
                if claim.began:
                    with suppress(
                        *_FAILED, DatabaseUnreachable
                    ):  # what went wrong is told; a note that stays is found by the next restore
                        _withdraw(engine)
                raise
            with engine.begin() as connection:
                connection.execute(_TAKE_BACK)
    except Busy:
        raise DatabaseTaken(f"another restore fills {called(url)}") from None
    except _FAILED as problem:
        raise _unreachable(url, problem) from None
    finally:
        engine.dispose()


def _claim(engine: Engine, url: URL, dump: str) -> Claim:
    """Raises DatabaseTaken, DatabaseUnreachable."""
    _end_loads(engine)
    with engine.begin() as connection:
        made = set(connection.execute(_MADE).scalars())
        if not connection.execute(_THERE).scalar():
            if made:
                raise DatabaseTaken(f"{called(url)} holds tables already")
            connection.execute(_BEGIN)
            connection.execute(_NAME, {"dump": dump})
            return Claim(engine, loaded=False, began=True)
        noted = connection.execute(_NOTED).one()
        if noted.dump != dump and not made:  # of the other archive nothing came to be here
            connection.execute(_NAME_ANEW, {"dump": dump})
            return Claim(engine, loaded=False, began=True)
        if noted.dump != dump:
            raise DatabaseTaken(
                f"{called(url)} holds what was left of restoring another archive: restore that one, or name an empty database"
            )
        if made - {noted.loader}:
            raise DatabaseTaken(f"{called(url)} was used after a restore that did not come to its end")
        return Claim(engine, loaded=bool(made), began=False)


def _withdraw(engine: Engine) -> None:
    """Take back a note after which nothing was loaded."""
    _end_loads(engine)
    with engine.begin() as connection:
        if not connection.execute(_MADE).first():
            connection.execute(_TAKE_BACK)


def _end_loads(engine: Engine) -> None:
    """Raises DatabaseUnreachable for one that does not end: it may commit after it was looked what is there."""
    with engine.begin() as connection:
        connection.execute(_END_LOADS, {"milliseconds": _END_MILLISECONDS, "name": LOADING})
    with engine.begin() as connection:  # a transaction sees who is connected as of its first look
        if connection.execute(_LOADS_LEFT, {"name": LOADING}).scalar():
            raise DatabaseUnreachable(f"an earlier load into {called(engine.url)} does not end")


def _unreachable(url: URL, problem: Exception) -> DatabaseUnreachable:
    cause = type(getattr(problem, "orig", None) or problem).__name__
    return DatabaseUnreachable(f"the database {called(url)} failed: {cause}")
