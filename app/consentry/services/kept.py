"""What was found out a moment ago, told again: anybody may ask for health, and each answer costs questions to others (H-43)."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

KEPT_SECONDS = 1.0
MEANWHILE_SECONDS = 10.0
PATIENCE_SECONDS = 3.0
T = TypeVar("T")


class Kept(Generic[T]):
    """What `find` gives, for a second from when it was found. Thread-safe; `ticks` in seconds that never go back.

    One finds out at a time. Whoever asks meanwhile is told what was found last, unless that is more than ten seconds old:
    where others are slow to answer, callers would wait in all of a process's places, and nobody else had one. Without such an
    answer they wait until `patience` seconds after that one began, and are told what `late` gives (H-94).
    """

    def __init__(
        self,
        find: Callable[[], T],
        late: Callable[[], T],
        ticks: Callable[[], float] = time.monotonic,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        self._find = find
        self._late = late
        self._ticks = ticks
        self._patience = patience
        self._lock = Lock()
        self._began: float | None = None
        self._last: tuple[float, T] | None = None

    def tell(self) -> T:
        last = self._last
        if last is not None and self._ticks() - last[0] < MEANWHILE_SECONDS:
            if not self._lock.acquire(blocking=False):
                return last[1]
        elif not self._lock.acquire(timeout=self._left()):
            return self._late()
        try:
            if self._last is None or self._ticks() - self._last[0] >= KEPT_SECONDS:
                self._began = self._ticks()
                found = self._find()
                self._last = self._ticks(), found
            return self._last[1]
        finally:
            self._began = None
            self._lock.release()

    def _left(self) -> float:
        """For how many seconds one may wait for whoever finds out now: all of a crowd together, not each anew."""
        began = self._began
        waited = 0.0 if began is None else self._ticks() - began
        return max(self._patience - waited, 0.0)
