"""What lies in the store and on chain of two patients' records looks the same (D-19)."""

from __future__ import annotations

import json
import secrets
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from consentry.domain import entries
from consentry.domain.categories import Category, Confidentiality
from consentry.domain.cids import raw_cid
from consentry.domain.entries import Entry
from consentry.domain.headers import MAX_SEATS, MIN_THRESHOLD, SUITE, Header, Sealing
from tests.app.completeness.model import Statement
from tests.app.completeness.play import Play

CID = "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku"


class Filed:
    """The manifests that one publication after another leaves, with the sizes of their entries' blocks."""

    def __init__(self, folder: Path) -> None:
        self.play = Play(0, folder, deaths=0)
        for patient in ("alice", "bob"):
            self.play.rotates_for(patient)

    def publish(self, patient: str, *said: Statement) -> tuple[dict[str, Any], list[int], int]:
        """The manifest, its entries' sizes, and its own size."""
        network = self.play.network
        before = len(network.ledger.events)
        self.play.publish("Mercy Hospital", patient, list(said))
        (event,) = network.ledger.events[before:]
        raw = b"".join(
            network.store.get(raw_cid(event.manifest_digest), max_bytes=entries.MAX_MANIFEST_BYTES)
        )
        manifest = json.loads(raw)
        sizes = [
            len(b"".join(network.store.get(cid, max_bytes=entries.MAX_SEALED_ENTRY_BYTES)))
            for _, cid, _ in manifest["rows"]
        ]
        return manifest, sizes, len(raw)


@pytest.fixture
def filed(tmp_path: Path) -> Filed:
    return Filed(tmp_path)


def test_manifests_of_two_patients_have_one_shape(filed: Filed) -> None:
    """D-19: another patient, category and confidentiality, first versions and corrections."""
    lab, vitals = Statement(0, "laboratory", "N", 0), Statement(1, "vitals", "N", 0)
    shapes = [
        filed.publish("alice", lab, vitals),
        filed.publish(
            "bob", replace(vitals, confidentiality="R"), replace(lab, document=2, confidentiality="R")
        ),
        filed.publish("alice", replace(lab, value=1), replace(vitals, value=1)),
    ]
    assert {frozenset(manifest) for manifest, _, _ in shapes} == {frozenset(("author", "rows", "version"))}
    assert len({manifest["author"] for manifest, _, _ in shapes}) == 1
    assert len({size for _, _, size in shapes}) == 1
    assert {size for _, sizes, _ in shapes for size in sizes} == {shapes[0][1][0]}
    lengths = {tuple(map(len, row)) for manifest, _, _ in shapes for row in manifest["rows"]}
    assert lengths == {(66, 59, 66)}
    values = [value for manifest, _, _ in shapes for row in manifest["rows"] for value in row]
    assert len(set(values)) == len(values)


def test_rows_stand_in_the_order_of_their_tags(filed: Filed) -> None:
    """D-19: not in that of dates, categories or positions, whatever the publication's order was."""
    for value in range(6):
        said = [Statement(document, "laboratory", "N", value) for document in range(4)]
        manifest, _, _ = filed.publish("alice", *said)
        tags = [tag for tag, _, _ in manifest["rows"]]
        assert len(tags) == 4 and all(one < other for one, other in pairwise(tags))


@pytest.mark.parametrize("seats", range(MIN_THRESHOLD, MAX_SEATS + 1))
def test_entries_of_one_committee_have_one_size(seats: int) -> None:
    """D-19: the shortest and the longest header fill the same multiple of 4,096 bytes."""
    short = _header(Category.HIV, "any", 1, None)
    long = _header(Category.SEXUAL_HEALTH, "x" * 32, 99_999, secrets.token_bytes(32))
    assert min(len(str(one)) for one in Category) == len(str(Category.HIV))
    assert max(len(str(one)) for one in Category) == len(str(Category.SEXUAL_HEALTH))
    sizes = {len(_entry(one, seats).to_plaintext()) for one in (short, long)}
    assert len(sizes) == 1 and sizes.pop() % entries.PADDING == 0


def _header(category: Category, department: str, version: int, replaces: bytes | None) -> Header:
    return Header(
        record_id=secrets.token_bytes(32),
        patient="0x" + "1" * 40,
        author="0x" + "2" * 40,
        category=category,
        level=3,
        confidentiality=Confidentiality.NORMAL,
        department=department,
        date="2026-05-04T08:00:00Z",
        version=version,
        replaces=replaces,
        suite=SUITE,
        cid=CID,
        ciphertext_digest=bytes(32),
        key_commitment=bytes(32),
    )


def _entry(header: Header, seats: int) -> Entry:
    sealing = Sealing(1, MIN_THRESHOLD, tuple(secrets.token_bytes(32) for _ in range(seats)))
    shares = (bytes(entries.SEALED_SHARE_BYTES),) * seats
    return Entry(header, sealing, shares, bytes(entries.SEALED_KEY_BYTES))
