"""Bytes that docs/scale.md reckons with, against what layouts and tables take (H-68)."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from consentry.crypto import hpke
from consentry.crypto.directory_keys import new_directory
from consentry.domain.categories import Category
from consentry.domain.cids import raw_cid
from consentry.domain.entries import ENC_BYTES, Entry, Manifest, Row
from consentry.domain.ledger import AnchorEvent, Chamber, CommitteeInfo, KeeperInfo
from consentry.domain.receipt_items import ReceiptItem
from consentry.domain.receipts import receipt_value
from consentry.index.entries import SqlIndex
from consentry.index.progress import PendingManifest, Progress
from consentry.keeper.database import KeeperDatabase
from consentry.keeper.store import SqlReceiptBook
from consentry.ports.receipt_book import Decision, Draft, SignedReceipt
from simulation.prices import ANCHOR_ROW, ENTRY_ROW, RECEIPT_ROW
from simulation.sizes import DOCUMENT_BYTES, entry_bytes, manifest_bytes
from tests.vectors import samples
from tests.vectors.receipt_samples import receipt

GCM_TAG = 16
NEAR = 0.15
"""Of what a table takes: how full pages are depends on how many rows there are."""


@pytest.mark.parametrize("rows", [1, 2, 7, 100])
def test_manifest_takes_what_its_layout_says(rows: int) -> None:
    """H-68: L-16; the size follows from the number of rows alone."""
    manifest = Manifest(samples.MERCY, tuple(_row() for _ in range(rows)))
    assert len(manifest.to_bytes()) == manifest_bytes(rows)


@pytest.mark.parametrize("seats", [3, 5, 7])
def test_entry_takes_what_its_layout_says(seats: int) -> None:
    """H-68: L-15; whatever its header says."""
    usual = samples.entry(seats)
    longest = samples.header(category=max(Category, key=len), replaces=bytes(32), version=12)
    for header in (usual.header, longest):
        entry = Entry(header, usual.sealing, usual.shares, usual.copy)
        assert ENC_BYTES + len(entry.to_plaintext()) + GCM_TAG == entry_bytes(seats)


def test_directory_document_takes_about_what_is_said() -> None:
    """H-68: L-17, for a committee of five."""
    key = hpke.public_key(hpke.generate_seed())
    seats = tuple(
        KeeperInfo(seat, samples.KEEPER, samples.CITY, Chamber.Institutions, "https://k.example", key)
        for seat in range(5)
    )
    committee = CommitteeInfo(1, 3, seats)
    made = new_directory(samples.ALICE, samples.CHAIN_ID, committee, version=1, previous=None)
    assert len(made.document.to_bytes()) == pytest.approx(DOCUMENT_BYTES, rel=0.01)


@pytest.mark.parametrize("rows", [1, 20])
def test_index_grows_by_what_is_said(tmp_path: Path, rows: int) -> None:
    """H-68: a SQLite index, by the rows of its tables with their own indexes."""
    index, count = SqlIndex(tmp_path / "index.sqlite"), 2_000 // rows
    before = _pages(index)
    progress = Progress(index.database)
    events = [_anchor(number, rows) for number in range(count)]
    progress.note_anchors(events, count, bytes(32), 0)
    for one in events:
        pending = PendingManifest(one.author, one.root, one.manifest_digest, rows, one.block, 0)
        progress.index_manifest(pending, [_row() for _ in range(rows)])
    said = count * (ANCHOR_ROW.value + rows * ENTRY_ROW.value)
    assert _pages(index) - before == pytest.approx(said, rel=NEAR)
    index.database.close()


def test_keepers_book_grows_by_what_is_said(tmp_path: Path) -> None:
    """H-68: receipts as they are told to clinicians of a hospital's system, a few in each request."""
    path, own = tmp_path / "book.sqlite", {"keeper": samples.KEEPER, "audit_log": samples.CITY}
    book = SqlReceiptBook(KeeperDatabase(path, chain_id=samples.CHAIN_ID, **own))
    for digest in _digests(300):
        book.file(digest, [_draft(item) for item in range(5)], _sign)
    filed = book.next_seq()
    book.close()
    assert path.stat().st_size == pytest.approx(filed * RECEIPT_ROW.value, rel=NEAR)


def _draft(item: int) -> Draft:
    subject, consent = ReceiptItem(record_id=secrets.token_bytes(32)), secrets.token_bytes(32)
    released = Decision.RELEASED, "Permitted"
    return Draft(item, *released, subject, Category.LABORATORY, samples.ALICE, consent, 1)


def _sign(draft: Draft, seq: int) -> SignedReceipt:
    body = receipt(seq, practitioner=samples.DR_BOSE).to_bytes()
    return SignedReceipt(body, secrets.token_bytes(65), receipt_value(body))


def _row() -> Row:
    return Row(secrets.token_bytes(32), raw_cid(secrets.token_bytes(32)), secrets.token_bytes(32))


def _anchor(number: int, rows: int) -> AnchorEvent:
    author = samples.account(f"author {number % 100}")
    root, manifest, transaction = (secrets.token_bytes(32) for _ in range(3))
    return AnchorEvent(author, root, manifest, rows, number, 0, transaction)


def _digests(count: int) -> Iterator[bytes]:
    return (secrets.token_bytes(32) for _ in range(count))


def _pages(index: SqlIndex) -> int:
    with index.database.read() as connection:
        count, size = (
            connection.whole.exec_driver_sql(f"PRAGMA {one}").scalar() for one in ("page_count", "page_size")
        )
    assert isinstance(count, int) and isinstance(size, int)
    return count * size
