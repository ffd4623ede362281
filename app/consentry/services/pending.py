"""Challenges that wait for a signature: in memory, bounded in number and time, good once."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

from consentry.errors import ChallengeUnknown
from consentry.ports import Clock

V = TypeVar("V")
MAX_OF_ONE = 8


@dataclass(frozen=True)
class _Held(Generic[V]):
    ends: int
    value: V
    owner: Hashable | None


class Pending(Generic[V]):
    """Values under random references. Past `most` of one pool its oldest goes, past `most_of_one` the owner's oldest: no
    pool pushes another's out, and no owner other owners'. Thread-safe; a restart forgets all."""

    def __init__(self, clock: Clock, *, seconds: int, most: int, most_of_one: int = MAX_OF_ONE) -> None:
        self.seconds = seconds
        self._clock = clock
        self._most = most
        self._most_of_one = most_of_one
        self._pools: dict[Hashable, OrderedDict[str, _Held[V]]] = {}
        self._owned: dict[Hashable, dict[str, None]] = {}
        self._lock = Lock()

    def put(
        self, value: V, ref: str | None = None, *, pool: Hashable = None, owner: Hashable | None = None
    ) -> str:
        """Keep a value for `seconds`; gives its reference (32 hex digits unless the caller made one)."""
        ref = secrets.token_hex(16) if ref is None else ref
        now = self._clock.now()
        with self._lock:
            waiting = self._pools.setdefault(pool, OrderedDict())
            while waiting and (next(iter(waiting.values())).ends <= now or len(waiting) >= self._most):
                self._drop(next(iter(waiting)))
            if owner is not None:
                if len(self._owned.get(owner, ())) >= self._most_of_one:
                    self._drop(next(iter(self._owned[owner])))
                self._owned.setdefault(owner, {})[ref] = None
            waiting[ref] = _Held(now + self.seconds, value, owner)
        return ref

    def look(self, ref: str) -> V:
        """The value, which stays. Raises ChallengeUnknown."""
        with self._lock:
            found = next((pool[ref] for pool in self._pools.values() if ref in pool), None)
        return self._live(found)

    def of(self, owner: Hashable) -> tuple[tuple[str, V], ...]:
        """What waits for one owner, with its references, the oldest first."""
        now = self._clock.now()
        with self._lock:
            held = [
                (ref, pool[ref])
                for ref in self._owned.get(owner, ())
                for pool in self._pools.values()
                if ref in pool
            ]
        return tuple((ref, one.value) for ref, one in held if one.ends > now)

    def those(self, fit: Callable[[V], bool]) -> tuple[V, ...]:
        """Whatever waits and fits, the oldest of each pool first."""
        now = self._clock.now()
        with self._lock:
            held = [one for pool in self._pools.values() for one in pool.values()]
        return tuple(one.value for one in held if one.ends > now and fit(one.value))

    def take(self, ref: str) -> V:
        """The value, once: of two callers at the same time one gets it. Raises ChallengeUnknown."""
        with self._lock:
            found = self._drop(ref)
        return self._live(found)

    def _live(self, found: _Held[V] | None) -> V:
        if found is None or found.ends <= self._clock.now():
            raise ChallengeUnknown()
        return found.value

    def _drop(self, ref: str) -> _Held[V] | None:
        found = next((pool.pop(ref) for pool in self._pools.values() if ref in pool), None)
        if found is not None and found.owner is not None:
            own = self._owned[found.owner]
            del own[ref]
            if not own:
                del self._owned[found.owner]
        return found
