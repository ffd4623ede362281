"""A keeper's book in PostgreSQL: durable together, contiguous, nothing told lost or doubled when the server dies (H-20, H-21)."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event

import pytest

from consentry.domain.addresses import Address
from consentry.errors import RateLimited, StoreUnreachable
from consentry.keeper import ended_sessions
from consentry.keeper.doors import Session
from consentry.keeper.ended_sessions import SqlEndedSessions
from consentry.keeper.store import SqlReceiptBook
from consentry.ports.receipt_book import Commit
from tests import postgres as servers
from tests.app.keeper.test_keeper_store import DRAFT, opened, sign
from tests.app.keeper.test_keeper_together import together
from tests.postgres import Postgres
from tests.waiting import until

ALICE = Address("0x" + "a1" * 20)


@pytest.fixture
def book(postgres: Postgres) -> Iterator[SqlReceiptBook]:
    made = opened(postgres.database())
    yield made
    made.close()


@pytest.fixture(scope="module")
def mortal() -> Iterator[Postgres]:
    with servers.running() as server:
        yield server


def test_what_waits_is_made_durable_by_one_commit(
    book: SqlReceiptBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """H-21, K-25: one transaction for twelve requests, after the one that keeps the writer busy."""
    made: list[int] = []
    begin = book._database.door.transaction
    monkeypatch.setattr(book._database.door, "transaction", lambda: made.append(1) or begin())
    filings = [
        lambda at=at: book.file(bytes([at]), [DRAFT, replace(DRAFT, item=1)], sign) for at in range(12)
    ]
    assert sorted(one.seq for future in together(book, filings) for one in future.result()) == list(range(24))
    assert len(made) == 2


def test_a_commit_that_fails_fails_everybody_in_it(book: SqlReceiptBook) -> None:
    """H-21, K-25: also one that PostgreSQL would answer by taking everything back in silence."""

    def swallows(db: Session) -> None:
        with pytest.raises(book._database.door.failures):
            db.execute("INSERT INTO receipts (seq) VALUES (NULL)")

    def spoils() -> tuple[()]:
        book._database.together(swallows)
        return ()

    for future in together(book, [lambda: book.file(b"a", [DRAFT], sign), spoils]):
        with pytest.raises(StoreUnreachable):
            future.result()
    assert book.next_seq() == 0 and book.file(b"a", [DRAFT], sign)[0].seq == 0


def test_commits_and_ends_are_noted_again_without_harm(
    book: SqlReceiptBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """H-21, K-26: the later end counts, a commit that is noted again has the newest word."""
    book.file(b"a", [DRAFT], sign)
    for block in (1, 2):
        book.note(Commit(bytes(32), 0, 1, bytes([block]) * 32, block))
    assert book.commit_covering(0) == Commit(bytes(32), 0, 1, b"\2" * 32, 2)
    ends = SqlEndedSessions(book._database)
    for until_time in (50, 90, 60):
        ends.end(ALICE, "key", until=until_time, now=1)
    ends.end(ALICE, "other", until=99, now=80)
    assert ends.ended(ALICE, "key") and ends.ended(ALICE, "other") and not ends.ended(ALICE, "third")
    monkeypatch.setattr(ended_sessions, "MOST_OF_ONE", 2)
    with pytest.raises(RateLimited):
        ends.end(ALICE, "third", until=99, now=80)


def test_receipts_survive_a_server_that_is_killed_under_load(mortal: Postgres) -> None:
    """H-20: eight threads ask while the server is killed twice; whoever heard of a receipt finds it, repeats give the same."""
    book = opened(mortal.database())
    told: dict[bytes, int] = {}
    stop = Event()

    def asks(which: int) -> int:
        failures, number = 0, 0
        while not stop.is_set():
            digest = b"%d/%d" % (which, number)
            try:
                told[digest] = book.file(digest, [DRAFT], sign)[0].seq
                number += 1
            except StoreUnreachable:
                failures += 1
                stop.wait(0.05)
        return failures

    with ThreadPoolExecutor(8) as threads:
        running = [threads.submit(asks, one) for one in range(8)]
        for _ in range(2):
            before = len(told)
            until(lambda before=before: len(told) > before + 20, "receipts are written")
            mortal.kill()
            mortal.start()
        after = len(told)
        until(lambda: len(told) > after + 20, "receipts are written after the last start")
        stop.set()
        assert sum(one.result(120) for one in running) > 0
    assert len(set(told.values())) == len(told), "no number was given twice"
    assert len(book.values(0, 1_000_000)) == book.next_seq() >= len(told), "none is missing between"
    again = {digest: book.file(digest, [DRAFT], sign)[0].seq for digest in told}
    assert again == told
    book.close()


def test_a_connection_that_is_killed_costs_one_transaction(book: SqlReceiptBook, postgres: Postgres) -> None:
    """H-20: what was begun is undone, the next one finds the server by itself."""

    def dies(db: Session) -> None:
        (process,) = db.execute("SELECT pg_backend_pid()").fetchone()
        db.execute("INSERT INTO commits (first_seq, count, root, tx) VALUES (0, 1, ?, ?)", (b"r", b"t"))
        postgres.say(f"SELECT pg_terminate_backend({process})")
        until(
            lambda: postgres.say(f"SELECT 1 FROM pg_stat_activity WHERE pid = {process}") == [], "it is gone"
        )
        db.execute("SELECT 1")

    with pytest.raises(StoreUnreachable):
        book._database.together(dies)
    assert book.committed_until() == 0 and book.file(b"a", [DRAFT], sign)[0].seq == 0
