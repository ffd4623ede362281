"""A gateway and a keeper lose their database of PostgreSQL with everything beside it, and are restored from a back-up that was
taken while they ran (specification U-4, U-7, U-8)."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from consentry.bootstrap.backup import read_config
from consentry.cli.main import run
from consentry.crypto import hpke, keystore
from consentry.databases.place import called, place_of
from consentry.demo.actors import Hospital
from consentry.domain.addresses import Address
from consentry.network.place import Place
from consentry.network.processes import python_module
from tests.faults.conftest import exchanges
from tests.faults.network import BreakableNetwork
from tests.faults_engines.validators import New, Seen, publish
from tests.journeys.test_restore_drill import committed, reasons, started_from
from tests.postgres import Postgres, binaries, setting
from tests.waiting import until


@pytest.fixture(scope="module")
def network(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BreakableNetwork]:
    place = Place(tmp_path_factory.mktemp("restored") / "here")
    # gateways that ask every keeper: each has a receipt of each reading
    with BreakableNetwork(place, databases=setting(postgres.url("postgres")), keeper_spare=2) as running:
        running.start(lambda words: None)
        yield running


@pytest.fixture(scope="module")
def new_exchange(network: BreakableNetwork) -> New:
    return exchanges(network, Hospital(network, "mercy"), Hospital(network, "city"))


@pytest.fixture(autouse=True)
def around(network: BreakableNetwork, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(keystore.PASSPHRASE_FILE, str(network.place.root / "passphrase"))
    monkeypatch.setenv("PATH", f"{binaries()}:{os.environ['PATH']}")


def consentry(*arguments: object) -> None:
    assert run([str(one) for one in arguments]) == 0


def database_of(config: Path) -> str:
    return called(place_of(read_config(config).database))


def test_gateway_loses_its_database(
    network: BreakableNetwork, new_exchange: New, postgres: Postgres, tmp_path: Path, seen: Seen
) -> None:
    """a gateway's machine is lost and its database of PostgreSQL dropped

    U-4, U-7, U-8: restored into an empty one it finds what it published after the back-up, and files on in the next lineage.
    """
    exchange, values = new_exchange(5.0), [5.1, 5.2]
    own, made, lost = network.place.member("mercy"), tmp_path / "mercy.archive", tmp_path / "lost"
    meanwhile = threading.Thread(target=lambda: [publish(exchange, value) for value in values])
    meanwhile.start()
    consentry("backup", own / "gateway.json", made)
    meanwhile.join()
    publish(exchange, 5.3)
    until(lambda: exchange.read() == [5.0, *values, 5.3], "what was published before and after the back-up")
    gateway, before = network.processes["gateway-mercy"], database_of(own / "gateway.json")
    gateway.kill()
    postgres.say(f"DROP DATABASE {before} WITH (FORCE)")
    shutil.move(own, lost)
    empty = postgres.database()
    consentry(
        *("restore", made, own, "--keystore", lost / "copy.keystore", "--store", network.store_config.path),
        *("--database", setting(empty), "--signed-by", network.members["mercy"].account),
    )
    for kept in ("client.key", "retention.json"):  # the hospital system's, and the operator's
        shutil.copy(lost / kept, own)
    gateway.command = python_module("consentry.gateway", "--config", str(own / "config.json"))  # from now on
    gateway.start()
    gateway.await_ready()
    assert until(lambda: exchange.read() == [5.0, *values, 5.3], "all of before")
    publish(exchange, 5.4)
    assert until(lambda: exchange.read() == [5.0, *values, 5.3, 5.4], "each record, once")
    ((lineage,),) = postgres.say("SELECT max(lineage) FROM channels", str(empty.database))
    assert lineage == 1
    seen(
        f"restored from {made.stat().st_size:,} bytes: every record read once, the next one in lineage {lineage}"
    )


def test_keeper_loses_its_database(
    network: BreakableNetwork, new_exchange: New, postgres: Postgres, tmp_path: Path, seen: Seen
) -> None:
    """a keeper's database of PostgreSQL is restored, and then an older copy of it

    U-4, U-7: it serves where the chain fixes no receipt that it lacks, and else says so and refuses.
    """
    exchange = new_exchange(6.0)
    assert exchange.read() == [6.0]
    own, made, restored = network.place.keeper("trustee"), tmp_path / "archive", tmp_path / "restored"
    consentry("backup-key", tmp_path / "backup.keystore")
    seed = keystore.read(
        tmp_path / "backup.keystore", (network.place.root / "passphrase").read_text().strip()
    )
    (tmp_path / "key.txt").write_text(hpke.public_key(seed["backup"]).hex())
    account = account_of(network, "trustee")
    keeper = network.processes["keeper-trustee"]
    keeper.stop()  # nothing is filed after the back-up
    consentry("backup", own / "keeper.json", made, "--for", tmp_path / "key.txt")
    empty = postgres.database()
    consentry(
        *("restore", made, restored, "--keystore", tmp_path / "backup.keystore"),
        *("--store", network.store_config.path, "--database", setting(empty), "--signed-by", account),
    )
    with started_from(network, "keeper-trustee", "consentry.keeper", restored):
        keeper.start()
        keeper.await_ready()
        had = committed(network, "trustee")
        until(lambda: exchange.read() and committed(network, "trustee") > had, "its receipt on chain")
    keeper.start()  # with the database of before
    assert reasons(network, "trustee") == ["keeper-behind-chain"]
    seen("the restored one serves and commits; the older copy says `keeper-behind-chain` and refuses")


def account_of(network: BreakableNetwork, slug: str) -> Address:
    committee = network.ledger.committee()
    assert committee is not None
    return next(one.account for one in committee.keepers if one.url == network.keepers[slug])
