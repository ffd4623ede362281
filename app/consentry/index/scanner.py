"""Follows anchors, opens manifests, fetches entries (design §4 Index, specification D-1, D-2, L-16).

Each step commits on its own, so that a scan that dies is simply run again. What is missing is tried again later; what is
not what its author anchored is recorded and never indexed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from threading import Lock
from time import monotonic

from consentry.domain.cids import raw_cid
from consentry.domain.entries import MAX_ENTRY_BYTES, MAX_MANIFEST_BYTES, Manifest
from consentry.domain.ledger import ChainHead
from consentry.errors import (
    BlobCorrupt,
    BlobMissing,
    BlobTooLarge,
    LayoutInvalid,
    StoreUnreachable,
)
from consentry.index.entries import SqlIndex
from consentry.index.progress import PendingEntry, PendingManifest, Progress
from consentry.index.tables import EntryState
from consentry.ports import BlobStore, Ledger

BLOCKS_AT_ONCE = 20_000
MANIFESTS_AT_ONCE = 500
ENTRIES_AT_ONCE = 2_000
# A store on a network may take its whole time-out to miss a block: an author who anchors what nobody has must not
# hold up the others. Each stage of a scan spends this long on misses; they come again later, after everything new.
MISS_SECONDS = 5.0
SEALED_ENTRY_BYTES = MAX_ENTRY_BYTES + 4_096


@dataclass(frozen=True)
class ScanReport:
    """What one scan did. `rolled_back_to`: the block after which the chain had changed, if it had."""

    head_block: int
    anchors: int
    manifests_indexed: int
    manifests_invalid: int
    manifests_missing: int
    entries_stored: int
    entries_missing: int
    rolled_back_to: int | None
    store_unreachable: bool


@dataclass
class _Tally:
    indexed: int = 0
    invalid: int = 0
    missing: int = 0
    stored: int = 0
    entries_missing: int = 0
    store_unreachable: bool = False
    missing_seconds: float = 0.0


class Scanner:
    """Keeps one index up to date; one scan at a time. `progress` hears the stage, how much is done, and of how much."""

    def __init__(
        self,
        ledger: Ledger,
        store: BlobStore,
        index: SqlIndex,
        progress: Callable[[str, int, int], None] | None = None,
    ) -> None:
        self._ledger = ledger
        self._store = store
        self._index = index
        self._progress = Progress(index.database)
        # The head at which nothing was left to do: until it changes there is nothing to do.
        self._settled_at: ChainHead | None = None
        self._tell = progress or (lambda stage, done, total: None)
        self._lock = Lock()

    def scan(self, now: int) -> ScanReport:
        """Bring the index to the chain's head; `now` in seconds. Raises ChainUnreachable, ChainWrong, StoreUnreachable
        (the database; a content store that does not answer is told in the report)."""
        with self._lock:
            head = self._ledger.head()
            if head == self._settled_at:
                return ScanReport(head.number, 0, 0, 0, 0, 0, 0, None, False)
            self._settled_at = None
            rolled_back_to = self._roll_back()
            fresh = self._read_anchors(head)
            tally = _Tally()
            self._open_manifests(now, tally)
            self._fetch_entries(now, tally)
            self._progress.finish(head.number, now)
            if self._index.status().complete:
                self._settled_at = head
        return ScanReport(
            head.number,
            fresh,
            tally.indexed,
            tally.invalid,
            tally.missing,
            tally.stored,
            tally.entries_missing,
            rolled_back_to,
            tally.store_unreachable,
        )

    # --- the chain ---

    def _roll_back(self) -> int | None:
        known = self._progress.checkpoints()
        for block, block_hash in known:
            if self._ledger.block_hash(block) == block_hash:
                if block == known[0][0]:
                    return None
                self._progress.roll_back(block)
                return block
        if not known:
            return None
        self._progress.roll_back(-1)
        return -1

    def _read_anchors(self, head: ChainHead) -> int:
        known = self._progress.checkpoints()
        first, fresh = (known[0][0] + 1 if known else 0), 0
        for start in range(first, head.number + 1, BLOCKS_AT_ONCE):
            end = min(start + BLOCKS_AT_ONCE - 1, head.number)
            block_hash = head.hash if end == head.number else self._ledger.block_hash(end)
            events = list(self._ledger.anchors(start, end))
            # Asked again after the logs: if the chain changed meanwhile they may be of either branch.
            if block_hash is None or self._ledger.block_hash(end) != block_hash:
                return fresh
            fresh += self._progress.note_anchors(events, end, block_hash)
            self._tell("blocks", end - first + 1, head.number - first + 1)
        return fresh

    # --- manifests ---

    def _open_manifests(self, now: int, tally: _Tally) -> None:
        pending = self._progress.pending_manifests(now, MANIFESTS_AT_ONCE)
        tally.missing_seconds = 0.0
        for done, one in enumerate(pending, 1):
            if not self._open_manifest(one, now, tally):
                return
            self._tell("manifests", done, len(pending))

    def _open_manifest(self, pending: PendingManifest, now: int, tally: _Tally) -> bool:
        """Whether the stage goes on."""
        started = monotonic()
        try:
            manifest = self._checked_manifest(pending)
        except (LayoutInvalid, BlobTooLarge) as error:
            self._progress.refuse_manifest(pending, f"{error.code}: {error.diagnostics}")
            tally.invalid += 1
        except (BlobMissing, BlobCorrupt) as error:
            self._progress.postpone_manifest(pending, f"{error.code}: {error.diagnostics}", now)
            tally.missing += 1
            tally.missing_seconds += monotonic() - started
        except StoreUnreachable:
            tally.store_unreachable = True  # every other one would wait as long: the next scan tries them all
            return False
        else:
            self._progress.index_manifest(pending, manifest.rows)
            tally.indexed += 1
        return tally.missing_seconds < MISS_SECONDS

    def _checked_manifest(self, pending: PendingManifest) -> Manifest:
        """Raises LayoutInvalid when it is not what its author anchored."""
        cid = raw_cid(pending.manifest_digest)
        raw = b"".join(self._store.get(cid, max_bytes=MAX_MANIFEST_BYTES))
        if sha256(raw).digest() != pending.manifest_digest:
            raise BlobCorrupt("the store gave another manifest than the one asked for")
        manifest = Manifest.parse(raw)
        if manifest.author != pending.author:
            raise LayoutInvalid("the manifest names another author than its anchor")
        if len(manifest.rows) != pending.count:
            raise LayoutInvalid("the manifest has another number of rows than its anchor says")
        if manifest.root() != pending.root:
            raise LayoutInvalid("the manifest's rows do not have the anchored root")
        return manifest

    # --- entries ---

    def _fetch_entries(self, now: int, tally: _Tally) -> None:
        pending = self._progress.pending_entries(now, ENTRIES_AT_ONCE)
        tally.missing_seconds = 0.0
        for done, one in enumerate(pending, 1):
            if not self._fetch_entry(one, now, tally):
                return
            self._tell("entries", done, len(pending))

    def _fetch_entry(self, pending: PendingEntry, now: int, tally: _Tally) -> bool:
        """Whether the stage goes on."""
        started = monotonic()
        try:
            # Reading brings the block from wherever it is and checks it; putting it keeps it here for good.
            raw = b"".join(self._store.get(pending.entry_cid, max_bytes=SEALED_ENTRY_BYTES))
            self._store.put([raw])
        except BlobTooLarge:
            self._progress.settle_entry(pending, EntryState.INVALID)
        except (BlobMissing, BlobCorrupt):
            self._progress.postpone_entry(pending, now)
            tally.entries_missing += 1
            tally.missing_seconds += monotonic() - started
        except StoreUnreachable:
            tally.store_unreachable = True
            return False
        else:
            self._progress.settle_entry(pending, EntryState.STORED)
            tally.stored += 1
        return tally.missing_seconds < MISS_SECONDS
