"""What the scanner writes: anchors seen, manifests opened, blocks fetched, and how far it got. One transaction each."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, delete, select, update

from consentry.databases.connection import Connection
from consentry.domain.entries import Row
from consentry.domain.ledger import AnchorEvent
from consentry.index.database import Database
from consentry.index.due import (
    ANCHORED_IN,
    BLOCKS,
    CHECKPOINT,
    ENTRIES_OF,
    ENTRY,
    ENTRY_AUTHORS,
    HOW_MANY_BLOCKS,
    INDEXED,
    MANIFEST_AUTHORS,
    MANIFESTS_OF,
    NEW_ANCHORS,
    NEWEST,
    NO_CHECKPOINT,
    NO_ROWS,
    NO_SCAN,
    SCAN,
    SETTLED,
)
from consentry.index.pending import PendingEntry, PendingManifest
from consentry.index.tables import EntryState, ManifestState, anchors, checkpoints, entries

CHECKPOINTS_KEPT = 128
_LONGEST_PAUSE_SECONDS = 300
_REASON_LENGTH = 200
_NEW_ANCHOR = (*AnchorEvent._fields, anchors.c.state.name, anchors.c.seen_at.name)


class Progress:
    """The scanner's side of the index. Every write may be repeated."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # --- where the chain was read to ---

    def checkpoints(self) -> list[tuple[int, bytes]]:
        """Block and hash of what was read to, newest first."""
        query = select(checkpoints.c.block, checkpoints.c.hash).order_by(checkpoints.c.block.desc())
        with self._database.read() as connection:
            return [(row.block, row.hash) for row in connection.execute(query)]

    def newest_checkpoint(self) -> tuple[int, bytes] | None:
        with self._database.read() as connection:
            row = connection.execute(NEWEST).first()
        return None if row is None else (row.block, row.hash)

    def roll_back(self, block: int) -> None:
        """Forget everything after this block (-1: everything)."""
        with self._database.write() as connection:
            for table in (entries, anchors, checkpoints):
                connection.execute(delete(table).where(table.c.block > block))

    def note_anchors(
        self,
        events: Sequence[AnchorEvent],
        through: int,
        block_hash: bytes,
        now: int,
        *,
        finished: bool = False,
    ) -> int:
        """Keep the anchors of blocks up to `through` and that they were read. Gives how many are new. `finished`: and note
        that it is the chain's head, as `finish` does."""
        with self._database.write() as connection:
            fresh = _insert_anchors(connection, events, now)
            connection.change(NO_CHECKPOINT, {"at": through})
            connection.change(CHECKPOINT, {"block": through, "hash": block_hash})
            _thin(connection)
            if finished:
                _finish(connection, through, now)
        return fresh

    def finish(self, head_block: int, now: int) -> None:
        with self._database.write() as connection:
            _finish(connection, head_block, now)

    # --- manifests ---

    def authors_with_news(self, now: int) -> list[str]:
        """Authors of manifests and entries that were never tried."""
        with self._database.read() as connection:
            manifests = list(connection.execute(MANIFEST_AUTHORS[True], {"now": now}).scalars())
            return manifests + list(connection.execute(ENTRY_AUTHORS[True], {"now": now}).scalars())

    def authors_with_manifests(self, now: int, *, fresh: bool) -> list[str]:
        """Authors of manifests to be fetched now; `fresh`: of such as were never tried."""
        with self._database.read() as connection:
            return list(connection.execute(MANIFEST_AUTHORS[fresh], {"now": now}).scalars())

    def manifests_of(self, author: str, now: int, limit: int, *, fresh: bool) -> list[PendingManifest]:
        """One author's manifests to be fetched now: new ones first, in chain order."""
        asked = {"by": author, "now": now, "most": limit}
        with self._database.read() as connection:
            return [PendingManifest(*row) for row in connection.execute(MANIFESTS_OF[fresh], asked)]

    def index_manifest(self, pending: PendingManifest, rows: Sequence[Row]) -> None:
        """Keep the rows of a checked manifest, in the order of its tree."""
        place = {"author": pending.author, "root": pending.root}
        values = [
            {
                **place,
                "position": position,
                "tag": row.tag,
                "entry_cid": row.entry_cid,
                "digest": row.digest,
                "block": pending.block,
                "state": EntryState.WAITING,
            }
            for position, row in enumerate(rows)
        ]
        anchored = {"by": pending.author, "under": pending.root}
        with self._database.write() as connection:
            if connection.execute(ANCHORED_IN, anchored).scalar() != pending.block:
                return  # the chain changed while it was fetched
            connection.change(NO_ROWS, anchored)
            connection.change(ENTRY, values)
            connection.change(INDEXED, anchored)

    def refuse_manifest(self, pending: PendingManifest, reason: str) -> None:
        """Never to be indexed: it is not what was anchored."""
        with self._database.write() as connection:
            connection.execute(
                _anchor(pending).values(state=ManifestState.INVALID, reason=reason[:_REASON_LENGTH])
            )

    def postpone_manifest(self, pending: PendingManifest, reason: str, now: int) -> None:
        """It is not here: try again, ever more seldom."""
        with self._database.write() as connection:
            connection.execute(
                _anchor(pending).values(
                    reason=reason[:_REASON_LENGTH],
                    attempts=pending.attempts + 1,
                    next_attempt_at=now + _pause(pending.attempts),
                )
            )

    # --- entries ---

    def authors_with_entries(self, now: int, *, fresh: bool) -> list[str]:
        """Authors of entries whose blocks are to be fetched now."""
        with self._database.read() as connection:
            return list(connection.execute(ENTRY_AUTHORS[fresh], {"now": now}).scalars())

    def entries_of(self, author: str, now: int, limit: int, *, fresh: bool) -> list[PendingEntry]:
        """One author's entries whose blocks are to be fetched now."""
        asked = {"by": author, "now": now, "most": limit}
        with self._database.read() as connection:
            return [PendingEntry(*row) for row in connection.execute(ENTRIES_OF[fresh], asked)]

    def settle_entries(self, pending: Sequence[PendingEntry], state: EntryState) -> None:
        rows = [{"by": one.author, "under": one.root, "at": one.position, "now": state} for one in pending]
        if rows:
            with self._database.write() as connection:
                connection.change(SETTLED, rows)

    def postpone_entry(self, pending: PendingEntry, now: int) -> None:
        with self._database.write() as connection:
            connection.execute(
                update(entries)
                .where(*_entry(pending))
                .values(attempts=pending.attempts + 1, next_attempt_at=now + _pause(pending.attempts))
            )


