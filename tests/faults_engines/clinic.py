"""A gateway that has no node: it asks a sealer through a proxy that may lie, and keeps what was proven in a book."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from consentry.bootstrap.common import SystemClock
from consentry.chain.deployment import load_deployment
from consentry.chain.endpoints import addresses_of
from consentry.chain.ledger import ChainLedger
from consentry.domain.endpoint import EndpointSettings
from consentry.errors import ConsentryError
from consentry.light.connection import open_connection
from consentry.network.run import Network
from tests.faults.conftest import Exchange
from tests.faults.proxy import Answer, Proxy
from tests.waiting import until

Lie = Callable[[str, list[Any], Any], Any]
"""Method, parameters, honest result → what is told."""


@contextmanager
def without_node(network: Network, slug: str, engine: str) -> Iterator[Proxy]:
    """This member's gateway, started anew on one node of the chain that it takes for a liar."""
    process, folder = network.processes[f"gateway-{slug}"], network.place.member(slug)
    proxy = Proxy(addresses_of(network.rpc_url)[-1])
    settings = folder / "gateway.json"
    honest = settings.read_text("utf-8")
    endpoint = {"book": str(folder / "proven.sqlite"), "engine": engine}
    settings.write_text(json.dumps(json.loads(honest) | {"rpc_url": proxy.url, "endpoint": endpoint}))
    process.stop()
    process.start()
    process.await_ready()
    try:
        yield proxy
    finally:
        process.stop()
        settings.write_text(honest)
        proxy.close()
        process.start()
        process.await_ready()


def tells_the_nodes_history(network: Network, url: str, engine: str, book: Path) -> bool:
    """Whether every anchor that a node tells is proven of the endpoint at `url`, and no other; waits until all was checked."""
    settings = EndpointSettings(str(book), engine=engine)
    connection = open_connection(url, load_deployment(network.place.deployment), settings, SystemClock())
    ledger = ChainLedger(connection)

    def same() -> bool:
        try:
            head = ledger.head().number
            mine = list(ledger.anchors(0, head))
        except ConsentryError:  # some blocks are left to check
            return False
        return bool(mine) and mine == list(network.ledger.anchors(0, head))

    try:
        return until(same, "the anchors that a node tells")
    finally:
        connection.close()


def read(exchange: Exchange) -> list[float]:
    """What is read while nothing is said to be missing."""
    found, warnings = exchange.read_with_warnings()
    return [] if warnings else found


def lying(proxy: Proxy, lie: Lie) -> None:
    """From now on `lie` stands between the chain and the gateway."""

    def change(_path: str, body: bytes, answer: Answer) -> Answer:
        asked, told = json.loads(body), json.loads(answer.body)
        if not isinstance(told, list):
            return answer
        by_id = {one["id"]: one for one in asked}
        for one in told:
            question = by_id[one["id"]]
            if "result" in one:
                one["result"] = lie(question["method"], question["params"], one["result"])
        return Answer(answer.status, answer.content_type, json.dumps(told).encode())

    proxy.change = change


def heard(proxy: Proxy, methods: dict[str, int], texts: Path) -> None:
    """Honest, while what is asked is counted and written down."""

    def change(_path: str, body: bytes, answer: Answer) -> Answer:
        for one in json.loads(body):
            methods[one["method"]] = methods.get(one["method"], 0) + 1
        with texts.open("ab") as file:
            file.write(body + b"\n")
        return answer

    proxy.change = change
