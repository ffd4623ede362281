"""How nodes of one chain are compared with one another (specification H-5)."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Stories:
    """`others`: the nodes that tell of a settled block what most do not; `agreeing`: those that tell what most do, where several
    told of it. `disputed`: they differ, and no most are."""

    others: frozenset[int]
    agreeing: frozenset[int]
    disputed: bool


def stories(told: Mapping[int, bytes]) -> Stories:
    """By node, the hash of one block that all should have for good."""
    counted = Counter(told.values())
    if len(told) < 2:
        return Stories(frozenset(), frozenset(), disputed=False)
    most, votes = counted.most_common(1)[0]
    if votes * 2 <= len(told):
        return Stories(frozenset(), frozenset(), disputed=True)
    agreeing = frozenset(place for place, said in told.items() if said == most)
    return Stories(frozenset(told) - agreeing, agreeing, disputed=False)


class Lateness:
    """Who still lacks a block that others had `seconds` ago. Blocks are counted, not their times: a chain may idle for hours."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._reached: deque[tuple[float, int]] = deque()
        self._of = 0

    def late(self, heads: Mapping[int, int], now: float, *, of: int) -> frozenset[int]:
        """The late ones, by the newest block of each. Of three nodes or more the second highest is what must be reached, so that
        one that makes blocks up makes nobody late. `of`: how many there are, those that do not answer just now among them: else
        one that makes blocks up waits for the moment when another is silent."""
        if of != self._of:  # what was reached by another rule counts no more
            self._reached.clear()
            self._of = of
        if len(heads) < (2 if of > 2 else 1):
            return frozenset()
        highest = sorted(heads.values(), reverse=True)
        self._reached.append((now, highest[1] if of > 2 else highest[0]))
        while now - self._reached[0][0] > 4 * self._seconds:
            self._reached.popleft()
        due = max((number for at, number in self._reached if now - at >= self._seconds), default=0)
        if len(heads) == of:
            due = min(due, highest[0])  # what nobody has any more is gone, or never was
        return frozenset(place for place, number in heads.items() if number < due)
