"""Opening (E-1, E-3, E-4). One test per leaf of open.tree."""

import brownie
import pytest

from tests.contracts.consents import text32
from tests.contracts.emergency.openings import NONE, OPEN, UNKNOWN, ZERO
from tests.contracts.reverts import reverts_with

DAY = 86400
YEAR_10000 = 253402300800
WEEK = 7 * DAY


@pytest.mark.parametrize("place", ["first", "second"])
def test_open_keeps_the_box_when_both_sign(
    emergencies, another, open_box, signer, dr_bose, city_hospital, place
):
    """E-1, E-3: by key, by wallet contract and by delegated account, in either place."""
    address, key = signer
    people = {"first": dr_bose.address, "second": dr_bose.address, place: address}
    keys = {"first": dr_bose, "second": dr_bose, place: key}
    box = another(**people)
    tx = open_box(box, **keys)
    opening_id = box.opening_id(emergencies)
    assert str(tx.return_value) == opening_id == str(emergencies.openingIdOf(box.declaration(emergencies)))
    assert tuple(emergencies.openingOf(opening_id)) == (
        OPEN,
        NONE,
        city_hospital,
        box.first,
        box.second,
        box.open_until,
        box.open_until + WEEK,
    )
    assert dict(tx.events["OpeningOpened"]) == {
        "openingId": opening_id,
        "member": city_hospital,
        "first": box.first,
        "second": box.second,
        "openUntil": box.open_until,
        "reviewBy": box.open_until + WEEK,
    }
    waiting = (opening_id, box.first, box.second, box.open_until, box.open_until + WEEK)
    assert [tuple(one) for one in emergencies.unreviewedOf(city_hospital)] == [waiting]


def test_open_knows_nothing_when_nobody_opened(emergencies, box, city_hospital):
    """E-1"""
    nothing = (UNKNOWN, NONE, ZERO, ZERO, ZERO, 0, 0)
    assert tuple(emergencies.openingOf(box.opening_id(emergencies))) == nothing
    assert list(emergencies.unreviewedOf(city_hospital)) == []
    assert emergencies.overdueOf(city_hospital) == 0


@pytest.mark.parametrize("status", [2, 3], ids=["closed", "distrusted"])
def test_open_reverts_when_registry_is_not_active(emergencies, box, open_box, authority, consortium, status):
    """E-3"""
    authority.setRegistry(emergencies, text32("EmergencyAccess"), status, {"from": consortium})
    with reverts_with("OpeningRegistryNotActive", status):
        open_box(box)


@pytest.mark.parametrize("change", ["suspend", "expel"])
def test_open_reverts_when_member_is_not_active(box, open_box, members, consortium, city_hospital, change):
    """E-3"""
    getattr(members, change)(city_hospital, {"from": consortium})
    with reverts_with("OpeningMemberNotActive", city_hospital):
        open_box(box)


@pytest.mark.parametrize("name", ["", "City Hospital", "any"])
def test_open_reverts_when_nobody_has_the_name(another, open_box, name):
    """E-3"""
    with reverts_with("OpeningMemberNotActive", ZERO):
        open_box(another(member=name))


def test_open_reverts_when_one_person_signs_twice(another, open_box, dr_bose):
    """E-3: an opener alone opens nothing."""
    with reverts_with("OpeningPersonRepeated", dr_bose):
        open_box(another(second=dr_bose.address), second=dr_bose)


@pytest.mark.parametrize("place", ["first", "second"])
def test_open_reverts_when_somebody_has_no_standing(another, open_box, nurse_li, unfit, place):
    """E-3"""
    person, expected = unfit
    people = {"first": nurse_li, "second": nurse_li, place: person}
    box = another(**{where: who.address for where, who in people.items()})
    with reverts_with(*expected):
        open_box(box, **people)


def test_open_reverts_when_relayed_too_late(emergencies, box, open_box):
    """E-1"""
    brownie.chain.sleep(box.relay_before - brownie.chain[-1].timestamp)
    with reverts_with("OpeningRelayTooLate", box.opening_id(emergencies), box.relay_before):
        open_box(box)


def test_open_reverts_when_box_would_have_ended(emergencies, another, open_box, now):
    """E-4"""
    for until in (0, now):
        box = another(open_until=until)
        with reverts_with("OpeningTimePast", box.opening_id(emergencies), until):
            open_box(box)


def test_open_reverts_when_box_is_longer_than_a_day(emergencies, another, open_box, now):
    """E-4: no box outlives 24 hours."""
    box = another(open_until=now + DAY + 1000)
    with pytest.raises(brownie.exceptions.VirtualMachineError) as refused:
        open_box(box)
    shown = str(refused.value.revert_msg)
    assert shown.startswith("OpeningTooLong")
    assert int(shown.split(", ")[-1]) == brownie.chain[-1].timestamp + DAY
    # the block that opens may be a little later than `now`, never earlier
    open_box(another(open_until=now + DAY))


@pytest.mark.parametrize("field", ["open_until", "relay_before"])
def test_open_reverts_when_time_has_no_text(emergencies, box, dr_bose, relayer, field):
    """E-1"""
    declaration = list(box.declaration(emergencies))
    declaration[{"open_until": 4, "relay_before": 5}[field]] = YEAR_10000
    with reverts_with("IsoTimeOutOfRange", YEAR_10000):
        emergencies.open(declaration, b"", b"", {"from": relayer})
    with reverts_with("IsoTimeOutOfRange", YEAR_10000):
        emergencies.openingIdOf(declaration)


def test_open_reverts_when_id_is_known(emergencies, reviewed, another, open_box, dr_bose):
    """E-1, E-4: also after it was closed and reviewed."""
    with reverts_with("OpeningAlreadyKnown", reviewed.opening_id(emergencies)):
        open_box(reviewed)
    box = another()
    open_box(box)
    with reverts_with("OpeningAlreadyKnown", box.opening_id(emergencies)):
        open_box(box)