def _anchor(pending: PendingManifest):  # type: ignore[no-untyped-def]  # Update's own type is generic over nothing useful
    return update(anchors).where(anchors.c.author == pending.author, anchors.c.root == pending.root)


def _entry(pending: PendingEntry) -> list[ColumnElement[bool]]:
    return [
        entries.c.author == pending.author,
        entries.c.root == pending.root,
        entries.c.position == pending.position,
    ]


def _insert_anchors(connection: Connection, events: Sequence[AnchorEvent], now: int) -> int:
    """Those that are not there yet, of equal ones the first on the chain; gives how many."""
    new = (ManifestState.WAITING.value, now)
    return connection.fill(NEW_ANCHORS[connection.dialect.name], _NEW_ANCHOR, [one + new for one in events])


def _finish(connection: Connection, head_block: int, now: int) -> None:
    connection.change(NO_SCAN)
    connection.change(SCAN, {"id": 1, "head_block": head_block, "scanned_at": now})


def _thin(connection: Connection) -> None:
    """Keep the newest checkpoints and, of older ones, every other time the table overflows."""
    if int(connection.execute(HOW_MANY_BLOCKS).scalar() or 0) > CHECKPOINTS_KEPT:
        older = list(connection.execute(BLOCKS).scalars())[CHECKPOINTS_KEPT // 2 :]
        connection.execute(delete(checkpoints).where(checkpoints.c.block.in_(older[::2])))


def _pause(attempts: int) -> int:
    """Seconds until the next try: 1, 2, 4 … 300."""
    return int(min(2 ** min(attempts, 10), _LONGEST_PAUSE_SECONDS))
