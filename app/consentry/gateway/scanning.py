"""The thread that keeps the index at the chain's head, so that a read finds it there."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event, Thread

from consentry.errors import ConsentryError

_LOG = logging.getLogger(__name__)
INTERVAL_SECONDS = 1.0
LONGEST_SECONDS = 30.0


class Scanning:
    """Calls `scan` every second; after failures ever more rarely, up to half a minute. `problem` is the last one's."""

    def __init__(self, scan: Callable[[], object], *, interval_seconds: float = INTERVAL_SECONDS) -> None:
        self._scan = scan
        self._interval = interval_seconds
        self._closing = Event()
        self._thread = Thread(target=self._run, name="scanning", daemon=True)
        self.problem: ConsentryError | None = None

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Stop after the scan under way."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def _run(self) -> None:
        pause = self._interval
        while not self._closing.wait(pause):
            pause = self._interval if self._attempt() else min(pause * 2, LONGEST_SECONDS)

    def _attempt(self) -> bool:
        try:
            self._scan()
        except ConsentryError as problem:
            if self.problem is None:
                _LOG.warning("the index cannot follow the chain: %s", problem.code)
            self.problem = problem
            return False
        except Exception as problem:
            # The thread must outlive a defect, or the index would stand still unnoticed; the text may hold data.
            _LOG.error("the scan failed: %s", type(problem).__name__)
            self.problem = ConsentryError()
            return False
        if self.problem is not None:
            _LOG.info("the index follows the chain again")
        self.problem = None
        return True
