"""The audit trail on disk: found by keyed hashes, append-only, bounded by time (J-4, J-5)."""

from __future__ import annotations

import secrets
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from consentry.index.audit_tables import LEAST_YEARS, YEAR_SECONDS
from consentry.index.audit_trail import EXPIRED_AT_ONCE, SqlAuditTrail
from consentry.index.gateway_store import GatewayStore
from consentry.ports.audit import AuditQuery, AuditRow

ALICE, BOB, READ, WRITE = (bytes([place]) * 16 for place in range(4))
NOW = int(time.time())


def row(*keys: bytes, recorded: int = NOW) -> AuditRow:
    return AuditRow(secrets.token_bytes(16), recorded, keys, secrets.token_bytes(40))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "gateway.sqlite"


@pytest.fixture
def trail(path: Path) -> SqlAuditTrail:
    return SqlAuditTrail(GatewayStore(path).database)


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
        "UPDATE audit_events SET sealed = x'00'",
        "DELETE FROM audit_events",
        "UPDATE audit_keys SET key = x'00'",
        "DELETE FROM audit_keys",
    ],
)
def test_rows_are_never_changed_nor_deleted_before_their_time(
    trail: SqlAuditTrail, path: Path, statement: str
) -> None:
    """J-4: not even by somebody who opens the file with another program."""
    one = row(ALICE)
    trail.append([one], expired=0)
    with (
        closing(sqlite3.connect(path)) as connection,
        pytest.raises(sqlite3.IntegrityError, match="append-only"),
    ):
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute(statement)
    assert trail.get(one.event_id, (ALICE,)) == one.sealed


def test_append_drops_more_of_what_has_expired_than_it_adds(trail: SqlAuditTrail, path: Path) -> None:
    """J-4: bounded by time; with their keys, oldest first, some at a time."""
    long_ago = NOW - (LEAST_YEARS + 2) * YEAR_SECONDS
    old = [row(ALICE, READ, recorded=long_ago + place) for place in range(EXPIRED_AT_ONCE + 3)]
    trail.append(old, expired=0)
    trail.append([row(ALICE)], expired=NOW - (LEAST_YEARS + 1) * YEAR_SECONDS)
    assert trail.count(AuditQuery(keys=((ALICE,),)), most=99) == 4
    assert trail.get(old[0].event_id, ()) is None and trail.get(old[-1].event_id, ()) is not None
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM audit_keys").fetchone() == (7,)


def test_trail_is_added_to_a_database_of_an_earlier_version(path: Path) -> None:
    """J-4: which is opened as it is, with all that it holds."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("CREATE TABLE links (id INTEGER PRIMARY KEY); PRAGMA user_version = 1")
    trail = SqlAuditTrail(GatewayStore(path).database)
    trail.append([row(ALICE)], expired=0)
    assert trail.count(AuditQuery(), most=9) == 1
