"""Several nodes of one chain, each of which can be told to lie or to die."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any

from consentry.chain.endpoints import SeveralNodes
from consentry.chain.ledger import ChainLedger
from consentry.chain.rpc import RpcClient
from consentry.chain.sender import ChainSender
from consentry.chain.watch import WatchTimes
from tests.app.chain.world import World
from tests.faults.proxy import Answer, Change, Proxy

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


def new_block(world: World) -> int:
    root = threading.get_native_id().to_bytes(32, "big")
    sender: ChainSender = world.alice
    return sender.transact("IdentityRegistry", "setAttribute", sender.address, root, b"x", 60).block
