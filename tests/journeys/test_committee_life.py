"""A keeper is replaced while records of years lie sealed to it, and an author moves its records (K-30 to K-36).

The tests of this file are one story, in order, on a network of their own: commands as people type them, real processes.
"""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest

from consentry.demo.actors import Hospital, Patient, Person, resources
from consentry.errors import KeepersInsufficient, NoGround
from consentry.index.author import SqlPublications
from consentry.index.own_records import SqlOwnRecords
from consentry.network.place import Place
from consentry.network.run import Network
from consentry.ports.own_records import OwnSummary
from tests.journeys.bundles import TERMS, bundle, laboratory, patient
from tests.journeys.changing import Changing
from tests.waiting import until

RECORDS = 210
SEAT, OLD, NEW = 4, "trustee", "trustee-2"
FEW = [5.1, 5.2]
MANY = [round(4 + place / 100, 2) for place in range(RECORDS - len(FEW))]


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Changing]:
    with Network(Place(tmp_path_factory.mktemp("changing") / "here")) as network:
        network.start(lambda words: None)
        yield Changing(network, tmp_path_factory.mktemp("files"))


@dataclass(frozen=True)
class Exchange:
    """A patient's results lie at Mercy, sealed to the first committee; City may read them."""

    network: Network
    patient: Patient
    ref_at_mercy: str
    ref_at_city: str

    def read(self) -> list[float]:
        """By Dr Bose, whose gateway holds nothing of an earlier reading."""
        bose = Person.sign_in(self.network, "dr_bose", "city")
        bose.open_session("TREAT")
        found = resources(bose.everything(self.ref_at_city))
        return sorted(one["valueQuantity"]["value"] for one in found if "valueQuantity" in one)


def exchange_of(life: Changing, slug: str, values: list[float]) -> Exchange:
    """One result a day, so that each is a record."""
    network, first = life.network, date(2025, 1, 1)
    mercy, city = Hospital(network, "mercy"), Hospital(network, "city")
    somebody = Patient.sign_in(network, slug, "city")
    somebody.open_directory(network)
    at_mercy, at_city = mercy.link(slug, somebody.wallet), city.link(slug, somebody.wallet)
    results = [
        laboratory(value, (first + timedelta(days=place)).isoformat()) | {"id": f"result-{place}"}
        for place, value in enumerate(values)
    ]
    mercy.publish(bundle(patient(slug), *results), at_mercy)
    city.propose(at_city, TERMS, days=1)
    somebody.grant(somebody.consents()[0])
    return Exchange(network, somebody, at_mercy, at_city)


@pytest.fixture(scope="module")
def exchange(life: Changing) -> Exchange:
    return exchange_of(life, "bob", FEW)


@pytest.fixture(scope="module", autouse=True)
def many(life: Changing) -> Exchange:
    """Somebody with more records than go into two batches."""
    return exchange_of(life, "alice", MANY)


def test_a_keeper_is_replaced_by_vote_and_its_seat_is_silent_until_it_hands_over(
    life: Changing, exchange: Exchange
) -> None:
    """K-32, K-33: while the old one runs nothing is missing; the new one says what it lacks."""
    assert exchange.read() == FEW
    assert life.vote_in(SEAT, NEW) == 2
    life.start_keeper(NEW)
    assert exchange.read() == FEW
    told = life.done("keeper", "status")["keepers"][SEAT]
    assert (told["ok"], told["keysMissing"]) == (True, [1])
    with life.dead(OLD, "city", "council"), pytest.raises(KeepersInsufficient):
        exchange.read()


