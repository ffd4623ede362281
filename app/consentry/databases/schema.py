"""The tables of one book, and how a database comes to have them (specification H-18).

An empty database gets them as the models say; an older one goes through the migrations of `migrations/<name>`, by Alembic. A
test holds that both end at the same tables, on both databases.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import psycopg
from sqlalchemy import Column, Connection, MetaData, String, Table, inspect, select
from sqlalchemy.exc import DBAPIError

from consentry.errors import DatabaseForeign, DatabaseOutdated


@dataclass(frozen=True)
class Schema:
    """`name`: of its migrations; `head`: the newest of them. `mark`: SQLite's `user_version` of a file that has it. `unnoted`:
    at which revision a file is that was written before revisions were noted, by its `user_version`."""

    name: str
    metadata: MetaData
    head: str
    mark: int
    unnoted: Mapping[int, str] = field(default_factory=dict)

    @property
    def notes(self) -> str:
        """The table that says at which revision the others are."""
        return f"schema_{self.name}"


class Standing(StrEnum):
    EMPTY = "empty"
    CURRENT = "current"
    OLDER = "older"


@dataclass(frozen=True)
class Found:
    """`revision`: None where the tables are none yet."""

    standing: Standing
    revision: str | None


def find(connection: Connection, schema: Schema) -> Found:
    """How the tables stand. Raises DatabaseForeign for a mark that no release of ours has set."""
    there = set(inspect(connection).get_table_names())
    if schema.notes in there:
        noted = connection.execute(select(_notes(schema).c.version_num)).scalar()
        if noted is not None:
            return Found(Standing.CURRENT if noted == schema.head else Standing.OLDER, noted)
    mark = _mark(connection)
    if mark and mark not in schema.unnoted and mark != schema.mark:
        raise DatabaseForeign(f"it was written by another version of Consentry ({mark})")
    if not there & set(schema.metadata.tables):
        return Found(Standing.EMPTY, None)
    return Found(Standing.OLDER, schema.unnoted.get(mark or schema.mark, schema.head))


def bring_up(connection: Connection, schema: Schema) -> Found:
    """Make or upgrade the tables, in the caller's transaction, which excludes other writers. Gives what was found.

    Raises DatabaseForeign, DatabaseOutdated.
    """
    found = find(connection, schema)
    if found.standing is Standing.CURRENT:
        return found
    try:
        _change(connection, schema, found)
    except DBAPIError as problem:
        if isinstance(problem.orig, psycopg.errors.InsufficientPrivilege):
            told = f"{schema.name}: {found.revision or 'no tables'}, not {schema.head}; this role may not change them"
            raise DatabaseOutdated(told) from None
        raise
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA user_version = {schema.mark}")
    return found


def _change(connection: Connection, schema: Schema, found: Found) -> None:
    if found.standing is Standing.EMPTY:
        schema.metadata.create_all(connection)
        note(connection, schema, schema.head)
    else:
        from consentry.databases import upgrading  # Alembic is loaded only where it has something to do

        upgrading.upgrade(connection, schema, found.revision)


def note(connection: Connection, schema: Schema, revision: str) -> None:
    """Say at which revision the tables are."""
    notes = _notes(schema)
    notes.create(connection, checkfirst=True)
    connection.execute(notes.delete())
    connection.execute(notes.insert(), {"version_num": revision})


def _notes(schema: Schema) -> Table:
    """As Alembic makes it."""
    return Table(schema.notes, MetaData(), Column("version_num", String(32), primary_key=True))


def _mark(connection: Connection) -> int:
    if connection.dialect.name != "sqlite":
        return 0
    return int(connection.exec_driver_sql("PRAGMA user_version").scalar() or 0)
