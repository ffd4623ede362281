"""What is missing is tried again; what is not what was anchored is never indexed."""

from __future__ import annotations

import secrets
from base64 import b32encode
from collections.abc import Iterator
from hashlib import sha256

import pytest
from sqlalchemy import select

from consentry.domain.addresses import Address
from consentry.domain.entries import MAX_MANIFEST_BYTES, Manifest
from consentry.errors import ProofInvalid, StoreUnreachable
from consentry.index.entries import SqlIndex
from consentry.index.scanner import Scanner
from consentry.index.tables import ManifestState, anchors
from consentry.ports import BlobStore, StoredBlob, StoreHealth
from tests.app.index.authors import Net, rows_of

NOW = 1_800_000_000
DAG_PB = "b" + b32encode(bytes((1, 0x70, 0x12, 0x20)) + bytes(32)).decode().rstrip("=").lower()


def refusals(index: SqlIndex) -> list[str]:
    """What the index notes about anchors whose manifest it does not have, in the order of the chain."""
    query = select(anchors.c.reason).where(anchors.c.state != ManifestState.INDEXED, anchors.c.reason != "")
    with index.database.read() as connection:
        return list(connection.execute(query.order_by(anchors.c.block, anchors.c.log_index)).scalars())


def test_scan_refuses_a_manifest_that_is_not_what_was_anchored(net: Net, index: SqlIndex) -> None:
    """D-2, L-16: another author's manifest, another root, another count, no manifest at all, an entry that is
    more than one raw block."""
    author, other = net.mercy_hospital, net.city_hospital
    theirs = Manifest(Address(other.address), (net.row(),))
    own = Manifest(Address(author.address), (net.row(), net.row()))
    third = Manifest(Address(author.address), (net.row(),))
    several = third.to_bytes().replace(third.rows[0].entry_cid.encode(), DAG_PB.encode())
    for content, root, count in (
        (theirs.to_bytes(), theirs.root(), 1),
        (own.to_bytes(), secrets.token_bytes(32), 2),
        (own.to_bytes(), own.root(), 1),
        (own.to_bytes() + b" ", secrets.token_bytes(32), 2),
        (b"\xff not a manifest", secrets.token_bytes(32), 1),
        (b"", secrets.token_bytes(32), 1),
        (several, third.root(), 1),
    ):
        net.anchor_as(author, root, net.store.put([content]).sha256, count)
    good = net.anchor(author, net.row())
    Scanner(net.ledger, net.store, index).scan(NOW)
    found = refusals(index)
    assert len(found) == 7 and all(reason.startswith("layout-invalid") for reason in found)
    for row in (*theirs.rows, *own.rows):
        assert rows_of(index, author.address, row.tag) == ()
    assert len(rows_of(index, author.address, good.rows[0].tag)) == 1
    assert Scanner(net.ledger, net.store, index).scan(NOW + 10**6).manifests_invalid == 0


def test_scan_takes_up_a_missing_manifest_when_it_appears(net: Net, index: SqlIndex) -> None:
    """D-1: not here yet is not never; each try comes later than the last."""
    manifest = Manifest(Address(net.mercy_hospital.address), (net.row(),))
    content = manifest.to_bytes()
    net.anchor_as(net.mercy_hospital, manifest.root(), sha256(content).digest(), 1)
    reader = Scanner(net.ledger, net.store, index)
    assert reader.scan(NOW).manifests_missing == 1
    assert not index.status().complete and refusals(index)[0].startswith("blob-missing")
    assert reader.scan(NOW).manifests_missing == 0  # too early to ask again
    assert reader.scan(NOW + 1).manifests_missing == 1
    net.store.put([content])
    assert reader.scan(NOW + 1).manifests_indexed == 0
    assert reader.scan(NOW + 4).manifests_indexed == 1
    assert rows_of(index, net.mercy_hospital.address, manifest.rows[0].tag) and not refusals(index)


def test_scan_shows_rows_whose_entries_are_missing(net: Net, index: SqlIndex) -> None:
    """G-3: the row is there and says that its entry is not, so that incompleteness can be told."""
    here, gone = net.row(), net.row(missing=True)
    net.anchor(net.mercy_hospital, gone, here)
    report = Scanner(net.ledger, net.store, index).scan(NOW)
    assert report.entries_missing == 1 and index.status().entries_missing == 1
    assert not rows_of(index, net.mercy_hospital.address, gone.tag)[0].stored
    assert rows_of(index, net.mercy_hospital.address, here.tag)[0].stored


class DownStore:
    """A store whose server has gone: the real adapter's error on every use."""

    def put(self, chunks: object) -> StoredBlob:
        raise StoreUnreachable()

    def put_many(self, contents: object) -> tuple[StoredBlob, ...]:
        raise StoreUnreachable()

    def get(self, cid: str, *, max_bytes: int) -> Iterator[bytes]:
        raise StoreUnreachable()

    def has(self, cid: str) -> bool:
        raise StoreUnreachable()

    def delete(self, cid: str) -> None:
        raise StoreUnreachable()

    def health(self) -> StoreHealth:
        return StoreHealth(False, "down", "")


def test_scan_goes_on_reading_the_chain_when_the_store_is_down(net: Net, index: SqlIndex) -> None:
    """D-1: anchors are kept, nothing is postponed, and the next scan does the rest."""
    manifest = net.anchor(net.mercy_hospital, net.row())
    down: BlobStore = DownStore()
    report = Scanner(net.ledger, down, index).scan(NOW)
    assert report.store_unreachable and report.anchors >= 1 and report.manifests_indexed == 0
    assert Scanner(net.ledger, net.store, index).scan(NOW).manifests_indexed >= 1
    assert rows_of(index, net.mercy_hospital.address, manifest.rows[0].tag)


def test_scan_refuses_an_oversized_manifest(net: Net, index: SqlIndex) -> None:
    """L-16: one raw block of at most 1 MiB; a digest of more content than that names no block at all."""
    content = b"x" * (MAX_MANIFEST_BYTES + 1)
    stored = net.store.put([content])
    net.anchor_as(net.mercy_hospital, secrets.token_bytes(32), stored.sha256, 1)
    report = Scanner(net.ledger, net.store, index).scan(NOW)
    assert report.manifests_indexed == 0 and len(refusals(index)) == 1


def test_proof_for_raises_proof_invalid_when_the_root_is_unknown(net: Net, index: SqlIndex) -> None:
    """A-2."""
    manifest = net.anchor(net.mercy_hospital, net.row())
    Scanner(net.ledger, net.store, index).scan(NOW)
    for root, position in ((secrets.token_bytes(32), 0), (manifest.root(), 1), (manifest.root(), -1)):
        with pytest.raises(ProofInvalid):
            index.proof_for(net.mercy_hospital.address, root, position)