def test_the_successor_opens_what_was_sealed_to_the_keeper_before_once_it_has_its_key(
    life: Changing, exchange: Exchange
) -> None:
    """K-31, K-33: the old keeper hands over and is gone for ever; with two others dead the successor is needed."""
    file = life.folder / "hand-over.json"
    own = life.keystore(NEW)
    assert life.run("keeper", "take-over", own, "--keystore", own).returncode == 4  # a file of another kind
    handed = life.done("keeper", "hand-over", "--keystore", life.keystore(OLD), "--out", file)
    assert [(one["version"], one["seat"]) for one in handed["keys"]] == [(1, SEAT)]
    assert handed["lacking"] == []
    wrong = life.run("keeper", "take-over", file, "--keystore", life.keystore("city"))
    assert wrong.returncode == 4 and "hand-over-invalid" in wrong.stdout
    for fresh in (1, 0):
        assert life.done("keeper", "take-over", file, "--keystore", own)["fresh"] == fresh
    life.network.processes[f"keeper-{OLD}"].kill()
    life.network.processes[f"keeper-{NEW}"].stop()
    life.network.processes[f"keeper-{NEW}"].start()
    life.network.processes[f"keeper-{NEW}"].await_ready()
    assert life.done("keeper", "status")["keepers"][SEAT]["keysMissing"] == []
    with life.dead("city", "council"):
        assert exchange.read() == FEW


def test_the_account_of_accesses_holds_with_receipts_of_the_successor(
    life: Changing, exchange: Exchange
) -> None:
    """K-34: committed receipts for the first committee, by an account that it never named, prove to their seat."""
    successor = life.done("keeper", "list")["keepers"][SEAT]["account"]

    def proven() -> bool:
        exchange.patient.open_session("PATRQT")
        told = exchange.patient.gateway.get("/api/receipts")
        mine = [one for one in told["receipts"] if one["keeper"] == successor]
        assert told["lying"] == []
        return bool(mine) and all(one["proven"] for one in mine)

    until(proven, "the successor's receipts on chain")


def test_an_author_moves_its_records_although_it_is_killed_and_interrupted(
    life: Changing, exchange: Exchange, many: Exchange
) -> None:
    """K-35, K-36: with -9 and with Ctrl-C between sending and hearing; then nothing is left, and nothing is there twice."""
    config = life.network.place.member("mercy") / "gateway.json"
    plan = life.done("reseal", "--config", config, "--dry-run")
    assert plan == {"committeeVersion": 2, "toMove": RECORDS, "current": 0, "withoutCopy": 0}
    for sent, code in ((signal.SIGKILL, -signal.SIGKILL), (signal.SIGINT, 130)):
        with life.no_blocks():
            running = subprocess.Popen(reseals(life, config), env=life.environment(), start_new_session=True)
            life.await_transaction_of("mercy")
            running.send_signal(sent)
            assert running.wait(60) == code
    before = summary(life)
    assert 0 < before.older < RECORDS
    done = life.done(*reseals(life, config)[3:])
    assert (done["moved"], done["older"], done["retracted"], done["withoutDirectory"]) == (
        before.older,
        0,
        0,
        0,
    )
    assert summary(life) == OwnSummary(0, RECORDS, 0)
    again = life.done(*reseals(life, config)[3:])
    assert (again["moved"], again["gasUsed"]) == (0, 0)
    assert (many.read(), exchange.read()) == (MANY, FEW)


def test_moved_records_are_read_by_the_new_committee_and_revoking_ends_that_too(
    life: Changing, exchange: Exchange
) -> None:
    """K-35, D-14, G-6: the first one is corrected, whose new version replaces it; the consent of before permits all, and
    revoked it permits nothing."""
    corrected = bundle(patient("bob"), laboratory(9.9, "2025-01-01") | {"id": "result-0"})
    Hospital(life.network, "mercy").publish(corrected, exchange.ref_at_mercy)
    assert until(lambda: exchange.read() == [5.2, 9.9], "the corrected record")
    exchange.patient.revoke(exchange.patient.consents()[0]["id"])
    with pytest.raises(NoGround):
        exchange.read()


def reseals(life: Changing, config: Path) -> list[str]:
    key = life.network.place.member("mercy") / "copy.keystore"
    return life.command("reseal", "--config", config, "--copy-key", key)


def summary(life: Changing) -> OwnSummary:
    """From the author's own book."""
    book = SqlPublications(life.network.place.member("mercy") / "gateway.sqlite")
    return SqlOwnRecords(book.database).summary(2)
