"""A gateway dies at each step of publishing, on the stores and databases that no other test of faults pairs (specification
H-85): the embedded store with PostgreSQL, an IPFS node with SQLite."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from consentry.demo.actors import Hospital
from consentry.errors import ConsentryError
from consentry.network.place import Place
from tests.faults.conftest import Exchange, dr_bose, exchanges
from tests.faults.network import BreakableNetwork
from tests.faults_engines.deaths import await_read, dies_at_each, steps
from tests.faults_engines.validators import New, Seen, publish
from tests.postgres import Postgres, setting

ROOT = Path(__file__).resolve().parents[2]
STORES = {
    "embedded": "consentry.storage.embedded:EmbeddedBlockStore",
    "kubo": "consentry.storage.kubo:KuboBlockStore",
}


@pytest.fixture(scope="module", params=[("embedded", "postgresql"), ("kubo", "sqlite")], ids="-".join)
def network(
    request: pytest.FixtureRequest, postgres: Postgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BreakableNetwork]:
    store, database = request.param
    if store == "kubo":
        subprocess.run([str(ROOT / "engines" / "build.sh"), "kubo"], check=True)
    place = Place(tmp_path_factory.mktemp(store) / "here")
    databases = setting(postgres.url("postgres")) if database == "postgresql" else ""
    with BreakableNetwork(place, store=store, databases=databases) as running:
        running.start(lambda words: None)
        yield running


@pytest.fixture(scope="module")
def new_exchange(network: BreakableNetwork) -> New:
    return exchanges(network, Hospital(network, "mercy"), Hospital(network, "city"))


@pytest.fixture(scope="module")
def exchange(new_exchange: New) -> Exchange:
    """One patient for all deaths: whatever one loses or doubles shows after the next."""
    return new_exchange(5.0)


def kind(network: BreakableNetwork) -> str:
    return f"{network.store} with {'PostgreSQL' if network.databases else 'SQLite'}"


def test_gateway_dies_at_each_step_of_publishing(
    network: BreakableNetwork, exchange: Exchange, tmp_path: Path, seen: Seen
) -> None:
    """kill -9 of a gateway at each step of publishing, on the embedded store with PostgreSQL and an IPFS node with SQLite

    H-85, G-1: what its book has is completed by itself, everything else by sending it again.
    """
    chosen = steps(STORES[network.store])
    dies_at_each(network, exchange, exchange.read(), chosen, tmp_path / "armed")
    by_itself = sum(step.kept for step in chosen)
    seen(
        f"{kind(network)}: {len(chosen)} deaths, each record read once and anchored by one transaction; "
        f"{by_itself} completed by themselves"
    )


@pytest.mark.parametrize("moment", ["before", "after"])
def test_gateway_dies_with_what_waits(
    network: BreakableNetwork, new_exchange: New, tmp_path: Path, seen: Seen, moment: str
) -> None:
    """kill -9 of a gateway as a record is put to wait for its patient's directory

    H-85, D-9: filed once after the directory was opened.
    """

    def publish_into_death(exchange: Exchange) -> None:
        place = "consentry.index.waiting:SqlWaitingRoom.keep"
        after = moment == "after"
        with network.dying("gateway-mercy", place, tmp_path / "armed", after=after) as died:
            with pytest.raises(ConsentryError):
                exchange.publish(6.1)
            died()
        if not after:
            publish(exchange, 6.1)

    exchange = new_exchange(before_directory=publish_into_death)
    await_read(exchange, [6.1], "what waited")
    publish(exchange, 6.1)
    await_read(exchange, [6.1], "what waited, sent again")
    seen(f"{kind(network)}, {moment} it was kept: filed by itself once the directory was open, read once")


@pytest.mark.parametrize("moment", ["before", "after"])
def test_gateway_dies_while_it_indexes(
    network: BreakableNetwork, exchange: Exchange, tmp_path: Path, seen: Seen, moment: str
) -> None:
    """kill -9 of a reading gateway between anchoring and indexing

    H-85, D-1: it finds by itself what was anchored before and while it was dead.
    """
    known = exchange.read()
    new = [round(known[-1] + step, 1) for step in (0.1, 0.2)]
    place, after = "consentry.index.progress:Progress.index_manifest", moment == "after"
    with network.dying("gateway-city", place, tmp_path / "armed", after=after) as died:
        publish(exchange, new[0])
        died()
        publish(exchange, new[1])
    exchange.bose = dr_bose(network)
    await_read(exchange, [*known, *new], "what was anchored meanwhile")
    seen(f"{kind(network)}, {moment} a batch was indexed: both records found, each once")
