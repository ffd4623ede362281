"""Asking the seats of a former committee: the holder first, whoever had the seat before where that does not do (K-33)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from consentry.domain.grounds import Reason
from consentry.errors import KeepersInsufficient, NoGround
from consentry.keeper.app import create_app
from consentry.ports.keeper_values import Opened
from consentry.remote.keepers import HttpKeepers
from consentry.services.keeper_desk import Desk
from consentry.services.succession import serving
from tests.app.keeper.keeper_network import Network, keeper_on
from tests.app.keeper_successor import Successor, replace_keeper
from tests.app.keeper_world import World

SEAT = 2


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def network(world: World) -> Iterator[Network]:
    made = Network(world)
    made.client.close()
    made.client = HttpKeepers(timeout_seconds=60)
    yield made
    made.client.close()
    made.stop(*list(made.servers))


@pytest.fixture
def successor(world: World) -> Successor:
    return replace_keeper(world, SEAT)


def test_health_says_which_keys_were_not_taken_over(world: World, successor: Successor) -> None:
    """K-32: by version; everything else is well."""
    for desk, missing in ((successor.desk(), [1]), (successor.desk(world.seeds[SEAT]), [])):
        told = create_app(keeper_on(desk, world)).test_client().get("/health").get_json()
        assert (told["ok"], told["seat"], told["keysMissing"]) == (True, SEAT, missing)


def served_by(network: Network, desk: Desk) -> None:
    """The successor answers too: its server stands beside that of the keeper before, as if of seat 5."""
    url = network.serve(5, create_app(keeper_on(desk, network.world)))
    known = {one.seat: one.url for one in network.committee.keepers}
    now = serving(1, network.world.ledger)
    assert now is not None
    keepers = tuple(replace(one, url=url if one.seat == SEAT else known[one.seat]) for one in now.keepers)
    former = tuple(replace(one, url=known[one.seat]) for one in now.former)
    network.committee = replace(now, keepers=keepers, former=former)


def test_ask_opens_by_the_successor_when_the_keeper_before_is_gone(
    world: World, network: Network, successor: Successor
) -> None:
    """K-33: with two others dead its share is needed."""
    served_by(network, successor.desk(world.seeds[SEAT]))
    network.stop(SEAT, 0, 4)
    (opened,) = network.ask(world.request()).outcomes
    assert isinstance(opened, Opened) and sorted(opened.shares) == [1, SEAT, 3]


def test_ask_opens_by_the_keeper_before_while_its_successor_lacks_the_key(
    world: World, network: Network, successor: Successor
) -> None:
    """K-33: what the successor says is named, and no refusal."""
    served_by(network, successor.desk())
    network.stop(0, 4)
    asked = network.ask(world.request())
    (opened,) = asked.outcomes
    assert isinstance(opened, Opened) and sorted(opened.shares) == [1, SEAT, 3]
    assert "keeper-key-missing" in {one.code for one in asked.failures}


def test_ask_counts_a_seat_once_when_both_of_its_line_refuse(
    world: World, network: Network, successor: Successor
) -> None:
    """K-33, K-8: every keeper refuses; the two of one seat are no two of five."""
    served_by(network, successor.desk(world.seeds[SEAT]))
    world.ledger.latest.reason = Reason.ConsentRevoked
    network.stop(0, 4)
    with pytest.raises(NoGround):
        network.ask(world.request())
    network.stop(1)
    with pytest.raises(KeepersInsufficient, match="0 of 3 keepers needed"):
        network.ask(world.request())
