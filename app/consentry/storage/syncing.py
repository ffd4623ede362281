"""Threads that wait for the disk, kept from one put to the next: to start one costs more than most blocks."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor

SYNC_THREADS = 4
"""At most so many at a time; the thread that puts takes a share as well."""


def sync_files(paths: Iterable[str]) -> None:
    """Return when the content of each file is on the disk. Raises OSError."""
    for path in paths:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fdatasync(handle)
        finally:
            os.close(handle)


class Syncing:
    """One store's threads in this process. Thread-safe."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._pool: ThreadPoolExecutor | None = None
        self._process = 0

    def submit(self, paths: list[str]) -> Future[None]:
        """`sync_files`, meanwhile."""
        with self._turn:
            if self._pool is None or self._process != os.getpid():  # threads do not live on in a forked child
                self._pool = ThreadPoolExecutor(SYNC_THREADS, thread_name_prefix="block-sync")
                self._process = os.getpid()
            return self._pool.submit(sync_files, paths)

    def close(self) -> None:
        """Wait for those under way; submitting again starts others."""
        with self._turn:
            if self._pool is not None and self._process == os.getpid():
                self._pool.shutdown()
            self._pool = None
