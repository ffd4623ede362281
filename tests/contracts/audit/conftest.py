"""A committee of three whose first keeper is City's."""

import pytest

from tests.contracts.committees import changed, keepers_of
from tests.contracts.consents import Person


@pytest.fixture
def three(deployed, members, consortium, city_hospital, mercy_hospital, regulator):
    places = [(city_hospital, 0), (mercy_hospital, 1), (regulator, 2)]
    for member, chamber in places:
        deployed.MemberSeat.give(member, chamber, {"from": consortium})
    return keepers_of(places)


@pytest.fixture
def keeper(committee, consortium, three):
    committee.publish(three, 2, {"from": consortium})
    return Person.named("keeper 0")


@pytest.fixture
def replace_first(committee, consortium, three):
    """City gives its seat to another account of its own; returns the transaction."""

    def replace_first():
        new = changed(three, 0, account=Person.named("successor").address)
        return committee.publish(new, 2, {"from": consortium})

    return replace_first
