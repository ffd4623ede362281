"""Receipts that wait together are made durable together, and each request's stand or fall by themselves (K-6, K-7, K-25)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from consentry.databases.place import Place
from consentry.errors import StoreUnreachable
from consentry.keeper.database import MOST_TOGETHER, KeeperDatabase
from consentry.keeper.doors import Session
from consentry.keeper.store import SqlReceiptBook
from consentry.ports.receipt_book import Draft, Filed, SignedReceipt
from tests.app.keeper.odd_peers import LIMIT_SECONDS, becomes
from tests.app.keeper.test_keeper_store import DRAFT, KEEPER, opened, sign, writer

Filing = Callable[[], tuple[Filed, ...]]


@pytest.fixture
def book(tmp_path: Path) -> Iterator[SqlReceiptBook]:
    made = opened(tmp_path / "book.sqlite")
    yield made
    made.close()


@pytest.fixture
def any_book(place: Place) -> Iterator[SqlReceiptBook]:
    made = opened(place)
    yield made
    made.close()


def statements(book: SqlReceiptBook) -> list[str]:
    """What the writer says from now on."""
    said: list[str] = []
    writer(book).set_trace_callback(said.append)
    return said


@contextmanager
def busy(book: SqlReceiptBook) -> Iterator[None]:
    """A writer at work until the block ends: whatever is filed meanwhile waits together."""
    begun, over = threading.Event(), threading.Event()

    def work(db: Session) -> None:
        begun.set()
        assert over.wait(LIMIT_SECONDS)

    with ThreadPoolExecutor(1) as thread:
        first = thread.submit(book._database.together, work)
        assert begun.wait(LIMIT_SECONDS)
        try:
            yield
        finally:
            over.set()
        first.result(LIMIT_SECONDS)


def together(book: SqlReceiptBook, filings: Sequence[Filing]) -> list[Future[tuple[Filed, ...]]]:
    """All handed in, in order, before any is begun."""
    with ThreadPoolExecutor(len(filings)) as threads:
        with busy(book):
            futures = []
            for count, filing in enumerate(filings, start=1):
                futures.append(threads.submit(filing))
                assert becomes(lambda wanted=count: len(book._database._waiting) == wanted)
        return futures


def test_file_makes_what_waits_durable_at_once(book: SqlReceiptBook) -> None:
    """K-25: one commit for twelve requests, contiguous numbers in the order of arrival."""
    said = statements(book)
    filings: list[Filing] = [
        lambda at=at: book.file(bytes([at]), [DRAFT, replace(DRAFT, item=1)], sign) for at in range(12)
    ]
    found = [future.result() for future in together(book, filings)]
    assert [[one.seq for one in filed] for filed in found] == [[2 * at, 2 * at + 1] for at in range(12)]
    assert said.count("COMMIT") == 2, "the one that kept the writer busy, and all the others"


def test_file_takes_a_bounded_number_at_once(book: SqlReceiptBook) -> None:
    """K-25: the rest follows in the next transaction, nobody is forgotten."""
    said = statements(book)
    filings: list[Filing] = [
        lambda at=at: book.file(bytes([at]), [DRAFT], sign) for at in range(MOST_TOGETHER + 1)
    ]
    futures = together(book, filings)
    assert sorted(future.result()[0].seq for future in futures) == list(range(MOST_TOGETHER + 1))
    assert said.count("COMMIT") == 3


def test_file_undoes_one_request_alone_when_its_receipts_cannot_be_made(any_book: SqlReceiptBook) -> None:
    """K-6, K-25: its first receipt leaves no trace and no gap, its neighbours keep theirs."""
    book = any_book

    def fails_at_the_second(draft: Draft, seq: int) -> SignedReceipt:
        if draft.item == 1:
            raise RuntimeError("no signature")
        return sign(draft, seq)

    first, bad, last = together(
        book,
        [
            lambda: book.file(b"a", [DRAFT], sign),
            lambda: book.file(b"b", [DRAFT, replace(DRAFT, item=1)], fails_at_the_second),
            lambda: book.file(b"c", [DRAFT], sign),
        ],
    )
    with pytest.raises(RuntimeError, match="no signature"):
        bad.result()
    assert (first.result()[0].seq, last.result()[0].seq, book.next_seq()) == (0, 1, 2)
    assert book.file(b"b", [DRAFT], sign)[0].seq == 2


def nothing_was_filed(book: SqlReceiptBook, futures: Sequence[Future[tuple[Filed, ...]]]) -> bool:
    """Everybody hears that the store failed, and the next receipt is the one after the first."""
    for future in futures:
        with pytest.raises(StoreUnreachable):
            future.result()
    return book.next_seq() == 1 and book.file(b"after", [DRAFT], sign)[0].seq == 1


def test_file_fails_everybody_when_the_disk_is_full(book: SqlReceiptBook) -> None:
    """K-6, K-25: SQLite gives the whole transaction up; nobody hears of a receipt that is not there."""
    book.file(b"before", [DRAFT], sign)
    (pages,) = writer(book).execute("PRAGMA page_count").fetchone()
    writer(book).execute(f"PRAGMA max_page_count = {pages}")

    def large(draft: Draft, seq: int) -> SignedReceipt:
        return replace(sign(draft, seq), body=bytes(100_000))

    filings: list[Filing] = [lambda: book.file(b"small", [DRAFT], sign)]
    filings += [lambda at=at: book.file(bytes([at]), [DRAFT], large) for at in range(4)]
    futures = together(book, filings)
    writer(book).execute(f"PRAGMA max_page_count = {10 * pages + 1000}")
    assert nothing_was_filed(book, futures)


def test_file_fails_everybody_when_the_commit_fails(book: SqlReceiptBook) -> None:
    """K-6, K-25: what was only written, and not committed, was never there. The reference that leads nowhere is found at
    the commit."""
    book.file(b"before", [DRAFT], sign)
    writer(book).execute("PRAGMA foreign_keys = ON")
    writer(book).executescript(
        "CREATE TABLE a (at INTEGER PRIMARY KEY);"
        "CREATE TABLE b (a INTEGER REFERENCES a (at) DEFERRABLE INITIALLY DEFERRED);"
    )

    def breaks() -> tuple[Filed, ...]:
        book._database.together(lambda db: db.execute("INSERT INTO b VALUES (1)").rowcount)
        return ()

    filings: list[Filing] = [lambda at=at: book.file(bytes([at]), [DRAFT], sign) for at in range(3)]
    assert nothing_was_filed(book, together(book, [*filings, breaks]))


def test_file_gives_one_receipt_to_the_same_request_twice_at_once(any_book: SqlReceiptBook) -> None:
    """K-7: one digest, asked by eight threads in one transaction."""
    book = any_book
    futures = together(book, [lambda: book.file(b"same", [DRAFT], sign)] * 8)
    assert {future.result() for future in futures} == {futures[0].result()}
    assert book.next_seq() == 1


def test_reading_waits_for_no_writer(any_book: SqlReceiptBook) -> None:
    """K-25: what is on disk is told while a transaction is under way."""
    book = any_book
    book.file(b"a", [DRAFT], sign)
    with busy(book):
        assert (book.next_seq(), book.committed_until(), len(book.values(0, 9))) == (1, 0, 1)


def test_receipts_stay_contiguous_under_many_threads_and_two_processes_views(place: Place) -> None:
    """K-6, K-25: whoever groups what; every receipt that was told is in the file."""
    books = [opened(place) for _ in range(2)]
    with ThreadPoolExecutor(16) as threads:
        filed = threads.map(
            lambda at: books[at % 2].file(at.to_bytes(4, "big"), [DRAFT, replace(DRAFT, item=1)], sign),
            range(200),
        )
        seqs = sorted(one.seq for files in filed for one in files)
    assert seqs == list(range(400))
    assert len(books[0].values(0, 1000)) == 400


def test_a_file_of_an_earlier_release_opens_with_its_receipts(tmp_path: Path) -> None:
    """K-6: tables that are missing are made, none is changed."""
    path = tmp_path / "book.sqlite"
    opened(path).close()
    book = opened(path)
    assert book.file(b"a", [DRAFT], sign)[0].seq == 0
    book.close()
    with pytest.raises(StoreUnreachable):
        book.next_seq()
    database = KeeperDatabase(path, keeper=KEEPER, chain_id=1337, audit_log="0x" + "33" * 20)
    assert SqlReceiptBook(database).next_seq() == 1
