"""Statements that go to SQLite's driver do what they do through SQLAlchemy."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    LargeBinary,
    MetaData,
    String,
    Table,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from consentry.databases.columns import Number
from consentry.databases.connection import KEPT, Connection
from consentry.databases.prepared import Change, Query
from consentry.databases.schema import Schema
from consentry.errors import DatabaseUnreachable
from consentry.index.database import Database

METADATA = MetaData()
notes = Table(
    "notes",
    METADATA,
    Column("key", LargeBinary(32), primary_key=True),
    Column("count", Number, nullable=False),
    Column("said", String(20)),
    Column("read", Boolean, nullable=False),
)
OF_KEYS = Query(
    select(notes)
    .where(notes.c.key.in_(bindparam("keys", expanding=True)), notes.c.count >= bindparam("least"))
    .order_by(notes.c.key),
    "keys",
)
MOST = Query(select(func.max(notes.c.count)))
ADD = Change(insert(notes))
SAY = Change(update(notes).where(notes.c.key == bindparam("of")).values(said="twice", read=True))
DROP = Change(delete(notes).where(notes.c.count >= bindparam("least")))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with closing(
        Database(tmp_path / "notes.sqlite", Schema("notes", METADATA, "1", 1), durable=True)
    ) as made:
        with made.write() as connection:
            rows = [{"key": bytes([at]), "count": at, "said": None, "read": False} for at in range(9)]
            assert connection.change(ADD, rows) == 9
        yield made


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5, 8, 9, 40])
def test_list_finds_what_sqlalchemy_finds_whatever_its_length(database: Database, count: int) -> None:
    """H-17: lists are filled up to few lengths, and nothing more is found."""
    asked = {"keys": [bytes([at]) for at in range(count)], "least": 1}
    with database.read() as connection:
        found = connection.execute(OF_KEYS, asked).all()
        assert found == connection.execute(OF_KEYS.clause, asked).all()
        assert [row.count for row in found] == list(range(1, min(count, 9)))
        assert all(row.read is False and row.said is None for row in found)
        assert connection.execute(MOST).scalar() == 8


def test_changes_say_how_many_rows_they_changed(database: Database) -> None:
    """H-17: one row, many, none, and those that the statement finds."""
    with database.write() as connection:
        assert connection.change(SAY, {"of": b"\x03"}) == 1
        assert connection.change(SAY, [{"of": b"\x04"}, {"of": b"\x05"}, {"of": b"?"}]) == 2
        assert connection.change(DROP, {"least": 5}) == 4
        assert connection.change(ADD, []) == 0
        row = connection.execute(OF_KEYS, {"keys": [b"\x03"], "least": 0}).one()
        assert (row.said, row.read) == ("twice", True)


def test_fill_inserts_rows_by_the_order_of_the_names(database: Database) -> None:
    """H-17: whichever that is; a name that the table lacks, or a row of another length, is a mistake in the program."""
    with database.write() as connection:
        assert connection.fill(ADD, ("read", "count", "said", "key"), [(True, 7, "a", b"x")]) == 1
        in_order = [(b"y", 8, None, False), (b"z", 9, "b", True)]
        assert connection.fill(ADD, ("key", "count", "said", "read"), in_order) == 2
        assert connection.fill(ADD, ("key", "count", "said", "read"), []) == 0
        found = connection.execute(OF_KEYS, {"keys": [b"x", b"y", b"z"], "least": 0}).all()
        assert [tuple(row) for row in found] == [(b"x", 7, "a", True), *in_order]
    with pytest.raises(KeyError), database.write() as connection:
        connection.fill(ADD, ("key", "count", "said", "wrote"), [(b"w", 1, None, True)])
    with pytest.raises(DatabaseUnreachable), database.write() as connection:
        connection.fill(ADD, ("key", "count", "said", "read"), [(b"w", 1, None)])


def test_failed_transaction_leaves_nothing_and_its_connection_serves_the_next(database: Database) -> None:
    """H-17: prepared statements and others are in one transaction."""
    with pytest.raises(DatabaseUnreachable), database.write() as connection:
        connection.change(DROP, {"least": 0})
        connection.change(delete(notes))
        _add(connection, b"a")
        _add(connection, b"a")
    with database.write() as connection:
        assert connection.execute(MOST).scalar() == 8
        _add(connection, b"a")
    with database.read() as connection:
        assert connection.execute(select(func.count()).select_from(notes)).scalar() == 10


def test_value_that_is_lacking_is_no_other_value(database: Database) -> None:
    """H-17: a mistake in the program, told as such."""
    with pytest.raises(KeyError), database.write() as connection:
        connection.change(DROP, {})
    with pytest.raises(TypeError):
        Query(select(Column("told", JSON)))


def test_as_many_transactions_as_are_asked_for_are_open_at_once(database: Database) -> None:
    """H-17: few connections are kept, nobody waits for one."""
    readers = [database.read() for _ in range(4 * KEPT)]
    for one in readers:
        assert one.__enter__().execute(MOST).scalar() == 8
    for one in readers:
        one.__exit__(None, None, None)
    assert database._lines is not None and len(database._lines._idle) == KEPT


def test_closed_database_keeps_no_connection(tmp_path: Path) -> None:
    """H-17: whoever asks while it is closed, or later, gets one that is open, and closes it."""
    schema = Schema("notes", METADATA, "1", 1)
    for turn in range(20):
        database = Database(tmp_path / f"{turn}.sqlite", schema, durable=False)
        started = Barrier(5)

        def ask(database: Database = database, started: Barrier = started) -> int:
            readers = [database.read() for _ in range(KEPT)]
            assert [one.__enter__().execute(MOST).scalar() for one in readers] == [None] * KEPT
            started.wait(60)
            for one in readers:
                one.__exit__(None, None, None)
            for _ in range(50):
                with database.read() as connection:
                    assert connection.execute(MOST).scalar() is None
            return 1

        with ThreadPoolExecutor(4) as threads:
            asked = [threads.submit(ask) for _ in range(4)]
            started.wait(60)
            database.close()
            assert sum(one.result(60) for one in asked) == 4
        assert database._lines is not None and not database._lines._idle


def _add(connection: Connection, key: bytes) -> None:
    connection.change(ADD, {"key": key, "count": 1, "said": None, "read": False})
