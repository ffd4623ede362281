"""The index of everybody's anchored entries (the Index port, specification D-1, D-2). The scanner fills it.

It understands nothing of what it holds: tags and digests are opaque to everyone without a category's seed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, func, literal_column, select, update

from consentry.databases.place import Place
from consentry.databases.prepared import Query
from consentry.domain.cids import digest_of_raw, is_raw
from consentry.domain.merkle import Proof, Tree
from consentry.errors import LayoutInvalid, ProofInvalid
from consentry.index.database import Database
from consentry.index.schemas import INDEX
from consentry.index.tables import (
    EntryState,
    ManifestState,
    anchors,
    checkpoints,
    entries,
    scans,
)
from consentry.ports.index_values import ROWS_A_TAG, EntryRow, IndexGaps, IndexStatus

ABANDONED_SECONDS = 3600
"""How long a manifest is looked for before its absence concerns its author's readers only (D-6)."""

TREES_KEPT = 256
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


def _first_of_each_tag() -> Select[Any]:
    """One row more than a reader looks at, of each tag, in the order of the chain."""
    order = (entries.c.block, entries.c.root, entries.c.position)
    place = func.row_number().over(partition_by=entries.c.tag, order_by=order).label("place")
    wanted = (entries.c.author == bindparam("by"), entries.c.tag.in_(bindparam("tags", expanding=True)))
    found = _ROW.add_columns(place).where(*wanted).subquery()
    kept = select(found).where(found.c.place <= ROWS_A_TAG + 1)
    return kept.order_by(found.c.block, found.c.root, found.c.position)


# Made once: putting a statement together takes longer than running it.
_FIRST_OF_EACH_TAG = Query(_first_of_each_tag(), "tags")
_DIGESTS = Query(
    select(entries.c.digest)
    .where(entries.c.author == bindparam("by"), entries.c.root == bindparam("under"))
    .order_by(entries.c.position)
)
_SCAN = Query(select(scans.c.head_block, scans.c.scanned_at))
_SCANNED = Query(select(func.max(checkpoints.c.block)))
_LACKING = Query(
    select(
        anchors.c.author,
        func.max(anchors.c.seen_at).label("newest"),
        func.min(anchors.c.seen_at).label("oldest"),
    )
    .where(anchors.c.state == ManifestState.WAITING)
    .group_by(anchors.c.author)
)
# The state stands in the text, or the partial index would not be used.
_WAITING = Query(
    select(literal_column("1")).where(entries.c.state == literal_column(f"'{EntryState.WAITING}'")).limit(1)
)


