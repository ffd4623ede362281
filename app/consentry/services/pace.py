"""How often one account may ask a keeper (specification K-13), have something relayed (G-9), anybody ask a gateway (H-46), one
client ask for a token (T-6), or a page or wallet ask the chain (W-13): token buckets in memory; and how many may be answered at
once.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock

from consentry.errors import RateLimited

PER_SECOND = 100.0
BURST = 500
MOST_ACCOUNTS = 10_000


RELAYS_PER_SECOND = 1.0
RELAY_BURST = 20
"""What one account may have relayed by a gateway, whose member pays for each."""


class Pace:
    """`burst` requests at once, then `per_second`, for each account. Thread-safe.

    Accounts not seen for longest are forgotten: that gives a full bucket back, which any new account has as well.
    """

    def __init__(
        self,
        per_second: float = PER_SECOND,
        burst: int = BURST,
        *,
        most_accounts: int = MOST_ACCOUNTS,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._per_second = per_second
        self._burst = burst
        self._most = most_accounts
        self._ticks = ticks
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def take(self, account: str, count: int = 1) -> None:
        """Count so many requests, at most `burst`. Raises RateLimited, saying after how many seconds there is room for them."""
        with self._lock:
            now = self._ticks()
            left, then = self._left.pop(account, (float(self._burst), now))
            left = min(left + (now - then) * self._per_second, self._burst)
            allowed = left >= count
            self._left[account] = (left - count if allowed else left, now)
            if len(self._left) > self._most:
                self._left.popitem(last=False)
        if not allowed:
            raise RateLimited(seconds=math.ceil((count - left) / self._per_second))


def relay_pace() -> Pace:
    """How often a gateway relays for one account (G-9)."""
    return Pace(RELAYS_PER_SECOND, RELAY_BURST)


class Room:
    """At most so many at once, whoever they are; who finds no place within `seconds` comes again. Thread-safe."""

    def __init__(self, most: int, *, seconds: float = 0.5) -> None:
        self._places = BoundedSemaphore(most)
        self._seconds = seconds

    def enter(self) -> Callable[[], None]:
        """Take a place; what is given leaves it. Raises RateLimited."""
        if not self._places.acquire(timeout=self._seconds):
            raise RateLimited("this gateway is busy with as many of these as it takes at once")
        return self._places.release

    @contextmanager
    def place(self) -> Iterator[None]:
        """Raises RateLimited."""
        leave = self.enter()
        try:
            yield
        finally:
            leave()
