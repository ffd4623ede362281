"""Sendings of a process that ends with its command: nothing of them outlives it (the Sendings port)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from threading import Lock

from consentry.ports.sendings import Attempt, Call, Sending


class MemorySendings:
    """The Sendings port, in memory."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, int], Sending] = {}
        self._lock = Lock()

    def of(self, account: str) -> tuple[Sending, ...]:
        with self._lock:
            return tuple(self._open[place] for place in sorted(self._open) if place[0] == account)

    def find(self, account: str, key: bytes) -> Sending | None:
        return next((one for one in self.of(account) if one.call.key == key), None)

    def begin(
        self, account: str, call: Call, least: int, sign: Callable[[int], Attempt]
    ) -> tuple[Sending, bool]:
        with self._lock:
            known = self._known(account, call.key)
            return (self._keep(account, call, least, sign), True) if known is None else (known, False)

    def begin_all(
        self, account: str, calls: Sequence[Call], least: int, sign: Callable[[Call, int], Attempt]
    ) -> tuple[tuple[Sending, bool], ...]:
        return tuple(self.begin(account, call, least, partial(sign, call)) for call in calls)

    def again(self, old: Sending, least: int, sign: Callable[[int], Attempt]) -> tuple[Sending, bool]:
        with self._lock:
            known = self._known(old.account, old.call.key)
            if known is None or known.nonce != old.nonce:
                return known or old, False
            begun = self._keep(old.account, old.call, least, sign)
            del self._open[old.account, old.nonce]
            return begun, True

    def add(self, sending: Sending, attempt: Attempt) -> Sending:
        with self._lock:
            place = (sending.account, sending.nonce)
            changed = replace(sending, attempts=(*sending.attempts, attempt))
            if place in self._open:
                self._open[place] = changed
            return changed

    def end(self, sending: Sending, *, at_once: bool = True) -> None:
        with self._lock:
            found = self._open.get((sending.account, sending.nonce))
            if found is not None and found.call.key == sending.call.key:
                del self._open[sending.account, sending.nonce]

    def _known(self, account: str, key: bytes) -> Sending | None:
        return next(
            (one for (whose, _), one in self._open.items() if whose == account and one.call.key == key), None
        )

    def _keep(self, account: str, call: Call, least: int, sign: Callable[[int], Attempt]) -> Sending:
        nonce = least
        while (account, nonce) in self._open:
            nonce += 1
        begun = Sending(account, nonce, call, (sign(nonce),))
        self._open[account, nonce] = begun
        return begun
