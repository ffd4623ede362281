"""What a network is asked to do, second by second, drawn from a seed (specification H-64).

Interactions arrive as in a Poisson process whose pace follows the hours of a day; each falls to a member by its size.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from random import Random
from typing import Final

DAY_SECONDS: Final = 86_400
HOUR_SECONDS: Final = 3_600
ITEMS_A_REQUEST: Final = 100
"""The most that a reader asks a keeper for in one request (K-28)."""

Sizes = tuple[tuple[int, float], ...]
"""How large something is, and how often it is that large among all."""


@dataclass(frozen=True)
class Mix:
    """Shares of all interactions, those of the soak test."""

    publish: float = 0.05
    grant: float = 0.02
    read: float = 0.90
    revoke: float = 0.01
    account: float = 0.02


@dataclass(frozen=True)
class Habits:
    """How people use the network: assumptions, all of them. Results are proportional to each, so that they can be redone.

    `published`: records of one publication; a whole visit of 46 resources makes 6.4 (docs/performance.md), one result makes one.
    `read`: records that one reading opens. `anew`: the share of readings for which no category seeds are held (they are, for 15
    minutes), so that keepers are asked for those of `categories` first. `newcomers`: the share of grants whose patient opens the
    first directory beside it. `hours`: the pace by the hour. `slope`: the member of rank r works as much as r to the minus slope.
    """

    published: Sizes = ((1, 0.6), (3, 0.3), (7, 0.1))
    read: Sizes = ((1, 0.5), (5, 0.35), (20, 0.15))
    anew: float = 0.5
    categories: int = 5
    newcomers: float = 0.25
    hours: tuple[int, ...] = (2, 2, 2, 2, 2, 3, 5, 8, 10, 11, 11, 10, 8, 9, 10, 9, 8, 6, 5, 4, 4, 3, 3, 2)
    slope: float = 0.8

    def weights(self, members: int) -> tuple[float, ...]:
        """The share of each member in all work, the largest first."""
        raw = [rank**-self.slope for rank in range(1, members + 1)]
        return tuple(one / sum(raw) for one in raw)


@dataclass(frozen=True)
class Load:
    """A day of a network."""

    interactions: int
    members: int = 100
    mix: Mix = field(default_factory=Mix)
    habits: Habits = field(default_factory=Habits)


@dataclass(frozen=True, slots=True)
class Second:
    """What arrives in one second, `at` seconds after the start.

    `publications`: member by rank from 0, and how many records. `requests`: how many items each request to keepers holds, seeds
    and records; `reads` is how many readings they belong to. `directories` are first documents, `renewals` later ones.
    """

    at: int
    publications: tuple[tuple[int, int], ...] = ()
    requests: tuple[int, ...] = ()
    reads: int = 0
    grants: int = 0
    revocations: int = 0
    directories: int = 0
    renewals: int = 0
    accounts: int = 0


def mean(sizes: Sizes) -> float:
    return sum(size * share for size, share in sizes)


def day(load: Load, seed: int) -> Iterator[Second]:
    """Each second of a day. The same load and seed give the same day."""
    random, draw = Random(seed), _Draw(load)
    hours = load.habits.hours
    gap = random.expovariate(1.0)
    for at in range(DAY_SECONDS):
        left = load.interactions * hours[at // HOUR_SECONDS] / (sum(hours) * HOUR_SECONDS)
        arrived = 0
        while gap <= left:
            left -= gap
            gap = random.expovariate(1.0)
            arrived += 1
        gap -= left
        yield draw.second(at, arrived, random)


class _Draw:
    """Tables to draw from, made once."""

    def __init__(self, load: Load) -> None:
        mix = load.mix
        self._habits = load.habits
        self._kinds = list(accumulate((mix.publish, mix.grant, mix.read, mix.revoke, mix.account)))
        self._members = list(accumulate(load.habits.weights(load.members)))
        self._ranks = range(load.members)

    def second(self, at: int, arrived: int, random: Random) -> Second:
        if not arrived:
            return Second(at)
        kinds = random.choices(range(5), cum_weights=self._kinds, k=arrived)
        published, granted, read, revoked, accounts = (kinds.count(kind) for kind in range(5))
        habits = self._habits
        members = random.choices(self._ranks, cum_weights=self._members, k=published)
        records = _drawn(habits.published, published, random)
        seeds = sum(random.random() < habits.anew for _ in range(read)) if habits.categories else 0
        return Second(
            at,
            publications=tuple(zip(members, records, strict=True)),
            requests=(habits.categories,) * seeds + tuple(requests(_drawn(habits.read, read, random))),
            reads=read,
            grants=granted,
            revocations=revoked,
            directories=sum(random.random() < habits.newcomers for _ in range(granted)),
            renewals=revoked,  # the client renews the directory when it revokes (D-8)
            accounts=accounts,
        )


def _drawn(sizes: Sizes, count: int, random: Random) -> list[int]:
    return random.choices([size for size, _ in sizes], [share for _, share in sizes], k=count)


def requests(sizes: Sequence[int]) -> Iterator[int]:
    """Readings of so many items, in requests that keepers take."""
    for size in sizes:
        while size > ITEMS_A_REQUEST:
            yield ITEMS_A_REQUEST
            size -= ITEMS_A_REQUEST
        if size:
            yield size
