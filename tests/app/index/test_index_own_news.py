"""What the author in the same process has just filed: indexed without fetching it, by its hashes and by nothing else."""

from __future__ import annotations

import secrets
from hashlib import sha256
from pathlib import Path

from consentry.domain.addresses import Address
from consentry.domain.cids import raw_cid
from consentry.domain.entries import Manifest, Row
from consentry.index.entries import SqlIndex
from consentry.index.own_news import ENTRIES_KEPT, MANIFESTS_KEPT, OwnFiled
from consentry.index.scanner import Scanner
from consentry.storage.embedded import EmbeddedBlockStore
from tests.app.index.authors import Net, rows_of

NOW = 1_800_000_000


def test_scan_fetches_nothing_when_the_author_has_told_it(net: Net, index: SqlIndex, tmp_path: Path) -> None:
    """D-2: the same rows as by fetching, from a store that gives nothing; an erased entry stays erased (X-4)."""
    own, empty = OwnFiled(), EmbeddedBlockStore(tmp_path / "empty")
    manifest = net.anchor(net.mercy_hospital, net.row(), net.row(), net.row())
    own.anchoring(sha256(manifest.to_bytes()).digest(), manifest.root(), manifest)
    own.stored(row.entry_cid for row in manifest.rows)
    gone = frozenset((manifest.rows[1].entry_cid,))
    scanner = Scanner(net.ledger, empty, index, erased=gone.intersection, own=own)
    assert scanner.catch_up(NOW)
    found = [rows_of(index, net.mercy_hospital.address, row.tag)[0] for row in manifest.rows]
    assert [(one.entry_cid, one.digest) for one in found] == [
        (row.entry_cid, row.digest) for row in manifest.rows
    ]
    assert [(one.stored, one.erased) for one in found] == [(True, False), (False, True), (True, False)]
    assert scanner.scan(NOW).entries_missing == 0


def test_scan_fetches_what_it_was_told_nothing_of(net: Net, index: SqlIndex, tmp_path: Path) -> None:
    """D-2: another manifest under this root, an entry that nobody told of: the store decides, which has neither."""
    own, empty = OwnFiled(), EmbeddedBlockStore(tmp_path / "empty")
    manifest = net.anchor(net.mercy_hospital, net.row(), net.row())
    own.anchoring(sha256(manifest.to_bytes()).digest(), secrets.token_bytes(32), manifest)
    scanner = Scanner(net.ledger, empty, index, own=own)
    assert scanner.scan(NOW).manifests_missing == 1
    own.anchoring(sha256(manifest.to_bytes()).digest(), manifest.root(), manifest)
    own.stored([manifest.rows[0].entry_cid])
    report = scanner.scan(NOW + 10)
    assert (report.manifests_indexed, report.entries_stored, report.entries_missing) == (1, 1, 1)
    assert [rows_of(index, net.mercy_hospital.address, row.tag)[0].stored for row in manifest.rows] == [
        True,
        False,
    ]


def test_own_filed_remembers_the_last_and_says_an_entry_once() -> None:
    """D-2: bounded, and once taken an entry is looked for in the store."""
    own, row = OwnFiled(), Row(bytes(32), raw_cid(bytes(32)), bytes(32))
    manifest = Manifest(Address("0x" + "ab" * 20), (row,))
    own.stored(str(number) for number in range(ENTRIES_KEPT + 1))
    assert not own.take("0") and own.take("1") and not own.take("1")
    for number in range(MANIFESTS_KEPT + 1):
        own.anchoring(bytes([number]), b"root", manifest)
    assert own.manifest(b"\0", b"root") is None and own.manifest(b"\1", b"root") == manifest
