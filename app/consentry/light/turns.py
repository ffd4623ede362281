"""Whoever asks an endpoint has a turn, one after the other, and waits for it no longer than is of use (specification H-87)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final

from consentry.chain.endpoints import TIMEOUT_SECONDS
from consentry.chain.rpc import AnswerHuge
from consentry.errors import ChainUnreachable

WAIT_SECONDS: Final = TIMEOUT_SECONDS
"""As long as one exchange may take: who has no turn by then stands behind an endpoint that is silent or slow."""
FOR_EVER: Final = -1.0


class Turns:
    """Thread-safe."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._failures = 0

    @contextmanager
    def turn(self, seconds: float = WAIT_SECONDS) -> Iterator[None]:
        """Raises ChainUnreachable where there is no turn in so many seconds, or whoever was asking meanwhile found that the
        endpoint does not answer: else each of those who wait would find that again, after a timeout of its own."""
        failures = self._failures
        if not self._lock.acquire(timeout=seconds):
            raise ChainUnreachable("the endpoint has not answered those who asked before")
        try:
            if self._failures != failures:
                raise ChainUnreachable("the endpoint did not answer whoever asked before")
            yield from self._counted()
        finally:
            self._lock.release()

    def _counted(self) -> Iterator[None]:
        try:
            yield
        except AnswerHuge:  # that answer alone
            raise
        except ChainUnreachable:
            self._failures += 1
            raise
