"""Challenges that wait for a signature: in memory, bounded in number and time, good once."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from threading import Lock
from typing import Generic, TypeVar

from consentry.errors import ChallengeUnknown
from consentry.ports import Clock

V = TypeVar("V")


class Pending(Generic[V]):
    """Values under random references. Past `most` the oldest one goes. Thread-safe; a restart forgets all."""

    def __init__(self, clock: Clock, *, seconds: int, most: int) -> None:
        self.seconds = seconds
        self._clock = clock
        self._most = most
        self._waiting: OrderedDict[str, tuple[int, V]] = OrderedDict()
        self._lock = Lock()

    def put(self, value: V, ref: str | None = None) -> str:
        """Keep a value for `seconds`; gives its reference (32 hex digits unless the caller made one)."""
        ref = secrets.token_hex(16) if ref is None else ref
        now = self._clock.now()
        with self._lock:
            while self._waiting and next(iter(self._waiting.values()))[0] <= now:
                self._waiting.popitem(last=False)
            if len(self._waiting) >= self._most:
                self._waiting.popitem(last=False)
            self._waiting[ref] = (now + self.seconds, value)
        return ref

    def look(self, ref: str) -> V:
        """The value, which stays. Raises ChallengeUnknown."""
        with self._lock:
            found = self._waiting.get(ref)
        if found is None or found[0] <= self._clock.now():
            raise ChallengeUnknown()
        return found[1]

    def take(self, ref: str) -> V:
        """The value, once: of two callers at the same time one gets it. Raises ChallengeUnknown."""
        with self._lock:
            found = self._waiting.pop(ref, None)
        if found is None or found[0] <= self._clock.now():
            raise ChallengeUnknown()
        return found[1]
