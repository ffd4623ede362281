"""Events that wait together are made durable together, and nobody hears of it before (J-4)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest

from consentry.databases.connection import Connection
from consentry.errors import StoreUnreachable
from consentry.index.audit_trail import MOST_TOGETHER, SqlAuditTrail
from consentry.index.gateway_store import GatewayStore
from consentry.ports.audit import AuditQuery
from tests.app.index.test_index_audit import ALICE, ids, row
from tests.app.keeper.odd_peers import LIMIT_SECONDS, becomes


@pytest.fixture
def trail(tmp_path: Path) -> SqlAuditTrail:
    return SqlAuditTrail(GatewayStore(tmp_path / "gateway.sqlite").database)


@contextmanager
def appended_together(trail: SqlAuditTrail, count: int) -> Iterator[list[Future[None]]]:
    """So many answers' events, all handed in while somebody else writes; awaited when the block ends."""
    with ThreadPoolExecutor(count) as threads:
        with trail._writing:
            made = [threads.submit(trail.append, [row(ALICE), row(ALICE)], 0) for _ in range(count)]
            assert becomes(lambda: len(trail._waiting) == count)
            assert not any(one.done() for one in made)
        yield made


@pytest.fixture
def seen(trail: SqlAuditTrail, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One for each transaction that writes."""
    begun: list[int] = []
    write = trail._database.write

    def counted() -> AbstractContextManager[Connection]:
        begun.append(1)
        return write()

    monkeypatch.setattr(trail._database, "write", counted)
    return begun


def test_events_that_wait_together_take_one_transaction(trail: SqlAuditTrail, seen: list[int]) -> None:
    """J-4: one sync for all of them; none is lost, each can be found."""
    with appended_together(trail, 8) as made:
        for one in made:
            one.result(LIMIT_SECONDS)
    assert len(seen) == 1
    assert trail.count(AuditQuery(keys=((ALICE,),)), most=99) == 16
    assert len(set(ids(trail, AuditQuery()))) == 16


def test_so_many_take_a_transaction_at_most(trail: SqlAuditTrail, seen: list[int]) -> None:
    """J-4: the last one waits for a bounded turn."""
    with appended_together(trail, MOST_TOGETHER + 1) as made:
        for one in made:
            one.result(LIMIT_SECONDS)
    assert len(seen) == 2
    assert trail.count(AuditQuery(), most=999) == 2 * (MOST_TOGETHER + 1)


def test_a_transaction_that_fails_tells_everybody_in_it(trail: SqlAuditTrail) -> None:
    """J-4: nobody's answer leaves, nothing is kept, and the next ones are."""
    with closing(sqlite3.connect(trail._database.place)) as other:
        other.execute(
            "CREATE TRIGGER full BEFORE INSERT ON audit_keys BEGIN SELECT RAISE(ABORT, 'disk'); END"
        )
        with appended_together(trail, 3) as made:
            for one in made:
                with pytest.raises(StoreUnreachable):
                    one.result(LIMIT_SECONDS)
        assert trail.count(AuditQuery(), most=99) == 0
        other.execute("DROP TRIGGER full")
    trail.append([row(ALICE)], 0)
    assert trail.count(AuditQuery(), most=99) == 1
