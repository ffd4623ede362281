"""Tags tell nothing apart: neither positions of one channel, nor two patients', nor a tag from chance (D-19, L-14).

The channels are fixed, so that each statistic is the same number in every run. Bounds are five standard deviations of the chi²
distribution; generators that do leak show that the tests would see it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from hashlib import sha256
from math import sqrt

import pytest

from consentry.domain.tags import tag

COUNT = 4_096
BITS = 256
Tags = Sequence[bytes]


def channel(name: str) -> bytes:
    return sha256(name.encode()).digest()


def tags_of(name: str, lineage: int = 0) -> Tags:
    return [tag(channel(name), lineage, j) for j in range(COUNT)]


def within(statistic: float, freedom: int) -> bool:
    """Five standard deviations around the mean of chi²: too even is as suspicious as too uneven."""
    return abs(statistic - freedom) <= 5 * sqrt(2 * freedom)


def bits_balanced(tags: Tags) -> bool:
    """Each of the 256 bits is set as often as not."""
    numbers = [int.from_bytes(one) for one in tags]
    ones = [sum(number >> bit & 1 for number in numbers) for bit in range(BITS)]
    return within(sum((count - len(tags) / 2) ** 2 / (len(tags) / 4) for count in ones), BITS)


def bytes_even(tags: Tags) -> bool:
    """Every byte is as frequent as any other."""
    counts, total = Counter(byte for one in tags for byte in one), 32 * len(tags)
    return within(sum((counts[byte] - total / 256) ** 2 / (total / 256) for byte in range(256)), 255)


def apart(one: Tags, other: Tags) -> bool:
    """Two tags at a time differ in half of their bits, as two random ones do."""
    pairs = zip(one, other, strict=True)
    distances = [(int.from_bytes(a) ^ int.from_bytes(b)).bit_count() for a, b in pairs]
    return within(sum((count - BITS / 2) ** 2 / (BITS / 4) for count in distances), len(one))


def alike(one: Tags, other: Tags) -> bool:
    """Two samples come from one distribution of bytes."""
    first, second = (Counter(byte for each in tags for byte in each) for tags in (one, other))
    statistic = sum((first[byte] - second[byte]) ** 2 / (first[byte] + second[byte]) for byte in range(256))
    return within(statistic, 255)


ALICE, BOB = tags_of("alice, laboratory"), tags_of("bob, psychiatry")
CHANCE = [sha256(b"chance" + j.to_bytes(8)).digest() for j in range(COUNT)]


@pytest.mark.parametrize("tags", [ALICE, BOB, tags_of("alice, laboratory", lineage=1), CHANCE])
def test_tags_look_like_chance(tags: Tags) -> None:
    """D-19: bit by bit, byte by byte, and from each position to the next."""
    assert bits_balanced(tags) and bytes_even(tags) and apart(tags[:-1], tags[1:])
    assert len(set(tags)) == COUNT


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (ALICE, BOB),
        (ALICE, CHANCE),
        (ALICE, tags_of("alice, laboratory", lineage=1)),
        (ALICE, tags_of("alice, laboratory, directory 2")),
        (ALICE, tags_of("alice, laboratory, another author")),
    ],
)
def test_tags_of_two_channels_cannot_be_told_apart(one: Tags, other: Tags) -> None:
    """D-19: patients, authors, lineages and directory versions; position by position and as samples; a sorted mixture too."""
    assert apart(one, other) and alike(one, other)
    mixed = sorted([(each, 0) for each in one] + [(each, 1) for each in other])
    # runs of one owner in the order of a manifest: as many as in a shuffled deck
    runs = 1 + sum(mixed[at][1] != mixed[at + 1][1] for at in range(len(mixed) - 1))
    expected, variance = 1 + COUNT, COUNT * (COUNT - 1) / (2 * COUNT - 1)
    assert abs(runs - expected) <= 5 * sqrt(variance)


@pytest.mark.parametrize(
    ("leak", "seen_by"),
    [
        (lambda j: j.to_bytes(32), bits_balanced),
        (lambda j: sha256(b"%d" % (j // 2)).digest(), lambda tags: apart(tags[:-1], tags[1:])),
        (lambda j: bytes([1]) * 4 + sha256(b"%d" % j).digest()[4:], bytes_even),
        (lambda j: bytes([1]) * 4 + sha256(b"%d" % j).digest()[4:], lambda tags: alike(tags, CHANCE)),
    ],
)
def test_what_leaks_is_seen(leak: Callable[[int], bytes], seen_by: Callable[[Tags], bool]) -> None:
    """The statistics above have the power that they claim."""
    assert not seen_by([leak(j) for j in range(COUNT)])
