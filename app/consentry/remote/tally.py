"""Counting keepers' answers until every item of a request is settled.

With `n` keepers and threshold `t` an item is opened with `t` good shares, and refused once more than `n - t`
keepers refused it: then the others could not open it even if they wanted to. Anything else is short, which is
said, never taken for a refusal (design §8).
"""

from __future__ import annotations

from consentry.errors import (
    ConsentryError,
    InputError,
    KeeperMisbehaved,
    KeepersInsufficient,
    NoGround,
    RefusedError,
    by_code,
    told,
)
from consentry.ports.keeper_values import Asked, KeeperFailure, Opened, Outcome, Served, Short, Withheld


def said(code: object) -> ConsentryError:
    """The problem that a keeper named instead of deciding; KeeperMisbehaved if we do not know it."""
    known = by_code().get(code) if isinstance(code, str) else None
    if known is None:
        return KeeperMisbehaved("it answered a problem without a known code")
    return told(known, "a keeper said so")


class Tally:
    """The answers to one request so far. Not thread-safe: one asking thread counts."""

    def __init__(self, items: int, keepers: int, threshold: int) -> None:
        self._keepers = keepers
        self._threshold = threshold
        self._shares: list[dict[int, bytes]] = [{} for _ in range(items)]
        self._served: list[dict[int, Served]] = [{} for _ in range(items)]
        self._refused: list[set[int]] = [set() for _ in range(items)]
        self._failures: list[KeeperFailure] = []
        self._whole: list[KeeperFailure] = []

    def opened(self, item: int, seat: int, share: bytes, served: Served | None = None) -> None:
        self._shares[item][seat] = share
        if served is not None:
            self._served[item][seat] = served

    def refused(self, item: int, seat: int) -> None:
        """A seat counts once, however many of its line refuse (K-33)."""
        self._refused[item].add(seat)

    def lied(self, item: int, failure: KeeperFailure) -> None:
        """A share of one item was bad; the keeper's other items may be good."""
        self._failures.append(failure)

    def failed(self, failure: KeeperFailure) -> None:
        """A keeper gave no decisions at all."""
        self._failures.append(failure)
        self._whole.append(failure)

    @property
    def settled(self) -> bool:
        return all(
            len(shares) >= self._threshold or self._out_of_reach(refused)
            for shares, refused in zip(self._shares, self._refused, strict=True)
        )

    def reachable(self, running: int) -> bool:
        """Whether so many answers still under way could open what is not settled."""
        return all(
            len(shares) + running >= self._threshold or self._out_of_reach(refused)
            for shares, refused in zip(self._shares, self._refused, strict=True)
        )

    def result(self) -> Asked:
        """One outcome an item. Raises as the port `Keepers` says."""
        self._raise_agreed()
        outcomes = tuple(self._outcome(item) for item in range(len(self._shares)))
        if all(isinstance(one, Withheld) for one in outcomes):
            raise NoGround()
        if any(isinstance(one, Short) for one in outcomes) and not any(
            isinstance(one, Opened) for one in outcomes
        ):
            raise KeepersInsufficient(self._shortage(max(len(shares) for shares in self._shares)))
        return Asked(outcomes, tuple(self._failures))

    def _outcome(self, item: int) -> Outcome:
        shares = self._shares[item]
        if len(shares) >= self._threshold:
            return Opened(dict(shares), tuple(self._served[item].values()))
        if self._out_of_reach(self._refused[item]):
            return Withheld()
        return Short(len(shares), self._threshold)

    def _out_of_reach(self, refused: set[int]) -> bool:
        return len(refused) > self._keepers - self._threshold

    def _raise_agreed(self) -> None:
        for code in {failure.code for failure in self._whole}:
            known = by_code().get(code)
            agreeing = {failure.seat for failure in self._whole if failure.code == code}
            if known and issubclass(known, InputError | RefusedError) and self._out_of_reach(agreeing):
                raise told(known, f"{len(agreeing)} of {self._keepers} keepers say so")

    def _shortage(self, have: int) -> str:
        reasons = "; ".join(f"seat {one.seat} ({one.host}): {one.code}" for one in self._failures)
        return f"{have} of {self._threshold} keepers needed answered. {reasons}".rstrip(". ")
