"""What lies under gateways and keepers dies or rots while they work: IPFS nodes, PostgreSQL, a sealer, the gateway in the midst
(specification H-73 to H-75). One network has it all; what is killed is started again by each test."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from consentry.cli.main import run
from consentry.demo.actors import Hospital
from consentry.errors import ConsentryError
from consentry.network.place import Place
from consentry.network.plan import MEMBERS
from tests.faults.conftest import Exchange, dr_bose, exchanges
from tests.faults_engines.deaths import dies_at_each, steps
from tests.faults_engines.endpoints import proven
from tests.faults_engines.engines_network import BUSY, EnginesNetwork
from tests.faults_engines.validators import Seen, killed, one_story, publish
from tests.postgres import Postgres, setting
from tests.waiting import until

ROOT = Path(__file__).resolve().parents[2]
New = Callable[..., Exchange]


@pytest.fixture(scope="module")
def network(
    postgres: Postgres, tmp_path_factory: pytest.TempPathFactory, module_environment: pytest.MonkeyPatch
) -> Iterator[EnginesNetwork]:
    subprocess.run([str(ROOT / "engines" / "build.sh"), "geth", "kubo", "ipfs-cluster"], check=True)
    place = Place(tmp_path_factory.mktemp("engines") / "here")
    databases = setting(postgres.url("postgres"))
    with EnginesNetwork(place, chain="clique", store="swarm", databases=databases) as running:
        running.start(lambda words: None)
        yield running


@pytest.fixture(scope="module")
def module_environment() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("CONSENTRY_PROFILE", "development")
        yield environment


@pytest.fixture(scope="module")
def new_exchange(network: EnginesNetwork) -> New:
    return exchanges(network, Hospital(network, "mercy"), Hospital(network, "city"))


@pytest.fixture(scope="module")
def exchange(new_exchange: New) -> Exchange:
    """One patient for all faults: whatever a fault loses or doubles shows in every test after it."""
    made = new_exchange(5.0)
    made.patient.open_session("PATRQT")
    assert made.read() == [5.0]
    return made


def known(exchange: Exchange) -> list[float]:
    """What was acknowledged so far, as it is read now."""
    return until(exchange.read, "what was acknowledged")


def receipts(exchange: Exchange) -> set[tuple[int, int]]:
    """Seat and number of every receipt about the patient, none twice."""
    found = exchange.patient.gateway.get("/api/receipts")
    assert not found["missing"] and not found["lying"]
    numbers = [(one["seat"], one["seq"]) for one in found["receipts"]]
    assert len(numbers) == len(set(numbers))
    return set(numbers)


def test_the_node_with_the_only_near_copy_is_killed(
    network: EnginesNetwork, exchange: Exchange, seen: Seen
) -> None:
    """kill -9 of the IPFS node with the author's only near copy, right after the answer

    H-73: others have what was acknowledged; the author says that its store is away, and publishes once it is back.
    """
    expected = [*known(exchange), 6.0, 6.1]
    exchange.publish(6.0)
    with network.without_node("mercy"):
        assert until(lambda: exchange.read() == expected[:-1], "what the dead node had")
        with pytest.raises(ConsentryError) as refused:
            exchange.publish(6.1)
    publish(exchange, 6.1)
    assert until(lambda: exchange.read() == expected, "each record, once")
    seen(
        f"read meanwhile from the other nodes; publishing said `{refused.value.code}`, and was done once after"
    )


def test_blocks_rot_on_a_disk(
    network: EnginesNetwork, exchange: Exchange, capsys: pytest.CaptureFixture[str], seen: Seen
) -> None:
    """every block of a publication is overwritten on the author's own disk

    H-74: found, named, brought back from another member's node, and said.
    """
    expected = [*known(exchange), 6.2]
    blocks = network.beside("mercy").node.directory / "blocks"
    had = set(blocks.rglob("*.data"))
    exchange.publish(6.2)
    whole = {file: file.read_bytes() for file in set(blocks.rglob("*.data")) - had}
    for file in whole:
        file.chmod(0o600)
        file.write_bytes(os.urandom(100))
    assert until(lambda: exchange.read() == expected, "the record from elsewhere")
    config = str(network.place.member("mercy") / "gateway.json")
    assert run(["--json", "store", "check", config]) == 4
    capsys.readouterr()
    assert run(["--json", "store", "check", config, "--repair"]) == 0
    faults = json.loads(capsys.readouterr().out)["faults"]
    named = {one["block"] for one in faults if one["state"] == "damaged" and one["mended"]}
    assert named and {file: file.read_bytes() for file in whole} == whole
    assert exchange.read() == expected
    seen(
        f"{len(whole)} blocks: exit code 4, {len(named)} named and brought back, byte for byte; read all the time"
    )


def test_postgresql_is_killed_in_mid_transaction(
    network: EnginesNetwork, exchange: Exchange, postgres: Postgres, seen: Seen
) -> None:
    """kill -9 of PostgreSQL, of all keepers and gateways, in mid-transaction under load

    H-75, H-20: what was acknowledged is there, what was not is done once when it is sent again.
    """
    before, had, values = known(exchange), receipts(exchange), [7.0, 7.1, 7.2]
    publishing = [threading.Thread(target=publish, args=(exchange, value)) for value in values]
    for one in publishing:
        one.start()
    until(lambda: postgres.say(BUSY)[0][0] > 0, "a transaction")
    postgres.kill()
    postgres.start()
    for one in publishing:
        one.join()
    assert until(lambda: exchange.read() == [*before, *values], "each record, once")
    assert until(lambda: receipts(exchange) >= had, "the receipts of before")
    seen(f"{len(values)} publications done, each read once; {len(had)} receipts of before are there")


def test_a_gateway_dies_at_each_step_of_publishing(
    network: EnginesNetwork, exchange: Exchange, tmp_path: Path, seen: Seen
) -> None:
    """kill -9 of a gateway at each step of publishing, on IPFS nodes and PostgreSQL

    H-75, G-1: what its book has is completed by itself, everything else by sending it again.
    """
    chosen = steps("consentry.storage.replicated:ReplicatedStore")
    dies_at_each(network, exchange, known(exchange), chosen, tmp_path / "armed")
    seen(f"{len(chosen)} deaths, {len(chosen)} records, each anchored by one transaction and read once")


def test_a_sealer_is_killed(network: EnginesNetwork, exchange: Exchange, seen: Seen) -> None:
    """kill -9 of a sealer of four (Clique), of the one that everybody asks

    H-75, H-2: everything goes on by the others; it catches up.
    """
    expected = [*known(exchange), 9.0, 9.1]
    with killed(network.sealers, 0):
        publish(exchange, 9.0)
        assert until(lambda: exchange.read() == expected[:-1], "each record, once")
    publish(exchange, 9.1)
    goal = one_story(network.sealers)
    exchange.bose = dr_bose(network)
    assert until(lambda: exchange.read() == expected, "each record, once")
    seen(f"published and read meanwhile; all four have the same block {goal}")


def test_a_clique_endpoint_is_proven(
    network: EnginesNetwork, tmp_path: Path, capsys: pytest.CaptureFixture[str], seen: Seen
) -> None:
    """an endpoint of Clique that a member without a node asks

    H-76.
    """
    file = tmp_path / "checkpoint.json"
    found = proven(network, network.sealers.urls[1], "clique", file, capsys)
    assert (found["validators"], found["members"]) == (4, len(MEMBERS))
    seen(f"{found['finalBlock']} headers, code of {found['contracts']} contracts, members: proven")
