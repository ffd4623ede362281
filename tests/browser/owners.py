"""Patients whose records lie at two hospitals of the real network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

from consentry.demo.actors import Hospital, Patient
from consentry.network.run import Network


@dataclass(frozen=True)
class Owner:
    """`slug` names the wallet; the references are those of the two hospitals."""

    slug: str
    person: Patient
    at_mercy: str
    at_city: str


def owners(network: Network) -> Callable[[], Owner]:
    """Makes somebody new with an open directory and a link at both hospitals."""
    numbers = count(1)

    def make() -> Owner:
        slug = f"owner-{next(numbers)}"
        network.people[slug] = network.place.new_wallet(slug)
        person = Patient.sign_in(network, slug, "city")
        person.open_directory(network)
        at_mercy = Hospital(network, "mercy").link(slug, person.wallet)
        return Owner(slug, person, at_mercy, Hospital(network, "city").link(slug, person.wallet))

    return make
