"""A small clinic's gateway runs on another member's endpoint alone, and gives nothing once that lies (specification H-82)."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from consentry.demo.actors import Hospital
from consentry.errors import ConsentryError
from consentry.network.place import Place
from consentry.network.run import Network
from tests.faults.conftest import Exchange, dr_bose, exchanges
from tests.faults.proxy import Proxy, unchanged
from tests.faults_engines.clinic import Lie, heard, lying, read, tells_the_nodes_history, without_node
from tests.faults_engines.validators import Seen, publish
from tests.journeys.bundles import bundle, laboratory
from tests.journeys.bundles import patient as person
from tests.waiting import until

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    subprocess.run([str(ROOT / "engines" / "build.sh"), "geth"], check=True)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("CONSENTRY_PROFILE", "development")
        place = Place(tmp_path_factory.mktemp("clinic") / "here")
        with Network(place, chain="clique") as running:
            running.start(lambda words: None)
            yield running


@pytest.fixture(scope="module")
def clinic(network: Network) -> Iterator[Proxy]:
    """City's gateway has no node."""
    with without_node(network, "city", "clique") as proxy:
        yield proxy


@pytest.fixture(scope="module")
def exchange(network: Network, clinic: Proxy, tmp_path_factory: pytest.TempPathFactory) -> Exchange:
    """A patient who opened the directory and granted the consent through the gateway without a node."""
    told = tmp_path_factory.mktemp("asked") / "asked"
    methods: dict[str, int] = {}
    heard(clinic, methods, told)
    made = exchanges(network, Hospital(network, "mercy"), Hospital(network, "city"))(5.0)
    assert until(lambda: read(made) == [5.0], "the record of another member")
    asked = told.read_bytes()
    assert b"eth_getProof" in asked and b"eth_getBlockReceipts" in asked
    assert not {"eth_call", "eth_estimateGas", "eth_getLogs"} & methods.keys()
    clinic.change = unchanged
    return made


def test_it_publishes_indexes_and_reads(network: Network, exchange: Exchange, seen: Seen) -> None:
    """a gateway has another member's endpoint, and no node

    H-82: what others publish is read there with a consent, what it publishes is read, and nothing in it was taken on trust.
    """
    city = Hospital(network, "city")
    city.publish(bundle(person(exchange.number), laboratory(6.0)), exchange.ref_at_city)
    publish(exchange, 7.0)
    assert until(lambda: read(exchange) == [5.0, 6.0, 7.0], "records of both hospitals")
    seen("published, indexed and read; the endpoint heard no calldata but of transactions")


def test_wallets_are_given_the_gateway_and_never_the_endpoint(network: Network, clinic: Proxy) -> None:
    """H-81: the endpoint would hear each patient's accounts, from where the patient is."""
    told = Hospital(network, "city").gateway.get("/api/network")
    assert told["rpcUrl"].endswith("/api/chain") and clinic.url not in json.dumps(told)


def test_it_is_killed_and_goes_on_from_its_book(
    network: Network, clinic: Proxy, exchange: Exchange, tmp_path: Path, seen: Seen
) -> None:
    """a gateway without a node is killed with -9

    H-79: it goes on where it was.
    """
    there = until(lambda: read(exchange), "what is there")
    gateway = network.processes["gateway-city"]
    gateway.kill()
    methods: dict[str, int] = {}
    heard(clinic, methods, tmp_path / "asked")
    gateway.start()
    gateway.await_ready()
    exchange.bose = until(lambda: _signed_in(network), "an answer")
    assert until(lambda: read(exchange) == there, "every record, once")
    clinic.change = unchanged
    asked = [one for line in (tmp_path / "asked").read_text().splitlines() for one in json.loads(line)]
    numbers = [int(one["params"][0], 16) for one in asked if one["method"] == "eth_getBlockByNumber"]
    begun = min(number for number in numbers if number)
    assert begun > network.ledger.connection.deployment.block, "no header from before the deployment again"
    seen(f"every record, once; of {network.ledger.head().number} blocks it checked those from {begun} on")


def test_its_history_is_the_nodes(network: Network, exchange: Exchange, tmp_path: Path) -> None:
    """H-78: on a chain that runs, from its first block on."""
    url = network.rpc_url.split(",")[0]
    assert tells_the_nodes_history(network, url, "clique", tmp_path / "book")


def _of_receipts(change: Callable[[list[Any]], list[Any]]) -> Lie:
    def lie(method: str, params: list[Any], result: Any) -> Any:
        if method != "eth_getBlockReceipts" or not result:
            return result
        return [one | {"logs": change(one["logs"])} if one["logs"] else one for one in result]

    return lie


def _withheld(method: str, params: list[Any], result: Any) -> Any:
    return None if method == "eth_getBlockReceipts" else result


def _failed(method: str, params: list[Any], result: Any) -> Any:
    return [one | {"status": "0x0"} for one in result] if method == "eth_getBlockReceipts" else result


def _swapped(method: str, params: list[Any], result: Any) -> Any:
    if method != "eth_getBlockByNumber" or not result:
        return result
    return result | {"logsBloom": "0x" + "00" * 256}


@pytest.mark.parametrize(
    "lie",
    [
        _of_receipts(lambda logs: logs[1:]),
        _of_receipts(lambda logs: [*logs, logs[0]]),
        _failed,
        _withheld,
        _swapped,
    ],
    ids=["a log dropped", "a log added", "a receipt altered", "receipts withheld", "a header swapped"],
)
def test_a_lie_ends_what_it_gives(network: Network, clinic: Proxy, exchange: Exchange, lie: Lie) -> None:
    """H-82: `chain-unproven`, and no record; once the endpoint is honest, all are there."""
    before = until(lambda: read(exchange), "what is there")
    lying(clinic, lie)
    value = 10.0 + len(before)
    publish(exchange, value)

    def refused() -> str:
        try:
            exchange.bose.everything(exchange.ref_at_city)
        except ConsentryError as problem:
            return str(problem.code)
        return ""

    assert until(refused, "a refusal") in ("chain-unproven", "chain-stale")
    assert until(lambda: refused() == "chain-unproven", "the lie by its name")
    clinic.change = unchanged
    exchange.bose = until(lambda: _signed_in(network), "an honest answer")
    assert until(lambda: read(exchange) == sorted([*before, value]), "every record, once")


def _signed_in(network: Network) -> Any:
    try:
        return dr_bose(network)
    except ConsentryError:
        return None
