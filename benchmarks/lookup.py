"""What a read asks of the reader's own index, with 10³, 10⁵ and 10⁶ entries of the whole network in it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import insert

from benchmarks.measuring import Samples, milliseconds, table
from consentry.domain import merkle
from consentry.domain.tags import TAG_GAP
from consentry.index.entries import SqlIndex
from consentry.index.tables import EntryState, ManifestState, anchors, entries

SIZES = (1_000, 100_000, 1_000_000)
AUTHORS = tuple("0x" + f"{number:02x}" * 20 for number in range(1, 51))
READ = 5
"""Authors whose channels a read looks into, each with a batch of this patient's records."""

BATCH = 100
REPEATS = 200
Rows = list[dict[str, Any]]


def run() -> None:
    """Fill three indexes, look the same patient up in each, turn about, print the table."""
    samples = Samples()
    with TemporaryDirectory() as folder:
        indexes = {size: SqlIndex(Path(folder) / f"{size}.sqlite") for size in SIZES}
        channels = [[secrets.token_bytes(32) for _ in range(BATCH)] for _ in range(READ)]
        roots = {size: _fill(index, size, channels) for size, index in indexes.items()}
        for number in range(REPEATS + 10):
            for size, index in indexes.items():
                with (Samples() if number < 10 else samples).time(str(size)):
                    _look_up(index, channels, roots[size])
    first = samples.p50(str(SIZES[0]))
    rows = [
        [
            f"{size:,}",
            milliseconds(samples.p50(str(size)), 2),
            milliseconds(samples.p95(str(size)), 2),
            f"{samples.p50(str(size)) / first:.2f}",
        ]
        for size in SIZES
    ]
    title = f"Look-up of {READ * BATCH} records of one patient by {READ} of {len(AUTHORS)} authors (goal: ≤ 1.2 ×)"
    table(title, ["entries in the network", "p50 ms", "p95 ms", "against the smallest"], rows)


def _look_up(index: SqlIndex, channels: list[list[bytes]], roots: list[bytes]) -> None:
    """As discovery does: so many tags at a time, until none is found, and what is missing; then a proof each."""
    for author, tags, root in zip(AUTHORS, channels, roots, strict=False):
        found = 0
        for start in range(0, BATCH + 1, TAG_GAP):
            asked = tags[start : start + TAG_GAP] or [bytes(32)]
            found += len(index.entries_by_tags(author, asked))
        assert found == BATCH
        index.proof_for(author, root, BATCH // 2)
    index.gaps()


def _fill(index: SqlIndex, size: int, channels: list[list[bytes]]) -> list[bytes]:
    """Batches of all authors, this patient's in the middle of them. Gives the roots of these."""
    batches = max(size // BATCH - READ, 0)
    roots: list[bytes] = []
    with index.database.write() as connection:
        for number, (author, tags) in enumerate(_batches(batches, channels)):
            digests = [secrets.token_bytes(32) for _ in tags]
            root = merkle.root(digests) if tags in channels else secrets.token_bytes(32)
            if tags in channels:
                roots.append(root)
            connection.execute(insert(anchors), _anchor(author, root, number))
            connection.execute(insert(entries), _entries(author, root, number, tags, digests))
    return roots


def _batches(others: int, channels: list[list[bytes]]) -> Iterator[tuple[str, list[bytes]]]:
    for number in range(others):
        if number == others // 2:
            yield from zip(AUTHORS, channels, strict=False)
        yield AUTHORS[number % len(AUTHORS)], [secrets.token_bytes(32) for _ in range(BATCH)]


def _anchor(author: str, root: bytes, block: int) -> dict[str, Any]:
    return {
        "author": author,
        "root": root,
        "manifest_digest": bytes(32),
        "count": BATCH,
        "block": block,
        "log_index": 0,
        "transaction": bytes(32),
        "state": ManifestState.INDEXED,
        "seen_at": 0,
    }


def _entries(author: str, root: bytes, block: int, tags: list[bytes], digests: list[bytes]) -> Rows:
    return [
        {
            "author": author,
            "root": root,
            "position": position,
            "tag": tag,
            "entry_cid": "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku",
            "digest": digest,
            "block": block,
            "state": EntryState.STORED,
        }
        for position, (tag, digest) in enumerate(zip(tags, digests, strict=True))
    ]
