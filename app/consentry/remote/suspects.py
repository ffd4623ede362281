"""Who did not answer, answered late or lied a short while ago: asked last, for a time that doubles each time (K-28)."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

FIRST_SECONDS = 5.0
MOST_SECONDS = 300.0


@dataclass(frozen=True)
class _Doubt:
    until: float
    seconds: float


class Suspects:
    """By address. Thread-safe; `ticks` in seconds that never go back."""

    def __init__(self, ticks: Callable[[], float] = time.monotonic) -> None:
        self._ticks = ticks
        self._doubts: dict[str, _Doubt] = {}
        self._lock = Lock()

    def doubt(self, who: str) -> None:
        """Again while it is doubted already changes nothing: many questions at once are one occasion."""
        with self._lock:
            now, last = self._ticks(), self._doubts.get(who)
            if last is None:
                self._doubts[who] = _Doubt(now + FIRST_SECONDS, FIRST_SECONDS)
            elif last.until <= now:
                seconds = min(2 * last.seconds, MOST_SECONDS)
                self._doubts[who] = _Doubt(now + seconds, seconds)

    def trust(self, who: str) -> None:
        """It answered in time, and rightly."""
        with self._lock:
            self._doubts.pop(who, None)

    def doubted(self) -> frozenset[str]:
        with self._lock:
            now = self._ticks()
            return frozenset(who for who, doubt in self._doubts.items() if doubt.until > now)
