"""Threads that answer: as many as are needed, and as the system gives."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor

_LOG = logging.getLogger(__name__)


class Pool(ThreadPoolExecutor):
    """Work waits for a thread that is there where another cannot be begun. The library's own pool raises then, in whoever
    brought the work, and does it all the same."""

    def __init__(self, most: int) -> None:
        """Raises RuntimeError where the system does not even give one thread."""
        super().__init__(most)
        super()._adjust_thread_count()

    def _adjust_thread_count(self) -> None:
        try:
            super()._adjust_thread_count()
        except RuntimeError:
            _LOG.error("no thread could be begun: what is asked waits for others")
