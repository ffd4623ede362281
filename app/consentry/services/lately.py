"""Who was known a moment ago: decides nothing, but how much work is done before the chain is asked once more (K-2).

For whom the chain does not know a keeper does no work on what is asked for, and so has to ask about the actor first. Whoever
was known in the last minute is asked about together with what is asked for: in one round trip instead of two, and on the
same blocks. What the chain says then counts.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

SECONDS = 60.0
MOST = 4_096


class Lately:
    """At most MOST, those met last. Thread-safe; `ticks` in seconds that never go back."""

    def __init__(self, ticks: Callable[[], float] = time.monotonic) -> None:
        self._ticks = ticks
        self._met: OrderedDict[Hashable, float] = OrderedDict()
        self._lock = Lock()

    def met(self, who: Hashable) -> bool:
        with self._lock:
            return self._ticks() - self._met.get(who, float("-inf")) < SECONDS

    def meet(self, who: Hashable) -> None:
        with self._lock:
            self._met[who] = self._ticks()
            self._met.move_to_end(who)
            if len(self._met) > MOST:
                self._met.popitem(last=False)

    def forget(self, who: Hashable) -> None:
        with self._lock:
            self._met.pop(who, None)