class SqlIndex:
    """The Index port on a database; `database` is the scanner's."""

    def __init__(self, place: Place) -> None:
        self.database = Database(place, INDEX, durable=False)
        self._trees: dict[tuple[str, bytes], Tree] = {}
        self._lock = Lock()

    def entries_by_tags(self, author: str, tags: Sequence[bytes]) -> Mapping[bytes, tuple[EntryRow, ...]]:
        found: dict[bytes, list[EntryRow]] = {}
        with self.database.read() as connection:
            for start in range(0, len(tags), _TAGS_AT_ONCE):
                asked = {"by": author, "tags": tags[start : start + _TAGS_AT_ONCE]}
                for row in connection.execute(_FIRST_OF_EACH_TAG, asked):
                    found.setdefault(row.tag, []).append(_entry(row))
        return {tag: tuple(rows) for tag, rows in found.items()}

    def proof_for(self, author: str, root: bytes, position: int) -> Proof:
        tree = self._trees.get((author, root)) or self._tree(author, root)
        try:
            return tree.proof(position)
        except LayoutInvalid:
            raise ProofInvalid("this root or position is not in the index") from None

    def _tree(self, author: str, root: bytes) -> Tree:
        """Of one anchor, remembered: a root names its rows for ever, and a reader of one asks for its neighbours next."""
        with self.database.read() as connection:
            digests = list(connection.execute(_DIGESTS, {"by": author, "under": root}).scalars())
        tree = Tree(digests) if digests else None
        if tree is None or tree.root != root:
            raise ProofInvalid("this root or position is not in the index")
        with self._lock:
            self._trees[author, root] = tree
            if len(self._trees) > TREES_KEPT:
                del self._trees[next(iter(self._trees))]
        return tree

    def is_filed(self, cid: str) -> bool:
        filed = [select(entries.c.position).where(entries.c.entry_cid == cid).limit(1)]
        if is_raw(cid):
            digest = digest_of_raw(cid)
            filed.append(select(anchors.c.count).where(anchors.c.manifest_digest == digest).limit(1))
        with self.database.read() as connection:
            return any(connection.execute(query).first() is not None for query in filed)

    def gaps(self) -> IndexGaps:
        with self.database.read() as connection:
            scan = connection.execute(_SCAN).first()
            scanned = connection.execute(_SCANNED).scalar()
            horizon = (scan.scanned_at if scan else 0) - ABANDONED_SECONDS
            lacking = connection.execute(_LACKING).all()
            waiting = connection.execute(_WAITING).first() is not None
        return IndexGaps(
            lag=max((scan.head_block if scan else 0) - (-1 if scanned is None else scanned), 0),
            missing_of=frozenset(one.author for one in lacking if one.newest > horizon),
            abandoned_of=frozenset(one.author for one in lacking if one.oldest <= horizon),
            waiting=waiting,
        )

    def owners_of(self, cids: Sequence[str]) -> Mapping[str, tuple[str, bytes]]:
        """Who anchored a row with this entry's CID first, and the record digest in that row (X-3)."""
        place = (anchors.c.author == entries.c.author) & (anchors.c.root == entries.c.root)
        query = (
            select(entries.c.entry_cid, entries.c.author, entries.c.digest)
            .join(anchors, place)
            .where(entries.c.entry_cid.in_(cids))
            .order_by(anchors.c.block.desc(), anchors.c.log_index.desc(), entries.c.position.desc())
        )
        with self.database.read() as connection:
            # the oldest comes last, and stays
            return {cid: (author, digest) for cid, author, digest in connection.execute(query).tuples()}

    def erase(self, cids: Sequence[str]) -> None:
        """Rows with these CIDs hold their places and nothing else from now on (X-4)."""
        with self.database.write() as connection:
            rows = update(entries).where(entries.c.entry_cid.in_(cids))
            connection.execute(rows.values(state=EntryState.ERASED))

    def status(self) -> IndexStatus:
        with self.database.read() as connection:
            scan = connection.execute(select(scans.c.head_block, scans.c.scanned_at)).first()
            scanned = connection.execute(select(func.max(checkpoints.c.block))).scalar()
            by_state = dict(
                connection.execute(select(anchors.c.state, func.count()).group_by(anchors.c.state))
                .tuples()
                .all()
            )
            horizon = (scan.scanned_at if scan else 0) - ABANDONED_SECONDS
            lacking = [
                connection.execute(_lacking(which)).tuples().all()
                for which in (anchors.c.seen_at > horizon, anchors.c.seen_at <= horizon)
            ]
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
            manifests_missing=sum(count for _, count in lacking[0]),
            manifests_invalid=by_state.get(ManifestState.INVALID, 0),
            entries_missing=by_entry.get(EntryState.WAITING, 0),
            abandoned=sum(count for _, count in lacking[1]),
            missing_of=frozenset(author for author, _ in lacking[0]),
            abandoned_of=frozenset(author for author, _ in lacking[1]),
        )


def _lacking(age: ColumnElement[bool]) -> Select[tuple[str, int]]:
    """Authors of missing manifests of this age, and how many."""
    query = select(anchors.c.author, func.count()).where(anchors.c.state == ManifestState.WAITING, age)
    return query.group_by(anchors.c.author)


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
        erased=row.state == EntryState.ERASED,
    )
