"""Whose record something is that a caller just wrote (specification F-25).

An author's book knows its own resources by keyed hashes, and not whose they are. For a quarter of an hour it is remembered of the
caller's own sign-in, so that it reads back what it wrote under its grounds; nothing of the content is.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from consentry.domain.addresses import Address
from consentry.ports import Clock

WRITTEN_SECONDS = 900
MOST_EACH = 1_000
MOST_HOLDERS = 1_000


@dataclass(frozen=True)
class Whose:
    """`ref` is how the gateway calls the patient; `ends` in seconds."""

    patient: Address
    ref: str
    ends: int


class WrittenLately:
    """By sign-in (the token's digest) and `Type/id`. Whoever writes much forgets the oldest of its own."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._held: OrderedDict[bytes, OrderedDict[str, Whose]] = OrderedDict()
        self._lock = Lock()

    def note(self, holder: bytes, name: str, patient: Address, ref: str) -> None:
        self.sweep()
        with self._lock:
            own = self._held.setdefault(holder, OrderedDict())
            own.pop(name, None)
            own[name] = Whose(patient, ref, self._clock.now() + WRITTEN_SECONDS)
            self._held.move_to_end(holder)
            if len(own) > MOST_EACH:
                own.popitem(last=False)
            if len(self._held) > MOST_HOLDERS:
                self._held.popitem(last=False)

    def of(self, holder: bytes, name: str) -> Whose | None:
        self.sweep()
        with self._lock:
            own = self._held.get(holder)
            return None if own is None else own.get(name)

    def forget(self, holder: bytes) -> None:
        with self._lock:
            self._held.pop(holder, None)

    def sweep(self) -> None:
        """Forget what is 15 minutes old, though nobody asks."""
        now = self._clock.now()
        with self._lock:
            for holder, own in list(self._held.items()):
                while own and next(iter(own.values())).ends <= now:
                    own.popitem(last=False)
                if not own:
                    del self._held[holder]
