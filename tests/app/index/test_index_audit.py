"""The audit trail on disk: found by keyed hashes, append-only, bounded by time (J-4, J-5)."""

from __future__ import annotations

import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import DBAPIError

from consentry.databases.place import Place
from consentry.index.audit_tables import LEAST_YEARS, YEAR_SECONDS
from consentry.index.audit_trail import EXPIRED_AT_ONCE, SqlAuditTrail
from consentry.index.gateway_store import GatewayStore
from consentry.ports.audit import AuditQuery, AuditRow

ALICE, BOB, READ, WRITE = (bytes([place]) * 16 for place in range(4))
NOW = int(time.time())


def row(*keys: bytes, recorded: int = NOW) -> AuditRow:
    return AuditRow(secrets.token_bytes(16), recorded, keys, secrets.token_bytes(40))


@pytest.fixture
def trail(place: Place) -> Iterator[SqlAuditTrail]:
    desk = GatewayStore(place)
    yield SqlAuditTrail(desk.database)
    desk.database.close()


def say(place: Place, statement: str) -> list[tuple[object, ...]]:
    """As another program would, past ours."""
    engine = create_engine(f"sqlite:///{place}" if isinstance(place, Path) else place)
    with engine.begin() as connection:
        if isinstance(place, Path):
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")
        found = connection.exec_driver_sql(statement)
        rows = [tuple(row) for row in found] if found.returns_rows else []
    engine.dispose()
    return rows


def ids(trail: SqlAuditTrail, query: AuditQuery) -> list[bytes]:
    return [one.event_id for one in trail.find(query)]


def test_find_gives_newest_first_what_has_one_key_of_each_choice(trail: SqlAuditTrail) -> None:
    """J-5: by patient, by two kinds of choice, and within times."""
    rows = [row(ALICE, READ), row(BOB, READ), row(ALICE, WRITE), row(ALICE, READ, WRITE, recorded=NOW + 9)]
    trail.append(rows[:3], expired=0)
    trail.append(rows[3:], expired=0)
    names = [one.event_id for one in rows]
    assert ids(trail, AuditQuery()) == names[::-1]
    assert ids(trail, AuditQuery(keys=((ALICE,),))) == [names[3], names[2], names[0]]
    assert ids(trail, AuditQuery(keys=((ALICE,), (READ,)))) == [names[3], names[0]]
    assert ids(trail, AuditQuery(keys=((READ, WRITE),))) == names[::-1]
    assert ids(trail, AuditQuery(keys=((ALICE,),), since=NOW + 1)) == [names[3]]
    assert ids(trail, AuditQuery(keys=((ALICE,),), until=NOW + 1)) == [names[2], names[0]]
    assert trail.count(AuditQuery(keys=((READ, WRITE),), limit=1), most=99) == 4
    assert trail.count(AuditQuery(), most=3) == 3


def test_find_goes_on_after_a_row_that_the_query_shows(trail: SqlAuditTrail) -> None:
    """J-5: pages neither repeat nor leave out while new rows come; another patient's row is no place to go on from."""
    rows = [row(ALICE) for _ in range(5)]
    others = row(BOB)
    trail.append([*rows, others], expired=0)
    first = ids(trail, AuditQuery(keys=((ALICE,),), limit=2))
    trail.append([row(ALICE)], expired=0)
    second = ids(trail, AuditQuery(keys=((ALICE,),), limit=9, after=first[-1]))
    assert first + second == [one.event_id for one in rows][::-1]
    assert ids(trail, AuditQuery(keys=((ALICE,),), after=others.event_id)) == []


def test_get_gives_an_event_to_whom_its_keys_are_asked_for(trail: SqlAuditTrail) -> None:
    """J-6: somebody else's is as unknown as none."""
    one = row(ALICE)
    trail.append([one], expired=0)
    assert trail.get(one.event_id, (ALICE,)) == trail.get(one.event_id, ()) == one.sealed
    assert trail.get(one.event_id, (BOB,)) is None
    assert trail.get(bytes(16), ()) is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_events SET recorded = 0",
        "DELETE FROM audit_events",
        "UPDATE audit_keys SET seq = 0",
        "DELETE FROM audit_keys",
        "TRUNCATE audit_keys",
        "TRUNCATE audit_events CASCADE",
    ],
)
def test_rows_are_never_changed_nor_deleted_before_their_time(
    trail: SqlAuditTrail, place: Place, statement: str
) -> None:
    """J-4: not even by somebody who opens the database with another program."""
    one = row(ALICE)
    trail.append([one], expired=0)
    unknown = isinstance(place, Path) and statement.startswith("TRUNCATE")  # SQLite has no such statement
    with pytest.raises(DBAPIError, match="syntax error" if unknown else "append-only"):
        say(place, statement)
    assert trail.get(one.event_id, (ALICE,)) == one.sealed


def test_append_drops_more_of_what_has_expired_than_it_adds(trail: SqlAuditTrail, place: Place) -> None:
    """J-4: bounded by time; with their keys, oldest first, some at a time."""
    long_ago = NOW - (LEAST_YEARS + 2) * YEAR_SECONDS
    old = [row(ALICE, READ, recorded=long_ago + place) for place in range(EXPIRED_AT_ONCE + 3)]
    trail.append(old, expired=0)
    trail.append([row(ALICE)], expired=NOW - (LEAST_YEARS + 1) * YEAR_SECONDS)
    assert trail.count(AuditQuery(keys=((ALICE,),)), most=99) == 4
    assert trail.get(old[0].event_id, ()) is None and trail.get(old[-1].event_id, ()) is not None
    assert say(place, "SELECT count(*) FROM audit_keys") == [(7,)]


def test_trail_is_added_to_a_database_of_an_earlier_version(tmp_path: Path) -> None:
    """J-4: which is opened as it is, with all that it holds."""
    path = tmp_path / "gateway.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("CREATE TABLE links (id INTEGER PRIMARY KEY); PRAGMA user_version = 1")
    trail = SqlAuditTrail(GatewayStore(path).database)
    trail.append([row(ALICE)], expired=0)
    assert trail.count(AuditQuery(), most=9) == 1
