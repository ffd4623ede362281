"""Keepers that answer a byte at a time: their own answer is lost, nobody else waits, and they are asked last (design §7)."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from consentry.errors import KeepersInsufficient
from consentry.ports.keeper_values import Opened
from consentry.remote.keepers import HttpKeepers
from tests.app.keeper.keeper_network import Network
from tests.app.keeper.odd_peers import BODY, HEADERS, LIMIT_SECONDS, Dripping, becomes, dripping
from tests.app.keeper_world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def network(world: World) -> Iterator[Network]:
    made = Network(world)
    yield made
    made.client.close()
    made.stop(*list(made.servers))


@pytest.fixture(params=[HEADERS, BODY], ids=["headers", "body"])
def slow(network: Network, request: pytest.FixtureRequest) -> Iterator[Dripping]:
    """Seat 0 answers with headers, or a body, that never end."""
    with dripping(request.param) as server:
        keepers = list(network.committee.keepers)
        keepers[0] = replace(keepers[0], url=server.url)
        network.committee = replace(network.committee, keepers=tuple(keepers))
        network.client.close()
        network.client = HttpKeepers(timeout_seconds=1.0)
        yield server


def first_asked(network: Network) -> set[int]:
    return {keeper.seat for keeper in network.client.waves(network.committee)[0]}


def test_ask_cuts_off_a_keeper_that_drips_and_asks_it_last(
    world: World, network: Network, slow: Dripping
) -> None:
    """The thread comes free when the keeper's time is over, and the keeper is suspected without anybody waiting for it."""
    assert isinstance(network.ask(world.request()).outcomes[0], Opened)
    assert becomes(lambda: slow.taken == 1 and slow.held == 0)
    assert becomes(lambda: first_asked(network) == {1, 2, 3, 4})


def test_ask_names_a_keeper_that_drips_and_suspects_it(
    world: World, network: Network, slow: Dripping
) -> None:
    """With too few others the wait has an end, and says what was missing."""
    network.stop(1, 2)
    with pytest.raises(KeepersInsufficient, match=r"seat 0 .*keeper-unreachable"):
        network.ask(world.request())
    network.committee = replace(network.committee, threshold=2)
    assert first_asked(network) == {3, 4}


def test_ask_opens_however_many_questions_a_slow_keeper_holds(
    world: World, network: Network, slow: Dripping
) -> None:
    """More questions at once than there are threads: the honest keepers answer each while the slow one still drips."""
    network.client.close()
    network.client = HttpKeepers(timeout_seconds=3 * LIMIT_SECONDS)
    requests = [world.request() for _ in range(50)]
    with ThreadPoolExecutor(8) as threads:
        for asked in threads.map(network.ask, requests, timeout=3 * LIMIT_SECONDS):
            assert isinstance(asked.outcomes[0], Opened)
    assert slow.held > 0, "the slow keeper still holds what it was asked first"
