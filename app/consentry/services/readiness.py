"""Whether a process would answer now, for whoever sends it requests, and what an operator should look at (specification H-43).

By codes alone: anybody may ask, so neither addresses nor names are told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from consentry import __version__
from consentry.domain.ledger import ChainHead
from consentry.errors import (
    ChainStale,
    ClockOff,
    ConsentryError,
    StoreUnreachable,
    TransactionsStuck,
    UnavailableError,
    by_code,
)
from consentry.ports import StoreHealth
from consentry.ports.sendings import Sending

MOST_AHEAD_SECONDS = 120
STUCK_BLOCKS = 20
Check = Callable[[], object]
"""Raises ConsentryError where something is not well."""


@dataclass(frozen=True)
class Readiness:
    """`reasons`: why requests should go elsewhere now; `concerns`: what is answered with all the same. Both by code."""

    reasons: tuple[str, ...]
    concerns: tuple[str, ...]

    def answer(self) -> tuple[dict[str, Any], int]:
        """As JSON, and the HTTP status."""
        codes = sorted({*self.reasons, *self.concerns})
        told = {
            "ok": not self.reasons,
            "version": __version__,
            "reasons": list(self.reasons),
            "concerns": list(self.concerns),
            "nextSteps": {code: _error_of(code).next_step for code in codes},
        }
        return told, 503 if self.reasons else 200


def alive() -> dict[str, Any]:
    """What a process says that is there at all: it asks nobody."""
    return {"ok": True, "version": __version__}


def is_late() -> Readiness:
    """What is said while nobody knows yet, as a part that was asked is silent (H-94)."""
    return Readiness((UnavailableError.code,), ())


def judged(needed: Iterable[Check], wanted: Iterable[Check]) -> Readiness:
    """Without what is `needed`, requests are not answered."""
    reasons = _problems(needed)
    concerns = [code for code in _problems(wanted) if code not in reasons]
    return Readiness(tuple(reasons), tuple(concerns))


def require_recent(
    head: ChainHead, now: int, most_seconds: int, most_ahead_seconds: int = MOST_AHEAD_SECONDS
) -> None:
    """Raises ChainStale, ClockOff."""
    age = now - head.timestamp
    if age > most_seconds:
        raise ChainStale(f"block {head.number} is {age} s old")
    if -age > most_ahead_seconds:
        raise ClockOff(f"block {head.number} is {-age} s ahead of this clock")


def require_store(store: StoreHealth) -> None:
    """Raises the error by which the store says that it is not well."""
    if not store.ok:
        raise _error_of(store.code)()


def require_moving(sendings: Sequence[Sending], head: int) -> None:
    """Raises TransactionsStuck where one was signed anew, and still is in no final block long after."""
    if any(len(one.attempts) > 1 and head - one.attempts[0].block >= STUCK_BLOCKS for one in sendings):
        raise TransactionsStuck()


def _error_of(code: str) -> type[ConsentryError]:
    return by_code().get(code, StoreUnreachable)


def _problems(checks: Iterable[Check]) -> list[str]:
    codes = set()
    for check in checks:
        try:
            check()
        except ConsentryError as problem:
            codes.add(problem.code)
    return sorted(codes)
