"""Several nodes of one chain: what one does not answer another does, and what was seen is not unseen."""

from __future__ import annotations

import threading

import pytest

from consentry.chain.connection import Connection
from consentry.chain.endpoints import addresses_of, connect
from consentry.chain.sender import ChainSender
from consentry.errors import ChainStale, ChainUnreachable
from consentry.ports.chain_node import NodesSeen
from tests.app.chain.several import frozen, new_block, nodes
from tests.app.chain.world import World
from tests.faults.proxy import Answer, unchanged


def test_the_next_node_answers_when_the_first_dies_and_the_first_comes_back(world: World) -> None:
    """H-4: nobody who asks notices; the first of the settings is asked again once it was good for a while."""
    with nodes(world, 2) as several:
        assert several.ledger.head() == world.ledger.head() and several.using == 1
        several.proxies[0].reachable = False
        assert several.ledger.head() == world.ledger.head()
        assert several.connection.nodes() == NodesSeen(2, 1, 2, disputed=False)
        assert several.ledger.member(world.city_hospital.address) is not None and several.using == 2
        several.proxies[0].reachable = True
        several.connection.watch.look()
        several.connection.watch.look()
        assert several.connection.nodes() == NodesSeen(2, 2, 1, disputed=False)


def test_a_node_that_takes_questions_and_says_nothing_is_left(world: World) -> None:
    """H-4: also by what a transaction is sent and waited for."""
    with nodes(world, 2) as several:
        sender, hung = ChainSender(several.connection, world.chain.key(6)), threading.Event()

        def hang(path: str, body: bytes, answer: Answer) -> Answer:
            hung.wait(60)
            return answer

        several.ledger.head()
        several.proxies[0].change = hang
        try:
            receipt = sender.transact(
                "IdentityRegistry", "setAttribute", sender.address, b"\2" * 32, b"x", 60
            )
            assert several.using == 2 and receipt.block == world.ledger.head().number
        finally:
            hung.set()


def test_what_was_seen_is_not_unseen_at_another_node(world: World) -> None:
    """H-4: a node that lacks a block that was shown before would bring back a consent that was revoked in it."""
    with nodes(world, 2) as several:
        several.proxies[1].change = frozen(world.ledger.head().number)
        new_block(world)
        seen = several.ledger.head()
        several.proxies[0].reachable = False
        with pytest.raises(ChainUnreachable, match="are behind"):
            several.ledger.head()
        several.proxies[1].change = unchanged
        assert several.ledger.head() == seen and several.using == 2


def test_a_node_that_comes_back_without_blocks_that_were_seen_is_left(world: World) -> None:
    """H-4: it was asked before, dies, and starts again from an older state: nobody had to be asked in its place."""
    with nodes(world, 2) as several:
        several.ledger.head()
        older = frozen(world.ledger.head().number)
        new_block(world)
        seen = several.ledger.head()
        several.proxies[0].change = older
        with pytest.raises(ChainStale, match="lacks blocks that were seen"):
            several.ledger.head()
        assert several.ledger.head() == seen and several.using == 2


def test_the_relay_asks_the_node_that_is_good(world: World) -> None:
    """H-4, W-13: over connections of its own, by the same choice."""
    with nodes(world, 2) as several:
        beside = several.connection.rpc.beside(most_answer_bytes=1_000_000)
        several.proxies[0].reachable = False
        assert int(beside.call("eth_chainId"), 16) == several.connection.deployment.chain_id
        assert several.using == 2
        beside.close()


def test_addresses_stand_between_commas(world: World) -> None:
    """H-4"""
    deployment = world.ledger.connection.deployment
    assert addresses_of(" http://a:1, http://b:2,http://a:1,") == ("http://a:1", "http://b:2")
    assert type(connect(world.chain.url, deployment)) is Connection
    assert connect("http://a:1,http://b:2", deployment).nodes().nodes == 2
    with pytest.raises(ChainUnreachable):
        connect(" , ", deployment)
    with pytest.raises(ChainUnreachable, match="http or https"):
        connect("http://a:1,ws://b", deployment)
