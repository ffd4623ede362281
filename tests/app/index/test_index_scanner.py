"""Scans of a real chain and store: complete, repeatable, following what the chain does."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from consentry.databases.place import Place
from consentry.domain import merkle
from consentry.index.entries import SqlIndex
from consentry.index.scanner import Scanner
from consentry.storage.embedded import EmbeddedBlockStore
from tests.app.index.authors import Net, index_from_here, rows_of

NOW = 1_800_000_000


@pytest.fixture
def index(net: Net, place: Place) -> Iterator[SqlIndex]:
    """As elsewhere, on both databases."""
    made = index_from_here(net, place)
    yield made
    made.database.close()


def test_scan_indexes_every_row_of_every_author(net: Net, index: SqlIndex) -> None:
    """D-1: rows come back by author and tag, with a proof against the anchored root."""
    rows = [net.row() for _ in range(5)]
    manifest = net.anchor(net.mercy_hospital, *rows)
    other = net.anchor(net.city_hospital, net.row())
    report = Scanner(net.ledger, net.store, index).scan(NOW)
    assert (report.anchors, report.manifests_indexed, report.entries_stored) == (2, 2, 6)
    author = net.mercy_hospital.address
    for position, row in enumerate(rows):
        (found,) = rows_of(index, author, row.tag)
        assert (found.entry_cid, found.digest, found.root) == (row.entry_cid, row.digest, manifest.root())
        assert found.position == position and found.stored
        assert merkle.verify(found.root, found.digest, index.proof_for(author, found.root, position))
    assert rows_of(index, author, other.rows[0].tag) == ()
    assert index.entries_by_tags(author, [secrets.token_bytes(32) for _ in range(900)]) == {}


def test_entries_by_tags_gives_a_list_when_tags_are_equal(net: Net, index: SqlIndex) -> None:
    """D-2: equal tags are a list, per author, in the order of the chain."""
    tag = secrets.token_bytes(32)
    first = net.anchor(net.mercy_hospital, net.row(tag), net.row(tag))
    second = net.anchor(net.mercy_hospital, net.row(tag))
    net.anchor(net.city_hospital, net.row(tag))
    Scanner(net.ledger, net.store, index).scan(NOW)
    found = index.entries_by_tags(net.mercy_hospital.address, [tag])[tag]
    expected = [row.digest for row in (*first.rows, *second.rows)]
    assert [row.digest for row in found] == expected


def test_scan_reads_nothing_twice_and_misses_nothing(net: Net, index: SqlIndex, place: Place) -> None:
    """D-1: a scan goes on where the last one ended, also in another process."""
    scanner = Scanner(net.ledger, net.store, index)
    net.anchor(net.mercy_hospital, net.row())
    scanner.scan(NOW)
    assert scanner.scan(NOW).anchors == 0
    new = net.anchor(net.mercy_hospital, net.row(), net.row())
    again = SqlIndex(place)
    report = Scanner(net.ledger, net.store, again).scan(NOW)
    assert (report.anchors, report.manifests_indexed, report.entries_stored) == (1, 1, 2)
    assert rows_of(index, net.mercy_hospital.address, new.rows[0].tag)
    status = index.status()
    assert status.lag == 0 and status.scanned_block == net.ledger.head().number and status.scanned_at == NOW


def test_scan_follows_the_chain_when_it_changes_its_mind(net: Net, index: SqlIndex) -> None:
    """D-2: anchors of a branch that the chain left are forgotten, those of the new branch indexed."""
    scanner, rpc = Scanner(net.ledger, net.store, index), net.ledger.connection.rpc
    kept = net.anchor(net.mercy_hospital, net.row())
    scanner.scan(NOW)
    before = rpc.call("evm_snapshot")
    left = net.anchor(net.mercy_hospital, net.row())
    scanner.scan(NOW)
    assert rows_of(index, net.mercy_hospital.address, left.rows[0].tag)
    assert rpc.call("evm_revert", before) is True
    rpc.call("evm_mine")
    new = net.anchor(net.city_hospital, net.row())
    report = scanner.scan(NOW)
    assert report.rolled_back_to is not None
    assert not rows_of(index, net.mercy_hospital.address, left.rows[0].tag)
    assert rows_of(index, net.mercy_hospital.address, kept.rows[0].tag)
    assert rows_of(index, net.city_hospital.address, new.rows[0].tag)
    assert scanner.scan(NOW).rolled_back_to is None


def test_scan_forgets_everything_when_no_block_is_known_any_more(net: Net, tmp_path: Path) -> None:
    """D-2: a chain shorter than every checkpoint."""
    index = SqlIndex(tmp_path / "fresh.sqlite")
    rpc = net.ledger.connection.rpc
    before = rpc.call("evm_snapshot")
    left = net.anchor(net.mercy_hospital, net.row())
    Scanner(net.ledger, net.store, index).scan(NOW)
    assert rpc.call("evm_revert", before) is True
    report = Scanner(net.ledger, net.store, index).scan(NOW)
    assert report.rolled_back_to == -1
    assert not rows_of(index, net.mercy_hospital.address, left.rows[0].tag)


def test_scan_makes_every_entry_local(net: Net, index: SqlIndex, tmp_path: Path) -> None:
    """D-1: afterwards a look-up fetches nothing from anybody."""
    own = EmbeddedBlockStore(tmp_path / "shared")
    manifest = net.anchor(net.mercy_hospital, *(net.row() for _ in range(100)))
    told: list[tuple[str, int, int]] = []
    scanner = Scanner(net.ledger, own, index, lambda *stage: told.append(stage))
    scanner.scan(NOW)
    assert all(own.has(row.entry_cid) for row in manifest.rows)
    assert {stage for stage, _, _ in told} == {"blocks", "manifests", "entries"}
    assert all(0 < done <= total for _, done, total in told)
