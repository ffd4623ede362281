"""Follows anchors on the chain and has what they name fetched (design §4 Index, specification D-1, D-2, D-6).

Each step commits on its own, so that a scan that dies is simply run again. What is missing is tried again later; what is
not what its author anchored is recorded and never indexed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import closing
from dataclasses import dataclass
from threading import Lock
from time import monotonic

from consentry.domain.ledger import ChainHead
from consentry.index.ahead import one_ahead
from consentry.index.entries import SqlIndex
from consentry.index.fetching import Fetching
from consentry.index.own_news import OwnFiled
from consentry.index.progress import Progress
from consentry.ports import BlobStore, Ledger

FEW_BLOCKS = 64
CATCH_UP_SECONDS = 1.0
_AUTHORS_AT_ONCE = 8


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


class Scanner:
    """Keeps one index up to date. `progress` hears the stage, how much is done, and of how much."""

    def __init__(
        self,
        ledger: Ledger,
        store: BlobStore,
        index: SqlIndex,
        progress: Callable[[str, int, int], None] | None = None,
        catch_up_seconds: float = CATCH_UP_SECONDS,
        erased: Callable[[Sequence[str]], frozenset[str]] = lambda cids: frozenset(),
        own: OwnFiled | None = None,
    ) -> None:
        self._ledger = ledger
        self._catch_up_seconds = catch_up_seconds
        self._index = index
        self._progress = Progress(index.database)
        self._tell = progress or (lambda stage, done, total: None)
        self._fetching = Fetching(store, self._progress, self._tell, erased, own)
        self._chain_lock, self._scan_lock, self._news_lock = Lock(), Lock(), Lock()
        # The heads up to which the chain was read, everything new was tried, and nothing at all was left to do.
        self._read_to: ChainHead | None = None
        self._tried_at: ChainHead | None = None
        self._settled_at: ChainHead | None = None
        self._news: dict[str, Future[None]] = {}
        self._threads = ThreadPoolExecutor(_AUTHORS_AT_ONCE, thread_name_prefix="index-news")

    def close(self) -> None:
        """Start nothing more."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def scan(self, now: int) -> ScanReport:
        """Bring the index to the chain's head and fetch all that is due, however long that takes; `now` in seconds.

        Raises ChainUnreachable, ChainWrong, StoreUnreachable (the database; a content store that does not answer is told
        in the report).
        """
        with self._scan_lock:
            head = self._ledger.head()
            if head == self._settled_at:
                return ScanReport(head.number, 0, 0, 0, 0, 0, 0, None, False)
            with self._chain_lock:
                rolled_back_to, fresh = self._follow(head, now)
            tally = self._fetching.everything(now)
            with self._chain_lock:
                if self._read_to == head and self._index.gaps().settled:
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

    def catch_up(self, now: int) -> bool:
        """Bring the index to the chain's head and fetch what is new, for a reader who waits: about `catch_up_seconds` at
        most for blocks that are not here, and not at all for what was missed before. Whether it got that far.

        Raises ChainUnreachable, ChainWrong, StoreUnreachable (the database).
        """
        deadline = monotonic() + self._catch_up_seconds
        head = self._ledger.head()
        if head in (self._settled_at, self._tried_at):
            return True
        if not self._chain_lock.acquire(timeout=self._catch_up_seconds):
            return False
        try:
            if head in (self._settled_at, self._tried_at):  # by whoever had the lock before
                return True
            self._follow(head, now)
        finally:
            self._chain_lock.release()
        # Twice: the entries of a manifest are news only once it is indexed, and it may have been read by somebody else.
        done, found = self._fetch_news(now, deadline)
        if done and found:
            done, _ = self._fetch_news(now, deadline)
        if done:
            with self._chain_lock:
                self._tried_at = head if self._read_to == head else None
        return done

    def _fetch_news(self, now: int, deadline: float) -> tuple[bool, bool]:
        """Every author by a thread of its own, and never by two. Whether all were fetched in time, and whether there were any."""
        with self._news_lock:
            self._news = {author: task for author, task in self._news.items() if not task.done()}
            authors = self._fetching.authors_with_news(now)
            for author in authors:
                if author not in self._news:
                    self._news[author] = self._threads.submit(self._fetching.news_of, author, now)
            tasks = [self._news[author] for author in authors]
        done, late = wait(tasks, timeout=max(deadline - monotonic(), 0))
        for task in done:
            task.result()
        return not late, bool(tasks)

    # --- the chain ---

    def _follow(self, head: ChainHead, now: int) -> tuple[int | None, int]:
        """Read the chain up to this head: the block it was rolled back to, and how many anchors are new."""
        if head == self._read_to:
            self._progress.finish(head.number, now)
            return None, 0
        self._read_to = self._tried_at = self._settled_at = None
        gone_on = self._go_on(head, now)
        if gone_on is not None:
            self._read_to = head
            return None, gone_on
        rolled_back_to = self._roll_back()
        fresh, whole = self._read_anchors(head, now)
        self._progress.finish(head.number, now)
        if whole:
            self._read_to = head
        return rolled_back_to, fresh

    def _go_on(self, head: ChainHead, now: int) -> int | None:
        """The usual case in two questions: some blocks more on the chain that was read. How many anchors are new; None if it
        is another case."""
        known = self._progress.newest_checkpoint()
        if known is None or not 0 < head.number - known[0] <= FEW_BLOCKS:
            return None
        before, events, after = self._ledger.anchors_after(known[0], head.number)
        if before != known[1] or after != head.hash:
            return None
        fresh = self._progress.note_anchors(events, head.number, head.hash, now, finished=True)
        self._tell("blocks", head.number - known[0], head.number - known[0])
        return fresh

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

    def _read_anchors(self, head: ChainHead, now: int) -> tuple[int, bool]:
        """How many are new, and whether all were read. A span is kept while the next one is asked for."""
        newest = self._progress.newest_checkpoint()
        first = newest[0] + 1 if newest else 0
        fresh, through = 0, first - 1
        with closing(one_ahead(self._ledger.anchor_spans(first, head))) as spans:
            for span in spans:
                through = span.through
                fresh += self._progress.note_anchors(span.anchors, through, span.block_hash, now)
                self._tell("blocks", through - first + 1, head.number - first + 1)
        return fresh, through >= head.number
