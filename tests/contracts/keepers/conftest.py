"""Members with seats, and a committee of five in three chambers."""

import pytest

from tests.contracts.committees import ETHICS, INSTITUTIONS, PATIENTS, keepers_of
from tests.contracts.consents import Person


@pytest.fixture
def admitted(members, consortium):
    """Admits as many trustees and returns their addresses."""

    def admitted(count):
        trustees = [Person.named(f"trustee {number}").address for number in range(count)]
        for number, trustee in enumerate(trustees):
            members.admit(trustee, f"Trustee {number}", "trustee", {"from": consortium})
        return trustees

    return admitted


@pytest.fixture
def seat(deployed, consortium):
    """Puts members into the chambers said, whatever their present ones."""

    def seat(*places):
        chambers = deployed.MemberSeat
        for member, chamber in places:
            if chambers.chamberOf(member)[0]:
                chambers.take(member, {"from": consortium})
            chambers.give(member, chamber, {"from": consortium})

    return seat


@pytest.fixture
def five(mercy_hospital, city_hospital, regulator, admitted, seat):
    """Two hospitals, the regulator, a patients' council and a trustee: a seat each, in three chambers."""
    council, trustee = admitted(2)
    places = [
        (mercy_hospital, INSTITUTIONS),
        (city_hospital, INSTITUTIONS),
        (regulator, ETHICS),
        (council, PATIENTS),
        (trustee, ETHICS),
    ]
    seat(*places)
    return keepers_of(places)
