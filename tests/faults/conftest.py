"""A network of its own for faults, and the table that `make faults` prints: fault → what was seen."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from consentry.demo.actors import Hospital, Patient, Person, resources
from consentry.demo.cast import warnings_of
from consentry.network.place import Place
from consentry.network.run import Network
from tests.faults.network import FaultyNetwork
from tests.journeys.bundles import TERMS, bundle, laboratory
from tests.journeys.bundles import patient as person

SEEN: list[tuple[str, str]] = []


@pytest.fixture
def seen(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Says for the table what came of this test's fault; the fault is the first line of the test's docstring."""
    fault = (request.function.__doc__ or "").strip().partition("\n")[0]
    return lambda words: SEEN.append((fault, words))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if not SEEN:
        return
    terminalreporter.section("faults")
    for fault, words in SEEN:
        terminalreporter.write_line(f"{fault}\n    → {words}")


@pytest.fixture(scope="session")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FaultyNetwork]:
    # gateways that ask every keeper: it is known which of them meets a fault
    place = Place(tmp_path_factory.mktemp("faults") / "here")
    with FaultyNetwork(place, keeper_spare=2) as running:
        running.start(lambda words: None)
        yield running
        running.close_proxies()


@pytest.fixture(scope="session")
def mercy(network: FaultyNetwork) -> Hospital:
    return Hospital(network, "mercy")


@pytest.fixture(scope="session")
def city(network: FaultyNetwork) -> Hospital:
    return Hospital(network, "city")


def dr_bose(network: Network) -> Person:
    """Signed in anew: what a gateway holds of sessions ends with its process."""
    bose = Person.sign_in(network, "dr_bose", "city")
    bose.open_session("TREAT")
    return bose


@dataclass
class Exchange:
    """A patient with results at Mercy, who lets Dr Bose of City read laboratory results."""

    patient: Patient
    number: str
    bose: Person
    ref_at_mercy: str
    ref_at_city: str
    consent_id: str
    mercy: Hospital

    def publish(self, *values: float) -> None:
        """Laboratory results of these values, by Mercy."""
        results = (laboratory(value) for value in values)
        self.mercy.publish(bundle(person(self.number), *results), self.ref_at_mercy)

    def read(self) -> list[float]:
        """What Dr Bose gets now."""
        return self.read_with_warnings()[0]

    def read_with_warnings(self) -> tuple[list[float], list[str]]:
        """The same, and what the answer says is missing."""
        answer = self.bose.everything(self.ref_at_city)
        found = [one["valueQuantity"]["value"] for one in resources(answer) if "valueQuantity" in one]
        return sorted(found), warnings_of(answer)


@pytest.fixture(scope="session")
def new_exchange(network: Network, mercy: Hospital, city: Hospital) -> Callable[..., Exchange]:
    return exchanges(network, mercy, city)


def exchanges(network: Network, mercy: Hospital, city: Hospital) -> Callable[..., Exchange]:
    """What makes a patient with results of these values."""
    numbers = itertools.count(1)

    def make(
        *values: float,
        before_directory: Callable[[Exchange], object] = lambda made: None,
        before_grant: Callable[[], object] = lambda: None,
    ) -> Exchange:
        slug = f"somebody-{next(numbers)}"
        network.people[slug] = network.place.new_wallet(slug)
        somebody = Patient.sign_in(network, slug, "city")
        at_mercy, at_city = mercy.link(slug, somebody.wallet), city.link(slug, somebody.wallet)
        made = Exchange(somebody, slug, dr_bose(network), at_mercy, at_city, "", mercy)
        before_directory(made)
        somebody.open_directory(network)
        if values:
            made.publish(*values)
        city.propose(at_city, TERMS, days=1)
        before_grant()
        made.consent_id = somebody.grant(somebody.consents()[0])["id"]
        return made

    return make
