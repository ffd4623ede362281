"""The databases that settings name, and the tables in them: how they stand, and bringing them up to date (specification H-23)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from consentry.bootstrap.backup import Config
from consentry.bootstrap.common import sendings_beside
from consentry.config import GatewayConfig, index_of
from consentry.databases.engine import engine_of, reading, writing
from consentry.databases.place import Place, called, place_of
from consentry.databases.schema import Found, Schema, Standing, bring_up, find
from consentry.databases.upgrading import require_known
from consentry.errors import DatabaseUnreachable
from consentry.index.schemas import AUTHOR, DESK, INDEX, SENDINGS
from consentry.keeper.tables import KEEPER


@dataclass(frozen=True)
class Book:
    """Tables of one schema in one database."""

    place: Place
    schema: Schema

    @property
    def database(self) -> str:
        return called(self.place)


@dataclass(frozen=True)
class Told:
    """How a book's tables were found."""

    book: Book
    found: Found


def books_of(config: Config) -> tuple[Book, ...]:
    """Raises ConfigInvalid."""
    place = place_of(config.database)
    sendings = Book(sendings_beside(place), SENDINGS)
    if isinstance(config, GatewayConfig):
        return (Book(place, DESK), Book(place, AUTHOR), Book(index_of(config), INDEX), sendings)
    return (Book(place, KEEPER), sendings)


def check(config: Config) -> tuple[Told, ...]:
    """Look, and change nothing. Raises ConfigInvalid, DatabaseForeign, DatabaseUnreachable."""
    return tuple(Told(book, look(book)) for book in books_of(config))


def upgrade(config: Config) -> tuple[Told, ...]:
    """Make or upgrade all tables; gives how they were found. Raises ConfigInvalid, DatabaseForeign, DatabaseUnreachable."""
    told = []
    for book in books_of(config):
        if isinstance(book.place, Path):
            book.place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            book.place.touch(mode=0o600)
        with connected(book, writes=True) as connection:
            told.append(Told(book, bring_up(connection, book.schema)))
    return tuple(told)


def look(book: Book) -> Found:
    """Without making the file. Raises DatabaseForeign, DatabaseUnreachable."""
    if isinstance(book.place, Path) and not book.place.exists():
        return Found(Standing.EMPTY, None)
    with connected(book, writes=False) as connection:
        found = find(connection, book.schema)
    if found.revision is not None:
        require_known(book.schema, found.revision)
    return found


@contextmanager
def connected(book: Book, *, writes: bool) -> Iterator[Connection]:
    """In a transaction. Raises DatabaseUnreachable."""
    engine = engine_of(book.place, durable=book.schema is not INDEX)
    try:
        inside = writing(engine, book.schema.name) if writes else reading(engine)
        with inside.connect() as connection, connection.begin():
            yield connection
    except (SQLAlchemyError, sqlite3.Error, psycopg.Error) as problem:
        cause = type(getattr(problem, "orig", None) or problem).__name__
        raise DatabaseUnreachable(f"the database {book.database} failed: {cause}") from None
    finally:
        engine.dispose()
