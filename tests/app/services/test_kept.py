"""What was found out a moment ago (H-43)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

from consentry.services.kept import MEANWHILE_SECONDS, Kept
from tests.waiting import until


class Slow:
    """Finds out how often it was asked; each time takes this many seconds of its clock, once it may go on."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.now, self.times = seconds, 100.0, 0
        self.may_go_on = Event()
        self.may_go_on.set()

    def find(self) -> int:
        self.times += 1
        found = self.times
        assert self.may_go_on.wait(60)
        self.now += self.seconds
        return found


def late() -> int:
    return -1


def test_kept_counts_from_when_it_was_found() -> None:
    """H-43: else everybody who waits while it takes long would ask anew, one after another."""
    slow = Slow(5.0)
    kept = Kept(slow.find, late, lambda: slow.now)
    assert [kept.tell(), kept.tell()] == [1, 1]
    slow.now += 0.9
    assert kept.tell() == 1
    slow.now += 0.1
    assert kept.tell() == 2


def test_those_who_wait_for_the_first_are_told_the_same() -> None:
    """H-43."""
    slow = Slow(5.0)
    slow.may_go_on.clear()
    kept = Kept(slow.find, late, lambda: slow.now, patience=60.0)
    with ThreadPoolExecutor(8) as callers:
        told = [callers.submit(kept.tell) for _ in range(8)]
        until(lambda: slow.times == 1 and all(one.running() for one in told), "eight that ask")
        slow.may_go_on.set()
        assert {one.result(60) for one in told} == {1}


def test_nobody_waits_while_another_asks_if_something_was_found_lately() -> None:
    """H-43: callers leave a process its places for others."""
    slow = Slow(0.0)
    kept = Kept(slow.find, late, lambda: slow.now, patience=60.0)
    assert kept.tell() == 1
    slow.now += 2.0
    slow.may_go_on.clear()
    with ThreadPoolExecutor(2) as callers:
        asks = callers.submit(kept.tell)
        until(lambda: slow.times == 2, "one that asks")
        assert kept.tell() == 1
        slow.now += MEANWHILE_SECONDS
        waits = callers.submit(kept.tell)
        slow.may_go_on.set()
        assert (asks.result(60), waits.result(60)) == (2, 2)


def test_nobody_waits_long_for_what_is_silent() -> None:
    """H-94: whoever comes later than its patience after it was asked is told so at once, and is no place's burden."""
    slow = Slow(0.0)
    kept = Kept(slow.find, late, lambda: slow.now, patience=60.0)
    slow.may_go_on.clear()
    with ThreadPoolExecutor(1) as callers:
        asks = callers.submit(kept.tell)
        until(lambda: slow.times == 1, "one that asks")
        slow.now += 60.0
        assert [kept.tell() for _ in range(8)] == [-1] * 8
        slow.may_go_on.set()
        assert asks.result(60) == 1
    assert (kept.tell(), slow.times) == (1, 1)


def test_whoever_waits_gives_up_after_its_patience() -> None:
    """H-94: those who wait from the beginning are let go as well."""
    slow = Slow(0.0)
    kept = Kept(slow.find, late, lambda: slow.now, patience=0.0)
    slow.may_go_on.clear()
    with ThreadPoolExecutor(1) as callers:
        asks = callers.submit(kept.tell)
        until(lambda: slow.times == 1, "one that asks")
        assert kept.tell() == -1
        slow.may_go_on.set()
        assert asks.result(60) == 1
