"""Several nodes of one chain: one that dies, hangs, is late, or tells another story is left, and comes back."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest

from consentry.chain.connection import Connection
from consentry.chain.endpoints import SeveralNodes, addresses_of, connect
from consentry.chain.ledger import ChainLedger
from consentry.chain.rpc import RpcClient
from consentry.chain.sender import ChainSender
from consentry.chain.watch import WatchTimes
from consentry.errors import ChainUnreachable, ChainWrong
from consentry.ports.chain_node import NodesSeen
from tests.app.chain.world import World
from tests.faults.proxy import Answer, Change, Proxy, unchanged

OWN_ROUNDS = WatchTimes(look=60.0, behind=0.0, back=0.0, grace=600.0, catch_up=0.2)
"""No round of its own while a test lasts: the test says when the nodes are looked at."""


@dataclass
class Nodes:
    """One anvil behind several addresses, each of which can be told to lie or to die."""

    proxies: list[Proxy]
    connection: SeveralNodes

    @property
    def ledger(self) -> ChainLedger:
        return ChainLedger(self.connection)

    @property
    def using(self) -> int:
        return self.connection.nodes().using


@contextmanager
def nodes(world: World, count: int, times: WatchTimes = OWN_ROUNDS) -> Iterator[Nodes]:
    deployment = world.ledger.connection.deployment
    with ExitStack() as ends:
        proxies = [Proxy(world.chain.url) for _ in range(count)]
        for proxy in proxies:
            ends.callback(proxy.close)
        connection = SeveralNodes([RpcClient(one.url, timeout=1.0) for one in proxies], deployment, times)
        ends.callback(connection.close)
        yield Nodes(proxies, connection)


def telling(change: Callable[[dict[str, Any], Any], Any]) -> Change:
    """A node whose results are what `change` makes of a request and its honest result."""

    def changed(_path: str, body: bytes, answer: Answer) -> Answer:
        asked, told = json.loads(body), json.loads(answer.body)
        by_id = {one["id"]: one for one in asked}
        for one in told:
            if "result" in one:
                one["result"] = change(by_id[one["id"]], one["result"])
        return replace(answer, body=json.dumps(told).encode())

    return changed


def frozen(at: int) -> Change:
    """A node that has no block after `at`."""

    def old(request: dict[str, Any], result: Any) -> Any:
        if request["method"] == "eth_getBlockByNumber" and request["params"][0] == "latest":
            return {**result, "number": hex(at), "hash": "0x" + "11" * 32}
        return result

    return telling(old)


def other_story(request: dict[str, Any], result: Any) -> Any:
    """Another block wherever one is asked for by its number, but for the first."""
    tag = request["params"][0] if request["method"] == "eth_getBlockByNumber" else "0x0"
    return result if tag in ("latest", "0x0") else {**result, "hash": "0x" + "22" * 32}


def anchor(world: World) -> int:
    root = threading.get_native_id().to_bytes(32, "big")
    sender: ChainSender = world.alice
    return sender.transact("IdentityRegistry", "setAttribute", sender.address, root, b"x", 60).block


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
        anchor(world)
        several.connection.watch.look()
        assert several.using == 2 and several.ledger.head() == world.ledger.head()
        assert several.connection.nodes().good == 1


def test_what_was_seen_is_not_unseen_at_another_node(world: World) -> None:
    """H-4: a node that lacks a block that was shown before would bring back a consent that was revoked in it."""
    with nodes(world, 2) as several:
        several.proxies[1].change = frozen(world.ledger.head().number)
        anchor(world)
        seen = several.ledger.head()
        several.proxies[0].reachable = False
        with pytest.raises(ChainUnreachable, match="are behind"):
            several.ledger.head()
        several.proxies[1].change = unchanged
        assert several.ledger.head() == seen and several.using == 2


def test_one_that_tells_another_story_than_two_is_left(world: World) -> None:
    """H-5"""
    anchor(world)
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
    anchor(world)
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
