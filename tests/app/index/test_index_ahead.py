"""One item is made while its predecessor is used."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from consentry.errors import ChainUnreachable
from consentry.index.ahead import one_ahead

LONG_SECONDS = 30


def test_one_ahead_makes_one_item_while_one_is_used_and_no_more() -> None:
    """H-9: two are held at most."""
    made = [threading.Event() for _ in range(5)]

    def items() -> Iterator[int]:
        for number, one in enumerate(made):
            one.set()
            yield number

    seen = []
    for number in one_ahead(items()):
        assert all(one.wait(LONG_SECONDS) for one in made[: number + 2])
        assert not any(one.is_set() for one in made[number + 2 :])
        seen.append(number)
    assert seen == list(range(5))


def test_one_ahead_raises_a_failure_in_its_turn() -> None:
    """H-9: what came before is used."""

    def items() -> Iterator[int]:
        yield 1
        raise ChainUnreachable("gone")

    seen = []
    with pytest.raises(ChainUnreachable):
        for number in one_ahead(items()):
            seen.append(number)
    assert seen == [1]


def test_one_ahead_leaves_no_thread_when_its_user_fails() -> None:
    """H-9: the one that is being made is waited for, and none is made after it."""
    made: list[int] = []

    def items() -> Iterator[int]:
        for number in range(9):
            made.append(number)
            yield number

    with pytest.raises(ZeroDivisionError), closing(one_ahead(items())) as numbers:
        for number in numbers:
            assert number // number
    assert made == [0, 1]
    assert not [one for one in threading.enumerate() if one.name.startswith("one-ahead")]
