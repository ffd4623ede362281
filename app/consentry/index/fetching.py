"""Fetches the manifests that were anchored and the entries they list, fairly (specification D-1, D-2, D-6, L-16).

A store on a network may take its whole time-out to miss a block. So an author who anchors what nobody has gets two misses
a scan and no more, authors come in turn, and those without misses come first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import zip_longest
from time import monotonic
from typing import TypeVar

from consentry.domain.cids import raw_cid
from consentry.domain.entries import MAX_MANIFEST_BYTES, MAX_SEALED_ENTRY_BYTES, Manifest
from consentry.errors import BlobCorrupt, BlobMissing, BlobTooLarge, LayoutInvalid, StoreUnreachable
from consentry.index.own_news import OwnFiled
from consentry.index.pending import PendingEntry, PendingManifest
from consentry.index.progress import Progress
from consentry.index.tables import EntryState
from consentry.ports import BlobStore

MANIFESTS_AT_ONCE = 500
ENTRIES_AT_ONCE = 2_000
ENTRIES_TOGETHER = 32
"""Entries that are kept in one go, and in memory for that."""

MISSES_AN_AUTHOR = 2
# Each stage of a scan spends this long on misses; they come again later, after everything new.
MISS_SECONDS = 5.0
T = TypeVar("T", PendingManifest, PendingEntry)
Tell = Callable[[str, int, int], None]


@dataclass
class Tally:
    """What one round of fetching did."""

    indexed: int = 0
    invalid: int = 0
    missing: int = 0
    stored: int = 0
    entries_missing: int = 0
    store_unreachable: bool = False


class Fetching:
    """One round may run beside another: every write may be repeated."""

    def __init__(
        self,
        store: BlobStore,
        progress: Progress,
        tell: Tell,
        erased: Callable[[Sequence[str]], frozenset[str]] = lambda cids: frozenset(),
        own: OwnFiled | None = None,
    ) -> None:
        """`erased`: which of these entries were erased by their author's order, and must not come back (X-4). `own`: what
        the author in this process filed into this store."""
        self._erased = erased
        self._own = own or OwnFiled()
        self._store = store
        self._progress = progress
        self._tell = tell
        # Misses that no success has made up for yet, by author.
        self._owing: Counter[str] = Counter()

    def everything(self, now: int) -> Tally:
        """All that is due. Raises StoreUnreachable (the database)."""
        tally = Tally()
        authors = self._in_order(self._progress.authors_with_manifests(now, fresh=False))
        queues = [self._progress.manifests_of(one, now, MANIFESTS_AT_ONCE, fresh=False) for one in authors]
        self._stage("manifests", in_turn(queues, MANIFESTS_AT_ONCE), self._manifest, now, tally)
        authors = self._in_order(self._progress.authors_with_entries(now, fresh=False))
        lists = [self._progress.entries_of(one, now, ENTRIES_AT_ONCE, fresh=False) for one in authors]
        self._entries(in_turn(lists, ENTRIES_AT_ONCE), now, tally, MISSES_AN_AUTHOR)
        return tally

    def authors_with_news(self, now: int) -> list[str]:
        """Whose newest manifests and entries were never tried; without those who left others waiting before."""
        return [one for one in dict.fromkeys(self._progress.authors_with_news(now)) if not self._owing[one]]

    def news_of(self, author: str, now: int) -> None:
        """What this author anchored and nobody tried to fetch yet, up to the first miss."""
        tally = Tally()
        manifests = self._progress.manifests_of(author, now, MANIFESTS_AT_ONCE, fresh=True)
        self._stage("manifests", manifests, self._manifest, now, tally, misses_allowed=1)
        entries = self._progress.entries_of(author, now, ENTRIES_AT_ONCE, fresh=True)
        self._entries(entries, now, tally, 1)

    def _in_order(self, authors: Iterable[str]) -> list[str]:
        return sorted(authors, key=lambda one: (self._owing[one], one))

    def _stage(
        self,
        name: str,
        pending: list[T],
        fetch: Callable[[T, int, Tally], bool],
        now: int,
        tally: Tally,
        *,
        misses_allowed: int = MISSES_AN_AUTHOR,
    ) -> None:
        misses: Counter[str] = Counter()
        seconds = 0.0
        for done, one in enumerate(pending, 1):
            if misses[one.author] >= misses_allowed:
                continue
            started = monotonic()
            if fetch(one, now, tally):
                self._owing[one.author] = max(self._owing[one.author] - 1, 0)
            else:
                misses[one.author] += 1
                self._owing[one.author] += 1
                seconds += monotonic() - started
            self._tell(name, done, len(pending))
            if tally.store_unreachable or seconds >= MISS_SECONDS:
                return

    def _manifest(self, pending: PendingManifest, now: int, tally: Tally) -> bool:
        """False if it was not there."""
        try:
            manifest = self._checked_manifest(pending)
        except (LayoutInvalid, BlobTooLarge) as error:
            self._progress.refuse_manifest(pending, f"{error.code}: {error.diagnostics}")
            tally.invalid += 1
        except (BlobMissing, BlobCorrupt) as error:
            self._progress.postpone_manifest(pending, f"{error.code}: {error.diagnostics}", now)
            tally.missing += 1
            return False
        except StoreUnreachable:
            tally.store_unreachable = True  # all others would wait as long: the next scan tries them
        else:
            self._progress.index_manifest(pending, manifest.rows)
            tally.indexed += 1
        return True

    def _checked_manifest(self, pending: PendingManifest) -> Manifest:
        """Raises LayoutInvalid when it is not what its author anchored."""
        own = self._own.manifest(pending.manifest_digest, pending.root)
        manifest = own or self._fetched_manifest(pending)
        if manifest.author != pending.author:
            raise LayoutInvalid("the manifest names another author than its anchor")
        if len(manifest.rows) != pending.count:
            raise LayoutInvalid("the manifest has another number of rows than its anchor says")
        if own is None and manifest.root() != pending.root:
            raise LayoutInvalid("the manifest's rows do not have the anchored root")
        return manifest

    def _fetched_manifest(self, pending: PendingManifest) -> Manifest:
        cid = raw_cid(pending.manifest_digest)
        raw = b"".join(self._store.get(cid, max_bytes=MAX_MANIFEST_BYTES))
        if sha256(raw).digest() != pending.manifest_digest:
            raise BlobCorrupt("the store gave another manifest than the one asked for")
        return Manifest.parse(raw)

    def _entries(self, pending: list[PendingEntry], now: int, tally: Tally, misses_allowed: int) -> None:
        """Those that are here are kept some together: each would cost two transactions and its syncs by itself."""
        here: list[tuple[PendingEntry, bytes]] = []
        own: list[PendingEntry] = []
        erased = self._erased([one.entry_cid for one in pending])

        def fetch(one: PendingEntry, now: int, tally: Tally) -> bool:
            if one.entry_cid in erased:
                self._progress.settle_entries([one], EntryState.ERASED)
                return True
            if self._own.take(one.entry_cid):
                own.append(one)
                return True
            try:
                # Reading brings the block from wherever it is and checks it.
                here.append((one, b"".join(self._store.get(one.entry_cid, max_bytes=MAX_SEALED_ENTRY_BYTES))))
            except BlobTooLarge:
                self._progress.settle_entries([one], EntryState.INVALID)
            except (BlobMissing, BlobCorrupt):
                self._progress.postpone_entry(one, now)
                tally.entries_missing += 1
                return False
            except StoreUnreachable:
                tally.store_unreachable = True
            if len(here) >= ENTRIES_TOGETHER:
                self._keep(here, tally)
            return True

        self._stage("entries", pending, fetch, now, tally, misses_allowed=misses_allowed)
        self._keep(here, tally)
        self._progress.settle_entries(own, EntryState.STORED)
        tally.stored += len(own)

    def _keep(self, here: list[tuple[PendingEntry, bytes]], tally: Tally) -> None:
        """Put these blocks here for good, and say so; none is left to do."""
        these = here.copy()
        here.clear()
        if not these or tally.store_unreachable:
            return
        try:
            self._store.put_many([raw] for _, raw in these)
            erased = self._erased([one.entry_cid for one, _ in these])  # meanwhile
            for cid in erased:
                self._store.delete(cid)
        except StoreUnreachable:
            tally.store_unreachable = True
            return
        gone = [one for one, _ in these if one.entry_cid in erased]
        kept = [one for one, _ in these if one.entry_cid not in erased]
        self._progress.settle_entries(gone, EntryState.ERASED)
        self._progress.settle_entries(kept, EntryState.STORED)
        tally.stored += len(kept)


def in_turn(queues: list[list[T]], most: int) -> list[T]:
    """The first of each queue, then the second of each, …; at most so many."""
    turns: Iterator[T | None] = (one for turn in zip_longest(*queues) for one in turn)
    return [one for one in turns if one is not None][:most]
