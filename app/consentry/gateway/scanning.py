"""Threads that go on with a gateway's work, so that a read finds the index at the chain's head and nothing stays half-done."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event, Thread

from consentry.errors import ConsentryError

_LOG = logging.getLogger(__name__)
INTERVAL_SECONDS = 1.0
LONGEST_SECONDS = 30.0


class Scanning:
    """Calls `work` every second; after failures ever more rarely, up to half a minute. `problem` is the last one's.

    `subject` says in the log what cannot follow the chain.
    """

    def __init__(
        self,
        work: Callable[[], object],
        *,
        subject: str = "the index",
        interval_seconds: float = INTERVAL_SECONDS,
    ) -> None:
        self._work = work
        self._subject = subject
        self._interval = interval_seconds
        self._closing = Event()
        self._thread = Thread(target=self._run, name=f"following: {subject}", daemon=True)
        self.problem: ConsentryError | None = None

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Stop after the work under way."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def _run(self) -> None:
        pause = self._interval
        while not self._closing.wait(pause):
            pause = self._interval if self._attempt() else min(pause * 2, LONGEST_SECONDS)

    def _attempt(self) -> bool:
        try:
            self._work()
        except ConsentryError as problem:
            if self.problem is None:
                _LOG.warning("%(subject)s cannot follow the chain: %(code)s", self._told(code=problem.code))
            self.problem = problem
            return False
        except Exception as problem:
            # The thread must outlive a defect, or its work would stand still unnoticed; the text may hold data.
            _LOG.error("%(subject)s failed: %(error)s", self._told(error=type(problem).__name__))
            self.problem = ConsentryError()
            return False
        if self.problem is not None:
            _LOG.info("%(subject)s follows the chain again", self._told())
        self.problem = None
        return True

    def _told(self, **values: str) -> dict[str, str]:
        return {"subject": self._subject, **values}
