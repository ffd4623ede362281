"""The thread that brings revocations to the chain which nobody else brought there (specification K-18)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event, Thread

from consentry.errors import ConsentryError
from consentry.ports import Sender
from consentry.services.keeper_desk import Desk
from consentry.services.revocations import bring_due

_LOG = logging.getLogger(__name__)


class RevocationRelay:
    """Looks every `every_seconds` what is due: one thread, one revocation at a time. What it had not done when the process
    died is due after the next start. `also`: what else of the chain is looked after each time."""

    def __init__(
        self,
        desk: Desk,
        sender: Sender,
        *,
        every_seconds: float = 1.0,
        also: Callable[[], None] = lambda: None,
    ) -> None:
        self._desk = desk
        self._sender = sender
        self._also = also
        self._every = every_seconds
        self._closing = Event()
        self._thread = Thread(target=self._run, name="revocations", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Stop after the attempt under way."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def attempt(self) -> None:
        """What is due now: revocations, whatever becomes of the rest."""
        self._try(lambda: bring_due(self._desk, self._sender))
        self._try(self._also)

    def _try(self, task: Callable[[], object]) -> None:
        try:
            task()
        except ConsentryError as problem:
            _LOG.warning(
                "what is due on the chain waits for the next attempt: %(code)s", {"code": problem.code}
            )
        except Exception as problem:
            # the thread must outlive a defect; the text may hold data
            _LOG.error(
                "bringing what is due to the chain failed: %(error)s", {"error": type(problem).__name__}
            )

    def _run(self) -> None:
        while not self._closing.wait(self._every):
            self.attempt()
