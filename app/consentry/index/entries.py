"""The index of everybody's anchored entries (the Index port, specification D-1, D-2). The scanner fills it.

It understands nothing of what it holds: tags and digests are opaque to everyone without a category's seed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Row, Select, func, select

from consentry.domain import merkle
from consentry.domain.merkle import Proof
from consentry.errors import ProofInvalid
from consentry.index.database import Database
from consentry.index.tables import (
    EntryState,
    ManifestState,
    anchors,
    checkpoints,
    entries,
    metadata,
    scans,
)
from consentry.ports.index_values import EntryRow, IndexStatus

_TAGS_AT_ONCE = 400  # SQLite binds at most 999 values in older builds
_ROW = select(
    entries.c.author,
    entries.c.tag,
    entries.c.entry_cid,
    entries.c.digest,
    entries.c.root,
    entries.c.position,
    entries.c.block,
    entries.c.state,
)


class SqlIndex:
    """The Index port on a database file; `database` is the scanner's."""

    def __init__(self, path: Path) -> None:
        self.database = Database(path, metadata, durable=False)

    def entries_by_tag(self, author: str, tag: bytes) -> tuple[EntryRow, ...]:
        return self.entries_by_tags(author, [tag]).get(tag, ())

    def entries_by_tags(self, author: str, tags: Sequence[bytes]) -> Mapping[bytes, tuple[EntryRow, ...]]:
        found: dict[bytes, tuple[EntryRow, ...]] = {}
        with self.database.read() as connection:
            for start in range(0, len(tags), _TAGS_AT_ONCE):
                wanted = entries.c.tag.in_(tags[start : start + _TAGS_AT_ONCE])
                query = _in_chain_order(_ROW.where(entries.c.author == author, wanted))
                for row in map(_entry, connection.execute(query)):
                    found[row.tag] = (*found.get(row.tag, ()), row)
        return found

    def proof_for(self, author: str, root: bytes, position: int) -> Proof:
        query = select(entries.c.digest).where(entries.c.author == author, entries.c.root == root)
        with self.database.read() as connection:
            digests = list(connection.execute(query.order_by(entries.c.position)).scalars())
        if not 0 <= position < len(digests):
            raise ProofInvalid("this root or position is not in the index")
        return merkle.proof(digests, position)

    def status(self) -> IndexStatus:
        with self.database.read() as connection:
            scan = connection.execute(select(scans.c.head_block, scans.c.scanned_at)).first()
            scanned = connection.execute(select(func.max(checkpoints.c.block))).scalar()
            by_state = dict(
                connection.execute(select(anchors.c.state, func.count()).group_by(anchors.c.state))
                .tuples()
                .all()
            )
            by_entry = dict(
                connection.execute(select(entries.c.state, func.count()).group_by(entries.c.state))
                .tuples()
                .all()
            )
        return IndexStatus(
            scanned_block=-1 if scanned is None else scanned,
            head_block=scan.head_block if scan else 0,
            scanned_at=scan.scanned_at if scan else 0,
            anchors=sum(by_state.values()),
            entries=sum(by_entry.values()),
            manifests_missing=by_state.get(ManifestState.WAITING, 0),
            manifests_invalid=by_state.get(ManifestState.INVALID, 0),
            entries_missing=by_entry.get(EntryState.WAITING, 0),
        )

    def problems(self, limit: int = 100) -> tuple[tuple[str, bytes, str], ...]:
        """Manifests that are missing or invalid: author, root, and why. For an operator's status page."""
        query = (
            select(anchors.c.author, anchors.c.root, anchors.c.reason)
            .where(anchors.c.state != ManifestState.INDEXED, anchors.c.reason != "")
            .order_by(anchors.c.block, anchors.c.log_index)
            .limit(limit)
        )
        with self.database.read() as connection:
            return tuple((row.author, row.root, row.reason) for row in connection.execute(query))


def _in_chain_order(query: Select[Any]) -> Select[Any]:
    return query.order_by(entries.c.block, entries.c.root, entries.c.position)


def _entry(row: Row[Any]) -> EntryRow:
    return EntryRow(
        author=row.author,
        tag=row.tag,
        entry_cid=row.entry_cid,
        digest=row.digest,
        root=row.root,
        position=row.position,
        block=row.block,
        stored=row.state == EntryState.STORED,
    )
