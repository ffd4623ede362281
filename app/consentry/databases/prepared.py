"""Statements that are put together once, and then go to SQLite's driver as they are.

SQLAlchemy looks each statement up by its structure, and makes an execution and a cursor of its own, every time: several times
what SQLite takes to carry out one that finds a row by its key. PostgreSQL gets them through SQLAlchemy, as the way there takes
longer than either.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Boolean, Delete, Insert, Integer, LargeBinary, Select, String, Update
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import IteratorResult, Result
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import NullType, TypeEngine

Values = Mapping[str, Any]
_DIALECT: Final = SQLiteDialect_pysqlite(paramstyle="qmark")
_PLAIN: Final = (Integer, LargeBinary, NullType, String)
"""Types whose values the driver takes and gives as they are."""


class Query:
    """A select. `any_of`: its parameters that are lists (`bindparam(…, expanding=True)`)."""

    def __init__(self, clause: Select[Any], *any_of: str) -> None:
        self.clause = clause
        self._any_of = any_of
        columns = list(clause.selected_columns)
        self._metadata = SimpleResultMetaData([str(one.key) for one in columns])
        self._readers = [_reader(one.type) for one in columns]
        self._as_is = not any(self._readers)
        self._texts: dict[tuple[int, ...], _Text] = {}

    def run(self, driver: sqlite3.Connection, values: Values) -> Result[Any]:
        """Within a transaction."""
        lists = {name: values[name] for name in self._any_of}
        sizes = tuple(_rounded(len(these)) for these in lists.values())
        text = self._texts.get(sizes)
        if text is None:
            text = self._texts[sizes] = self._text(sizes)
        if lists:
            values = dict(values)
            for (name, these), size in zip(lists.items(), sizes, strict=True):
                values |= _filled(name, these, size)
        rows = driver.execute(text.sql, text.places(values)).fetchall()
        if not self._as_is:
            rows = [self._read(row) for row in rows]
        return IteratorResult(self._metadata, iter(rows))

    def _text(self, sizes: Sequence[int]) -> _Text:
        if not self._any_of:
            return _text(self.clause, None)
        # only where every parameter has a value are lists written out
        binds = _compiled(self.clause, None).binds
        values: dict[str, Any] = {name: None for name, bound in binds.items() if bound.required}
        values |= {name: [None] * size for name, size in zip(self._any_of, sizes, strict=True)}
        return _text(self.clause.params(values), None)

    def _read(self, row: Sequence[Any]) -> tuple[Any, ...]:
        return tuple(
            value if reader is None else reader(value)
            for value, reader in zip(row, self._readers, strict=True)
        )


class Change:
    """An insert, an update or a delete, for one row of values or for many that have the same names."""

    def __init__(self, clause: Insert | Update | Delete) -> None:
        self.clause = clause
        self._texts: dict[tuple[str, ...], _Text] = {}

    def run(self, driver: sqlite3.Connection, values: Values | Sequence[Values]) -> int:
        """How many rows it changed, within a transaction."""
        if isinstance(values, Mapping):
            text = self._text(values)
            return driver.execute(text.sql, text.places(values)).rowcount
        if not values:
            return 0
        text = self._text(values[0])
        return driver.executemany(text.sql, map(text.places, values)).rowcount

    def fill(self, driver: sqlite3.Connection, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
        """An insert of many rows, each the values of `names`: how many rows it changed, within a transaction."""
        text = self._text(dict.fromkeys(names))
        if set(names) != set(text.names):
            raise KeyError(f"the statement takes {text.names}, not {names}")
        places = [names.index(name) for name in text.names]
        if places != list(range(len(names))):
            rows = ([row[place] for place in places] for row in rows)
        return driver.executemany(text.sql, rows).rowcount

    def _text(self, values: Values) -> _Text:
        names = tuple(values) if isinstance(self.clause, Insert) else ()
        text = self._texts.get(names)
        if text is None:
            text = self._texts[names] = _text(self.clause, names or None)
        return text


@dataclass(frozen=True)
class _Text:
    """SQL whose question marks stand for these names; `constants` are values that the statement itself has."""

    sql: str
    names: tuple[str, ...]
    constants: Values

    def places(self, values: Values) -> list[Any]:
        if not self.constants:
            return [values[name] for name in self.names]
        return [values[name] if name in values else self.constants[name] for name in self.names]


def _text(clause: Select[Any] | Insert | Update | Delete, names: Sequence[str] | None) -> _Text:
    compiled = _compiled(clause, names, render_postcompile=True)
    places = tuple(compiled.positiontup or ())
    binds = {name: compiled.binds[name] for name in places if name in compiled.binds}
    for bound in binds.values():
        _reader(bound.type)
    constants = {
        name: bound.value for name, bound in binds.items() if not bound.required and bound.value is not None
    }
    return _Text(str(compiled), places, constants)


def _compiled(
    clause: Select[Any] | Insert | Update | Delete, names: Sequence[str] | None, **how: Any
) -> SQLCompiler:
    columns = None if names is None else list(names)
    compiled = clause.compile(dialect=_DIALECT, column_keys=columns, compile_kwargs=how)
    if not isinstance(compiled, SQLCompiler):
        raise TypeError("only statements are prepared")
    return compiled


def _reader(kind: TypeEngine[Any]) -> Callable[[Any], Any] | None:
    """How a value of this type is read. Raises TypeError for one that the driver does not know by itself."""
    if isinstance(kind, Boolean):
        return lambda value: None if value is None else bool(value)
    if not isinstance(kind, _PLAIN):
        raise TypeError(f"{kind!r} cannot be in a prepared statement")
    return None


def _rounded(count: int) -> int:
    """The next power of two, so that there are few texts of one statement."""
    return 1 << (count - 1).bit_length() if count else 0


def _filled(name: str, these: Sequence[Any], size: int) -> dict[str, Any]:
    """By the names of the places of a list. What is named twice is found once."""
    whole = [*these, *[these[-1]] * (size - len(these))] if these else []
    return {f"{name}_{place}": value for place, value in enumerate(whole, 1)}
