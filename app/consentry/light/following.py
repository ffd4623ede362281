"""A chain followed by its headers, from a checkpoint, in bounded steps (specification H-57 … H-59)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import RLock
from typing import Any, Final

from consentry.chain.rpc import Request, Rpc
from consentry.errors import ChainStale, ChainUnproven
from consentry.light.answers import quantity, value_of
from consentry.light.checkpoint import Checkpoint
from consentry.light.headers import Header
from consentry.light.trust import Engine, Trust
from consentry.ports import Clock

STEP: Final = 64
"""Headers in one request."""
MOST_AT_ONCE: Final = 4_096
"""Headers that one call follows: an hour of blocks takes seconds, and whoever was away longer calls again."""
KEPT: Final = 256
"""Trusted blocks before the head that stay in memory: their state can be asked for, and the end of the chain may change."""
MOST_AHEAD_SECONDS: Final = 120

Settle = Callable[[Sequence[Header], Checkpoint], None]
"""Hears of each block once, in order, when it is final, and where following would go on after them."""


def _nothing(headers: Sequence[Header], checkpoint: Checkpoint) -> None:
    return


class LightChain:
    """What is believed of a chain that an endpoint tells of. Thread-safe: one follows, while others read what was followed,
    which is replaced as a whole, without waiting for the endpoint.

    `depth`: so many blocks must follow one before it counts as final, 0 where blocks are final at once. A head older than
    `most_age_seconds` by the clock is too old. Nothing counts as followed of which `settle` raises.
    """

    def __init__(
        self,
        rpc: Rpc,
        checkpoint: Checkpoint,
        clock: Clock,
        *,
        depth: int,
        most_age_seconds: int = 60,
        settle: Settle = _nothing,
    ) -> None:
        self.engine: Engine = checkpoint.rules
        self._rpc = rpc
        self._checkpoint = checkpoint
        self._clock = clock
        self._depth = depth
        self._most_age = most_age_seconds
        self._settle = settle
        self._settled = checkpoint.number
        self._trusts: list[Trust] = []
        self._lock = RLock()

    def head(self, most: int = MOST_AT_ONCE) -> Header:
        """The newest header that the validators signed. Raises ChainStale when it is old, or more are to be checked."""
        with self._lock:
            left = self.follow(most)
            head = self._newest(self._trusts)
        if left:
            raise ChainStale(f"{left} blocks are still to be checked: ask again")
        return self._recent(head)

    def followed(self) -> Header:
        """The head as far as was followed; the endpoint is not asked. Raises ChainStale, also where nothing was yet."""
        trusts = self._trusts
        if not trusts:
            raise ChainStale("no block is checked yet: ask again")
        return self._recent(self._newest(trusts))

    def _newest(self, trusts: Sequence[Trust]) -> Header:
        trust = trusts[-1]
        needed = self.engine.least_depth(len(trust.validators))
        if self._depth < needed:
            raise ChainUnproven(f"the deployment counts a block as final too early: {needed} must follow it")
        return trust.header

    def _recent(self, head: Header) -> Header:
        age = self._clock.now() - head.timestamp
        if age > self._most_age:
            raise ChainStale(f"the endpoint's newest block {head.number} is {age} s old")
        if -age > MOST_AHEAD_SECONDS:
            raise ChainStale(f"block {head.number} is {-age} s ahead of this clock")
        return head

    def header(self, number: int) -> Header:
        """A believed header not long before the head. Raises ChainStale for others."""
        for trust in reversed(self._trusts):
            if trust.header.number == number:
                return trust.header
        raise ChainStale(f"block {number} is not among the last {KEPT} that were checked here")

    def oldest(self) -> Header:
        """The first believed header that is still in memory."""
        if not self._trusts:
            with self._lock:
                self._begin()
        return self._trusts[0].header

    def checkpoint(self) -> Checkpoint:
        """The newest final block that is kept, to begin with next time."""
        with self._lock:
            self._begin()
            return Checkpoint.of(self._checkpoint.engine, self._trusts[self._final_at()])

    def follow(self, most: int = MOST_AT_ONCE) -> int:
        """Check at most so many headers more; how many the endpoint still has.

        Raises ChainUnproven, ChainStale, ChainUnreachable.
        """
        with self._lock:
            self._begin()
            newest = quantity(self._rpc.call("eth_blockNumber"))
            if newest < self._trusts[-1].header.number:
                raise ChainStale(f"the endpoint lacks block {self._trusts[-1].header.number}, which was seen")
            self._look_back()
            done = 0
            while done < most and (left := newest - self._trusts[-1].header.number) > 0:
                first = self._trusts[-1].header.number + 1
                headers = self._headers(range(first, first + min(STEP, left, most - done)))
                done += len(headers)
                self._grow(headers)
            return max(newest - self._trusts[-1].header.number, 0)

    def _begin(self) -> None:
        """The checkpoint's own header, by its hash."""
        if self._trusts:
            return
        start = self._checkpoint
        header = self._headers(range(start.number, start.number + 1))[0]
        if header.hash != start.block:
            raise ChainUnproven(f"the endpoint's block {start.number} is not the checkpoint's")
        said = Trust(header, start.validators, start.recent, start.votes)
        self._trusts = [said if start.validators else self.engine.first(header)]

    def _look_back(self) -> None:
        """Where blocks may be taken back, whether the newest that was seen still stands."""
        last = self._trusts[-1].header
        if self._depth and len(self._trusts) > 1:
            now = self._headers([last.number])
            if now[0].hash != last.hash:
                self._go_back(now)

    def _grow(self, headers: Sequence[Header]) -> None:
        if headers[0].parent != self._trusts[-1].header.hash:
            self._go_back(headers)
            return
        trusts = list(self._trusts)
        for header in headers:
            trusts.append(self._next(trusts[-1], header))
        self._keep(trusts)

    def _keep(self, trusts: list[Trust]) -> None:
        final = trusts[: max(len(trusts) - self._depth, 1)]
        fresh = [trust for trust in final if trust.header.number > self._settled]
        if fresh:
            checkpoint = Checkpoint.of(self._checkpoint.engine, fresh[-1])
            self._settle([trust.header for trust in fresh], checkpoint)
            self._settled = checkpoint.number
        self._trusts = trusts[-KEPT:]

    def _go_back(self, headers: Sequence[Header]) -> None:
        """The end of the chain became another one, as long at least: follow that from the last final block."""
        at = self._final_at()
        trust = self._trusts[at]
        numbers = range(trust.header.number + 1, headers[0].number)
        trusts = self._trusts[: at + 1]
        for header in (*(self._headers(numbers) if numbers else ()), *headers):
            trusts.append(self._next(trusts[-1], header))
        self._keep(trusts)

    def _next(self, trust: Trust, header: Header) -> Trust:
        before = trust.header
        if header.number != before.number + 1 or header.parent != before.hash:
            raise ChainUnproven(f"block {header.number} does not follow the one before it that was checked")
        if header.timestamp < before.timestamp:
            raise ChainUnproven(f"block {header.number} is older than the one before it")
        return self.engine.next(trust, header)

    def _final_at(self) -> int:
        """The place of the newest block that so many follow; the first that is kept where fewer do."""
        return max(len(self._trusts) - 1 - self._depth, 0)

    def _headers(self, numbers: Sequence[int]) -> list[Header]:
        asked = [Request(self.engine.method, (hex(number), False)) for number in numbers]
        headers = [self._header(result) for result in self._rpc.batch(asked)]
        if [header.number for header in headers] != list(numbers):
            raise ChainUnproven("the endpoint gives other blocks than were asked for")
        return headers

    def _header(self, result: Any) -> Header:
        return self.engine.header(value_of(result))
