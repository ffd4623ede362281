"""One real network for all journeys: chain, five keepers, two gateways as processes. Each test uses a patient of its own."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import pytest

from consentry.demo.actors import Hospital, Patient
from consentry.network.place import Place
from consentry.network.run import Network


@pytest.fixture(scope="session")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    """anvil, the embedded store; everything else as in production."""
    with Network(Place(tmp_path_factory.mktemp("network") / "here")) as running:
        running.start(lambda words: None)
        yield running


@pytest.fixture(scope="session")
def mercy(network: Network) -> Hospital:
    return Hospital(network, "mercy")


@pytest.fixture(scope="session")
def city(network: Network) -> Hospital:
    return Hospital(network, "city")


@pytest.fixture(scope="session")
def new_patient(network: Network) -> Callable[[], Patient]:
    """Somebody with a fresh wallet, signed in at City, without a directory."""
    numbers = itertools.count(1)

    def make() -> Patient:
        slug = f"patient-{next(numbers)}"
        network.people[slug] = network.place.new_wallet(slug)
        return Patient.sign_in(network, slug, "city")

    return make
