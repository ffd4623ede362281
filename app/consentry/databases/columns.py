"""What the two databases say differently, under one name (specification H-17)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Identity,
    Insert,
    Integer,
    Table,
    bindparam,
    column,
    select,
    table,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CreateColumn

from consentry.databases.connection import Connection
from consentry.databases.prepared import Change, Query

Number = BigInteger().with_variant(Integer, "sqlite")
"""64 bits in both: SQLite's INTEGER has as many as it needs."""

ARRIVAL = "rowid"

_LAST_NUMBER = Query(
    select(column("seq")).select_from(table("sqlite_sequence")).where(column("name") == bindparam("of"))
)


_INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def arrival() -> Column[Any]:
    """The order in which rows came. SQLite numbers the rows of every table by itself, under this name."""
    return Column(ARRIVAL, BigInteger, Identity(always=True), nullable=False)


@compiles(CreateColumn, "sqlite")
def _create_column(element: Any, compiler: Any, **words: Any) -> Any:
    return None if element.element.name == ARRIVAL else compiler.visit_create_column(element, **words)


def insert_new(connection: Connection, into: Table) -> Any:
    """An insert that can say what to do where a row is there already (`on_conflict_do_nothing`, `on_conflict_do_update`)."""
    made: Insert = _INSERTS[connection.dialect.name](into)
    return made


def keep_new(into: Table) -> dict[str, Change]:
    """By dialect, the insert that leaves rows be that are there already, and tells how many were not."""
    return {
        name: Change(made(into).on_conflict_do_nothing().execution_options(preserve_rowcount=True))
        for name, made in _INSERTS.items()
    }


def next_numbers(connection: Connection, numbers: Column[int], count: int) -> list[int]:
    """Numbers for so many new rows, rising, and none that a row ever had, also where that one is gone."""
    if connection.dialect.name == "sqlite":
        last = int(connection.execute(_LAST_NUMBER, {"of": numbers.table.name}).scalar() or 0)
        return list(range(last + 1, last + 1 + count))
    drawn = text(
        "SELECT nextval(pg_get_serial_sequence(:name, :column)) FROM generate_series(1, :count)"
    ).bindparams(name=numbers.table.name, column=numbers.name, count=count)
    return sorted(connection.execute(drawn).scalars())
