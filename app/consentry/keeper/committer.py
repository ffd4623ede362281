"""The thread that commits new receipts: every few seconds, or as soon as enough have gathered. An idle keeper attests."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from threading import Event, Thread

from consentry.errors import ChainStale, ConsentryError, KeeperBehindChain
from consentry.ports import Ledger, Sender
from consentry.ports.receipt_book import ReceiptBook
from consentry.services.commit import attest_when_due, commit_next, reconcile

_LOG = logging.getLogger(__name__)


class Committer:
    """Compares the book with the chain once, then commits until closed. `problem`: why the last attempt failed."""

    def __init__(
        self,
        book: ReceiptBook,
        ledger: Ledger,
        sender: Sender,
        *,
        every_seconds: float,
        at_receipts: int,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._book = book
        self._ledger = ledger
        self.sender = sender
        self._every = every_seconds
        self._at = at_receipts
        self._ticks = ticks
        self._look_at = ticks()
        self._wake = Event()
        self._closing = Event()
        self._thread = Thread(target=self._run, name="committer", daemon=True)
        self._compared = False
        self.problem: ConsentryError | None = ChainStale("the receipts were not compared with the chain yet")

    def start(self) -> None:
        """One attempt now, so that a good keeper serves at once; the others in the thread."""
        self.attempt()
        self._thread.start()

    def require_standing(self) -> None:
        """Raise why this keeper must not serve: its book is not known to be the one that the chain fixes."""
        problem = self.problem
        if problem is not None and (not self._compared or isinstance(problem, KeeperBehindChain)):
            raise problem

    def filed(self) -> None:
        """Tell that receipts were filed: commits at once if enough are waiting."""
        if self._book.next_seq() - self._book.committed_until() >= self._at:
            self._wake.set()

    def close(self) -> None:
        """Stop after the attempt under way; what is not committed is committed after the next start."""
        self._closing.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def _run(self) -> None:
        while not self._closing.is_set():
            self._wake.wait(self._every)
            self._wake.clear()
            if not self._closing.is_set() and not isinstance(self.problem, KeeperBehindChain):
                self.attempt()

    def attempt(self) -> None:
        """Compare if that is still to do, commit all that waits, attest if that is due; failures go to `problem`."""
        try:
            if not self._compared:
                reconcile(self._book, self._ledger, self.sender.address)
                self._compared = True
            while commit_next(self._book, self._ledger, self.sender) is not None:
                pass
            if self._ticks() >= self._look_at:
                self._look_at = self._ticks() + attest_when_due(self._book, self._ledger, self.sender)
            self.problem = None
        except ConsentryError as problem:
            _LOG.warning("receipts wait for the next attempt: %(code)s", {"code": problem.code})
            self.problem = problem
        except Exception as problem:
            # the thread must outlive a defect, or receipts would wait unnoticed; the text may hold data
            _LOG.error("committing failed: %(error)s", {"error": type(problem).__name__})
            self.problem = ConsentryError()
