"""The block that a node must have to be asked: who lacks it would undo what was read (specification H-4)."""

from __future__ import annotations

MOST_AHEAD = 64
"""Blocks that one node may be before the others: what it tells beyond them keeps nobody from being asked."""


class Floor:
    """The highest block that was seen, and since when the node that is asked cannot serve it. Times are monotonic seconds.
    `grace`: how long nobody is asked who lacks it; the chain may have gone back with the node that was left."""

    def __init__(self, grace: float) -> None:
        self._grace = grace
        self._block = 0
        self._most: int | None = None
        self._left_at: float | None = None
        self._raised_at = float("-inf")

    def lowest(self, now: float) -> int:
        over = self._left_at is not None and now - self._left_at > self._grace
        return 0 if over else self._block

    def saw(self, block: int, now: float) -> None:
        """A node tells of it that is believed."""
        if self._most is not None:
            block = min(block, self._most)
        if block > self._block:
            self._block, self._raised_at = block, now

    def undoes(self, block: int, asked_at: float, now: float) -> bool:
        """Whether a node that was asked at this time for its newest block, and has this one, lacks what was seen before."""
        return self._raised_at < asked_at and block < self.lowest(now)

    def compare(self, heads: list[int]) -> None:
        """The newest blocks of all nodes that answer and are not known to lie."""
        self._most = sorted(heads)[-2] + MOST_AHEAD if len(heads) > 1 else None
        if self._most is not None:
            self._block = min(self._block, self._most)

    def start(self, block: int, now: float) -> None:
        """A node is asked from now on, whose newest block is this one."""
        lowest, self._block = self.lowest(now), 0
        self.saw(max(block, lowest), now)
        self._left_at = None

    def forget(self) -> None:
        """What was seen was made up."""
        self._block = 0

    def served(self, top: int | None, now: float) -> None:
        """The newest block of the node that is asked; None where it cannot be asked now."""
        if top is not None and top >= self._block:
            self._left_at = None
        elif self._left_at is None:
            self._left_at = now
