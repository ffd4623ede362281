"""What was found out a moment ago, told again: anybody may ask for health, and each answer costs questions to others (H-43)."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

KEPT_SECONDS = 1.0
MEANWHILE_SECONDS = 10.0
T = TypeVar("T")


class Kept(Generic[T]):
    """What `find` gives, for a second from when it was found. Thread-safe; `ticks` in seconds that never go back.

    One finds out at a time. Whoever asks meanwhile is told what was found last, unless that is more than ten seconds old:
    where others are slow to answer, callers would wait in all of a process's places, and nobody else had one.
    """

    def __init__(self, find: Callable[[], T], ticks: Callable[[], float] = time.monotonic) -> None:
        self._find = find
        self._ticks = ticks
        self._lock = Lock()
        self._last: tuple[float, T] | None = None

    def tell(self) -> T:
        last = self._last
        if last is not None and self._ticks() - last[0] < MEANWHILE_SECONDS:
            if not self._lock.acquire(blocking=False):
                return last[1]
        else:
            self._lock.acquire()
        try:
            if self._last is None or self._ticks() - self._last[0] >= KEPT_SECONDS:
                found = self._find()
                self._last = self._ticks(), found
            return self._last[1]
        finally:
            self._lock.release()
