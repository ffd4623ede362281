"""The keeper's database: durable, contiguous, one keeper's (K-6, S-5 beside it)."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from consentry.databases.place import Place
from consentry.domain.categories import Category
from consentry.domain.receipt_items import ReceiptItem
from consentry.errors import ConfigInvalid, StoreUnreachable
from consentry.keeper import doors
from consentry.keeper.database import KeeperDatabase
from consentry.keeper.doors import SqliteDoor
from consentry.keeper.store import SqlReceiptBook
from consentry.ports.receipt_book import Commit, Decision, Draft, SignedReceipt

KEEPER = "0x" + "11" * 20
DRAFT = Draft(
    item=0, decision=Decision.RELEASED, reason="Permitted", subject=ReceiptItem(record_id=bytes(32)),
    category=Category.VITALS, patient="0x" + "22" * 20, consent_id=None, committee_version=1,
)  # fmt: skip


def opened(place: Place, **changes: object) -> SqlReceiptBook:
    own = {"keeper": KEEPER, "chain_id": 1337, "audit_log": "0x" + "33" * 20}
    return SqlReceiptBook(KeeperDatabase(place, **{**own, **changes}))  # type: ignore[arg-type]


def writer(book: SqlReceiptBook) -> sqlite3.Connection:
    """The connection that writes, to a file."""
    door = book._database.door
    assert isinstance(door, SqliteDoor)
    return door.writer


def sign(draft: Draft, seq: int) -> SignedReceipt:
    return SignedReceipt(b"body %d" % seq, bytes(65), seq.to_bytes(32, "big"))


def test_book_is_written_through_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    """K-6: synchronous=FULL (2) in WAL mode; the file holds who read what."""
    book = opened(tmp_path / "book.sqlite")
    assert writer(book).execute("PRAGMA synchronous").fetchone() == (2,)
    assert writer(book).execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert (tmp_path / "book.sqlite").stat().st_mode & 0o777 == 0o600


def test_book_is_not_opened_where_nothing_can_be_written_ahead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A-9: as on some network disks, where SQLite would go on without a word."""

    def without_shared_memory(path: Path) -> sqlite3.Connection:
        return sqlite3.connect(f"file:{path}?vfs=unix-none", uri=True, isolation_level=None)

    monkeypatch.setattr(doors, "connect", without_shared_memory)
    with pytest.raises(StoreUnreachable, match="WAL"):
        opened(tmp_path / "keeper.sqlite")


def test_book_goes_on_after_it_is_opened_again(place: Place) -> None:
    """K-6: contiguous from 0 over restarts."""
    book = opened(place)
    book.file(b"a", [DRAFT, replace(DRAFT, item=1)], sign)
    book.note(Commit(bytes(32), 0, 2, bytes(32), 1))
    book.close()
    again = opened(place)
    assert (again.next_seq(), again.committed_until()) == (2, 2)
    assert again.file(b"b", [DRAFT], sign)[0].seq == 2
    assert again.file(b"a", [DRAFT], sign)[0].seq == 0


def test_book_files_all_receipts_of_a_request_or_none(place: Place) -> None:
    """K-6: a failure at the second item leaves no trace of the first."""
    book = opened(place)

    def fails_at_one(draft: Draft, seq: int) -> SignedReceipt:
        if seq == 1:
            raise RuntimeError
        return sign(draft, seq)

    with pytest.raises(RuntimeError):
        book.file(b"a", [DRAFT, replace(DRAFT, item=1)], fails_at_one)
    assert book.next_seq() == 0
    assert book.file(b"a", [DRAFT], sign)[0].seq == 0


@pytest.mark.parametrize(
    "changes", [{"keeper": "0x" + "99" * 20}, {"chain_id": 1}, {"audit_log": "0x" + "99" * 20}]
)
def test_book_refuses_another_keepers_file(place: Place, changes: dict[str, object]) -> None:
    """A database belongs to one keeper in one deployment."""
    opened(place).close()
    with pytest.raises(ConfigInvalid):
        opened(place, **changes)


def test_book_refuses_a_file_that_is_none(tmp_path: Path) -> None:
    """Bad input ends in a typed error."""
    (tmp_path / "book.sqlite").write_bytes(b"not a database at all" * 100)
    with pytest.raises(StoreUnreachable):
        opened(tmp_path / "book.sqlite")
    with pytest.raises(StoreUnreachable):
        opened(tmp_path)


def test_book_numbers_across_two_processes_views_of_one_file(place: Place) -> None:
    """K-6: the number is read inside the writing transaction, whoever else writes."""
    one, two = opened(place), opened(place)
    seqs = [
        book.file(bytes((turn, side)), [DRAFT], sign)[0].seq
        for turn in range(3)
        for side, book in enumerate((one, two))
    ]
    assert seqs == list(range(6))


def test_book_tells_when_its_file_is_locked_for_good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bounded: another writer that never ends."""
    book = opened(tmp_path / "book.sqlite")
    writer(book).execute("PRAGMA busy_timeout = 50")
    other = sqlite3.connect(tmp_path / "book.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnreachable):
        book.file(b"a", [DRAFT], sign)
    other.execute("ROLLBACK")
    assert book.file(b"a", [DRAFT], sign)[0].seq == 0
