"""Which of several nodes is believed: one of another chain, one that is late, and one that tells another story are left."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from consentry.errors import ChainUnreachable, ChainWrong
from consentry.ports.chain_node import NodesSeen
from tests.app.chain.several import OWN_ROUNDS, frozen, new_block, nodes, other_story, telling
from tests.app.chain.world import World
from tests.faults.proxy import unchanged
from tests.waiting import until


def test_none_that_serves_another_chain_is_asked(world: World) -> None:
    """H-5, K-11: not when it is the only one left either."""

    def foreign(request: dict[str, Any], result: Any) -> Any:
        return "0x7" if request["method"] == "eth_chainId" else result

    with nodes(world, 2) as several:
        several.proxies[0].change = telling(foreign)
        assert several.ledger.head() == world.ledger.head() and several.using == 2
        several.proxies[1].reachable = False
        with pytest.raises(ChainUnreachable):
            several.ledger.head()
        several.proxies[1].change = telling(foreign)
        several.proxies[1].reachable = True
        with pytest.raises(ChainWrong):
            several.ledger.head()


def test_a_late_node_is_left_for_one_that_has_the_newest_blocks(world: World) -> None:
    """H-5"""
    with nodes(world, 2) as several:
        several.ledger.head()
        several.proxies[0].change = frozen(world.ledger.head().number)
        new_block(world)
        several.connection.watch.look()
        assert several.using == 2 and several.ledger.head() == world.ledger.head()
        assert several.connection.nodes().good == 1


def test_one_that_tells_another_story_than_two_is_left(world: World) -> None:
    """H-5"""
    new_block(world)
    with nodes(world, 3) as several:
        several.ledger.head()
        several.proxies[0].change = telling(other_story)
        several.connection.watch.look()
        assert several.connection.nodes() == NodesSeen(3, 2, 2, disputed=False)
        several.proxies[0].change = unchanged
        several.connection.watch.look()
        several.connection.watch.look()
        assert several.connection.nodes() == NodesSeen(3, 3, 1, disputed=False)


def test_two_that_differ_are_told_and_the_first_stays(world: World) -> None:
    """H-5: which of them is right is no vote of one."""
    new_block(world)
    with nodes(world, 2) as several:
        several.ledger.head()
        several.proxies[1].change = telling(other_story)
        several.connection.watch.look()
        assert several.connection.nodes() == NodesSeen(2, 2, 1, disputed=True)


def test_one_that_makes_blocks_up_makes_nobody_late(world: World) -> None:
    """H-5: of three the second newest counts."""
    with nodes(world, 3) as several:
        several.ledger.head()
        several.proxies[2].change = frozen(10**9)
        several.connection.watch.look()
        assert several.using == 1 and several.ledger.head() == world.ledger.head()


def test_one_that_catches_up_does_not_set_free_who_tells_another_story(world: World) -> None:
    """H-5: as nothing can be compared with it meanwhile, the verdict stands; it goes when the same story was told."""
    new_block(world)
    with nodes(world, 3) as several:
        several.ledger.head()
        several.proxies[0].change = telling(other_story)
        several.connection.watch.look()
        several.proxies[2].change = frozen(0)
        for _ in range(3):
            several.connection.watch.look()
            assert several.connection.nodes().good == 1 and several.using == 2
        several.proxies[0].change = unchanged
        several.connection.watch.look()
        several.connection.watch.look()
        assert several.connection.nodes() == NodesSeen(3, 2, 1, disputed=False)


def test_one_that_is_late_does_not_hide_who_tells_another_story(world: World) -> None:
    """H-5: of a newer block than the late one has."""

    def of_newer_blocks(request: dict[str, Any], result: Any) -> Any:
        old = request["method"] == "eth_getBlockByNumber" and request["params"][0] == "0x1"
        return result if old else other_story(request, result)

    new_block(world)
    with nodes(world, 4) as several:
        several.ledger.head()
        several.proxies[0].change = telling(of_newer_blocks)
        several.proxies[3].change = frozen(1)
        several.connection.watch.look()
        several.connection.watch.look()
        assert several.connection.nodes() == NodesSeen(4, 2, 2, disputed=False)


def test_one_that_goes_on_is_not_left_for_one_that_says_to_be_ahead(world: World) -> None:
    """H-5: of two; that they differ is said, and what was made up keeps nobody from being asked afterwards."""
    with nodes(world, 2, replace(OWN_ROUNDS, behind=5.0)) as several:
        several.ledger.head()
        several.proxies[1].change = frozen(10**9)

        def disputed() -> bool:
            new_block(world)
            several.connection.watch.look()
            assert several.using == 1
            return several.connection.nodes().disputed

        until(disputed, "the dispute")
        several.proxies[1].change = unchanged
        several.connection.watch.look()
        assert several.ledger.head() == world.ledger.head() and several.connection.nodes().good == 2
