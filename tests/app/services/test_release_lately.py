"""Whoever was known a moment ago is asked about together with the items, and what the chain says then counts (K-2, K-11)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from consentry.domain.requests import ReleaseRequest
from consentry.errors import ActorUnknown, ConsentryError, KeeperWithoutStanding
from consentry.services.keeper_desk import Desk
from consentry.services.lately import MOST, SECONDS, Lately
from consentry.services.release import release
from tests.app.keeper_world import World


class Ticks:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def trips(world: World, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many questions each round trip to the node had."""
    made: list[int] = []
    ask = world.ledger.evaluate_both

    def counted(calls: Any) -> Any:
        made.append(len(calls))
        return ask(calls)

    monkeypatch.setattr(world.ledger, "evaluate_both", counted)
    return made


def trips_for(world: World, desk: Desk, request: ReleaseRequest, trips: list[int]) -> int:
    before = len(trips)
    world.given(desk, request)
    return len(trips) - before


def test_who_was_known_is_asked_about_in_one_round_trip(world: World, trips: list[int]) -> None:
    """K-2: for a minute; then, and for anybody else, first of all again."""
    ticks = Ticks()
    desk = replace(world.desk(), lately=Lately(ticks))
    assert [trips_for(world, desk, world.request(), trips) for _ in range(3)] == [2, 1, 1]
    assert [trips_for(world, desk, world.own_request(), trips) for _ in range(2)] == [2, 1]
    ticks.now = SECONDS
    assert trips_for(world, desk, world.request(), trips) == 2


def dismissed(world: World) -> None:
    world.ledger.latest.staff.clear()


def dismissed_but_not_final(world: World) -> None:
    world.ledger.final = replace(world.ledger.latest)
    world.ledger.latest = replace(world.ledger.latest, staff={})


def suspended(world: World) -> None:
    world.ledger.latest.active.discard(world.account("city"))


def without_a_seat(world: World) -> None:
    world.ledger.latest.keepers.clear()


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (dismissed, ActorUnknown),
        (dismissed_but_not_final, ActorUnknown),
        (suspended, ActorUnknown),
        (without_a_seat, KeeperWithoutStanding),
    ],
)
def test_what_ended_a_moment_ago_releases_nothing(
    world: World, change: Callable[[World], None], problem: type[ConsentryError]
) -> None:
    """K-2, K-11, M-4: from the same block on, without a receipt; and who is unknown now has no work done for it again."""
    desk = world.desk()
    world.given(desk, world.request())
    change(world)
    for _ in range(2):
        with pytest.raises(problem):
            release(world.command(world.request()), desk)
    assert desk.book.next_seq() == 1
    if problem is ActorUnknown:
        world.ledger.askers.clear()
        with pytest.raises(ActorUnknown):
            release(world.command(world.request()), desk)
        assert world.ledger.askers == []


def test_who_was_met_is_bounded() -> None:
    """K-2: whoever was met longest ago goes first."""
    lately = Lately(Ticks())
    for who in range(MOST + 1):
        lately.meet(who)
    assert not lately.met(0) and lately.met(1) and lately.met(MOST)
    lately.forget(1)
    assert not lately.met(1)
