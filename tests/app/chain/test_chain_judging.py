"""One node that makes blocks up among those that do not, with times and blocks that are given (specification H-4, H-5)."""

from __future__ import annotations

from consentry.chain.floor import MOST_AHEAD, Floor
from consentry.chain.judging import Lateness

MADE_UP = 10**9


def test_a_node_that_is_silent_for_a_moment_gives_nobody_s_word_more_weight() -> None:
    """H-5: of three the second newest block counts, also where only two answer just then."""
    lateness = Lateness(10.0)
    assert lateness.late({0: 100, 1: 100, 2: MADE_UP}, 0.0, of=3) == frozenset()
    assert lateness.late({0: 101, 2: MADE_UP}, 2.0, of=3) == frozenset()
    assert lateness.late({2: MADE_UP}, 4.0, of=3) == frozenset()
    for now in range(6, 60, 2):
        assert lateness.late({0: 100 + now, 1: 100 + now, 2: MADE_UP}, now, of=3) == frozenset()


def test_a_node_that_is_gone_for_long_counts_no_more() -> None:
    """H-5: of the two that are left the one that stands still is late; what was reached then makes nobody late of three."""
    lateness = Lateness(10.0)
    for now in range(0, 14, 2):
        late = lateness.late({0: 100, 1: 100 + now}, now, of=2)
    assert late == frozenset({0})
    assert lateness.late({0: 100, 1: MADE_UP}, 14.0, of=2) == frozenset({0})
    for now in range(16, 60, 2):
        assert lateness.late({0: 100 + now, 1: MADE_UP, 2: 100 + now}, now, of=3) == frozenset()


def test_what_one_node_makes_up_keeps_nobody_from_being_asked_for_long() -> None:
    """H-4: who is asked in its place must have what others had, and some blocks more."""
    floor = Floor(30.0)
    floor.start(100, 0.0)
    floor.compare([100, 101, MADE_UP])
    floor.saw(MADE_UP, 1.0)
    assert floor.lowest(1.0) == 101 + MOST_AHEAD
    floor.served(None, 2.0)
    assert floor.lowest(31.0) == 101 + MOST_AHEAD and floor.lowest(33.0) == 0
    floor.start(110, 33.0)
    assert floor.lowest(33.0) == 110


def test_the_floor_holds_after_each_failure_anew() -> None:
    """H-4: not only after the first, whose half a minute may be long over."""
    floor = Floor(30.0)
    floor.start(100, 0.0)
    floor.served(None, 1.0)
    floor.served(100, 2.0)
    floor.served(None, 50.0)
    assert floor.lowest(51.0) == 100 and floor.lowest(81.0) == 0
