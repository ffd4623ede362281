"""The drill: a gateway and a keeper are lost with everything they had, and restored from a back-up (U-4, U-5)."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import urllib3
from click.testing import CliRunner

from consentry.cli.main import cli
from consentry.cli.settings import Settings
from consentry.crypto import keystore
from consentry.demo.actors import Hospital, Patient, Person, resources
from consentry.network.processes import python_module
from consentry.network.run import Network
from tests.journeys.bundles import TERMS, bundle, laboratory, patient
from tests.waiting import until


@dataclass
class Exchange:
    """A patient with a result at Mercy that Dr Bose may read at City."""

    patient: Patient
    ref_at_mercy: str
    ref_at_city: str

    def read(self, bose: Person) -> list[float]:
        answer = bose.everything(self.ref_at_city)
        return sorted(one["valueQuantity"]["value"] for one in resources(answer) if "valueQuantity" in one)


@pytest.fixture
def exchange(
    network: Network, mercy: Hospital, city: Hospital, new_patient: Callable[[], Patient]
) -> Exchange:
    somebody = new_patient()
    somebody.open_directory(network)
    number = somebody.patient
    made = Exchange(somebody, mercy.link(number, somebody.wallet), city.link(number, somebody.wallet))
    mercy.publish(bundle(patient(number), laboratory(3.1)), made.ref_at_mercy)
    city.propose(made.ref_at_city, TERMS, days=1)
    somebody.grant(somebody.consents()[0])
    return made


@pytest.fixture
def bose(network: Network) -> Person:
    person = Person.sign_in(network, "dr_bose", "city")
    person.open_session("TREAT")
    return person


@pytest.fixture
def command(network: Network, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Runs `consentry`, with the passphrase of this network."""
    monkeypatch.setenv(keystore.PASSPHRASE_FILE, str(network.place.root / "passphrase"))

    def run(*arguments: object) -> str:
        done = CliRunner().invoke(cli, [str(one) for one in arguments], obj=Settings())
        assert done.exit_code == 0, (done.output, done.exception)
        return done.output

    return run


@contextmanager
def started_from(network: Network, name: str, module: str, folder: Path) -> Iterator[None]:
    """The process with settings from another folder; with its own again afterwards."""
    process = network.processes[name]
    before = process.command
    process.command = python_module(module, "--config", str(folder / "config.json"))
    try:
        yield
    finally:
        process.stop()
        process.command = before


def index_rows(folder: Path) -> dict[str, list[tuple]]:
    """Every row of the index that says what is where; not when it was tried."""
    (path,) = folder.glob("*-index.sqlite")
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as index:
        return {
            "anchors": sorted(
                index.execute("SELECT author, root, block, count, manifest_digest FROM anchors")
            ),
            "entries": sorted(
                index.execute("SELECT author, tag, entry_cid, digest, root, position FROM entries")
            ),
        }


def test_gateway_is_restored_after_losing_everything(
    network: Network,
    mercy: Hospital,
    exchange: Exchange,
    bose: Person,
    command: Callable[..., str],
    tmp_path: Path,
) -> None:
    """U-4, U-5: what was published after the back-up is found, links are there, and it files on."""

    def publish(value: float, day: str) -> None:
        person = patient(exchange.patient.patient)
        mercy.publish(bundle(person, laboratory(value, day=day)), exchange.ref_at_mercy)

    made, own = tmp_path / "mercy.archive", network.place.member("mercy")
    command("backup", own / "gateway.json", made)
    publish(3.2, "2026-03-02")
    until(lambda: exchange.read(bose) == [3.1, 3.2], "the record after the back-up")
    rows = index_rows(own)
    network.processes["gateway-mercy"].kill()
    lost = tmp_path / "lost"
    shutil.move(own, lost)  # but for the copy key, which was never on that machine
    command(
        *("restore", made, own, "--keystore", lost / "copy.keystore"),
        *("--store", network.store_config.path),  # one machine, one store
    )
    shutil.copy(lost / "client.key", own)  # the hospital system's, kept there
    shutil.copy(lost / "retention.json", own)  # the operator's own table, kept with its settings
    with started_from(network, "gateway-mercy", "consentry.gateway", own):
        network.processes["gateway-mercy"].start()
        network.processes["gateway-mercy"].await_ready()
        publish(3.3, "2026-03-03")
        until(lambda: exchange.read(bose) == [3.1, 3.2, 3.3], "all three records")
        until(lambda: all(set(rows[one]) <= set(index_rows(own)[one]) for one in rows), "the rebuilt index")
    shutil.rmtree(own)
    shutil.move(lost, own)
    network.processes["gateway-mercy"].start()
    network.processes["gateway-mercy"].await_ready()
    publish(3.4, "2026-03-04")
    until(
        lambda: exchange.read(bose) == [3.1, 3.2, 3.3, 3.4],
        "what the old database files beside the restored one",
    )


def reasons(network: Network, slug: str) -> list[str]:
    """Why this keeper would not answer, once it says anything."""
    patience = urllib3.Retry(600, backoff_factor=0.1, backoff_max=0.2)
    return list(urllib3.request("GET", f"{network.keepers[slug]}/health", retries=patience).json()["reasons"])


def receipts_in(folder: Path) -> int:
    with closing(sqlite3.connect(f"file:{folder / 'receipts.sqlite'}?mode=ro", uri=True)) as book:
        return int(book.execute("SELECT COUNT(*) FROM receipts").fetchone()[0])


def committed(network: Network, slug: str) -> int:
    committee = network.ledger.committee()
    assert committee is not None
    account = next(one.account for one in committee.keepers if one.url == network.keepers[slug])
    return network.ledger.next_seq_of(account)


def test_keeper_is_restored_when_the_chain_fixes_nothing_newer(
    network: Network, command: Callable[..., str], tmp_path: Path, bose: Person, exchange: Exchange
) -> None:
    """U-4: at once after the back-up it serves; with receipts made since it refuses, and says why."""
    key_file, made, own = tmp_path / "key.txt", tmp_path / "trustee.archive", network.place.keeper("trustee")
    key_file.write_text(command("backup-key", tmp_path / "backup.keystore"))
    network.processes["keeper-trustee"].stop()  # nothing is filed after the back-up
    command("backup", own / "keeper.json", made, "--for", key_file)
    restored = tmp_path / "restored"
    command("restore", made, restored, "--keystore", tmp_path / "backup.keystore")
    with started_from(network, "keeper-trustee", "consentry.keeper", restored):
        network.processes["keeper-trustee"].start()
        network.processes["keeper-trustee"].await_ready()
        assert exchange.read(bose) == [3.1]
        # readers choose their keepers at random: sooner or later it is this one
        until(
            lambda: exchange.read(bose) and committed(network, "trustee") > receipts_in(own),
            "a receipt of the restored keeper on chain",
        )
    network.processes["keeper-trustee"].start()  # with the database of before
    assert reasons(network, "trustee") == ["keeper-behind-chain"]
    network.processes["keeper-trustee"].stop()
    for leftover in own.glob("receipts.sqlite*"):
        leftover.unlink()
    for part in restored.glob("database.sqlite*"):  # what was written last may still be in the log beside it
        shutil.copy(part, own / part.name.replace("database", "receipts"))
    network.processes["keeper-trustee"].start()
    network.processes["keeper-trustee"].await_ready()
    assert exchange.read(bose) == [3.1]
