"""Closing (E-4, E-7, E-9). One test per leaf of close.tree."""

import brownie
import pytest

from tests.contracts.consents import text32
from tests.contracts.emergency.openings import CLOSED, ENDED, NONE, ZERO, closing, wrong_signatures
from tests.contracts.reverts import reverts_with

UNKNOWN_ID = "0x" + "77" * 32


def test_close_ends_the_box_when_a_person_of_the_member_does(emergencies, opened, path, city_hospital):
    """E-4, E-7: direct, and by each kind of signature."""
    address, close, _ = path
    tx = close(opened)
    opening_id = opened.opening_id(emergencies)
    assert dict(tx.events["OpeningClosed"]) == {
        "openingId": opening_id,
        "member": city_hospital,
        "closer": address,
    }
    known = emergencies.openingOf(opening_id)
    assert tuple(known[:2]) == (CLOSED, NONE)
    assert tuple(known[5:]) == (tx.timestamp, opened.open_until + 7 * 86400)
    assert emergencies.unreviewedOf(city_hospital)[0][3] == tx.timestamp


@pytest.mark.parametrize("opener", ["dr_bose", "nurse_li"])
def test_close_works_for_an_opener_when_dismissed(
    request, emergencies, opened, members, city_hospital, opener
):
    """E-7: whoever opened may close, whatever became of the enrolment."""
    person = request.getfixturevalue(opener)
    members.dismiss(person.address, {"from": city_hospital})
    emergencies.close(opened.opening_id(emergencies), {"from": person.account})
    assert emergencies.openingOf(opened.opening_id(emergencies))[0] == CLOSED


def test_close_works_for_an_opener_when_member_is_suspended(
    emergencies, opened, members, city_hospital, consortium, dr_bose
):
    """E-7"""
    members.suspend(city_hospital, {"from": consortium})
    emergencies.close(opened.opening_id(emergencies), {"from": dr_bose.account})
    assert emergencies.openingOf(opened.opening_id(emergencies))[0] == CLOSED


def test_close_reverts_when_member_is_suspended(
    emergencies, opened, members, city_hospital, consortium, dr_chen
):
    """E-7"""
    members.suspend(city_hospital, {"from": consortium})
    with reverts_with("OpeningMemberNotActive", city_hospital):
        emergencies.close(opened.opening_id(emergencies), {"from": dr_chen.account})


@pytest.mark.parametrize("status", [2, 3], ids=["closed", "distrusted"])
def test_close_works_when_registry_is_not_active(emergencies, opened, path, authority, consortium, status):
    """E-9"""
    authority.setRegistry(emergencies, text32("EmergencyAccess"), status, {"from": consortium})
    path[1](opened)
    assert emergencies.openingOf(opened.opening_id(emergencies))[0] == CLOSED


def test_close_reverts_when_repeated(emergencies, closed, path):
    """E-4, E-7"""
    with reverts_with("OpeningAlreadyClosed", closed.opening_id(emergencies)):
        path[1](closed)


def test_close_reverts_when_reviewed(emergencies, reviewed, path):
    """E-7"""
    with reverts_with("OpeningAlreadyReviewed", reviewed.opening_id(emergencies), 1):
        path[1](reviewed)


def test_close_reverts_when_box_ran_out(emergencies, opened, path):
    """E-4, E-7"""
    brownie.chain.sleep(opened.open_until - brownie.chain[-1].timestamp)
    brownie.chain.mine()
    assert emergencies.openingOf(opened.opening_id(emergencies))[0] == ENDED
    with reverts_with("OpeningAlreadyEnded", opened.opening_id(emergencies), opened.open_until):
        path[1](opened)


def test_close_reverts_when_nobody_opened(box, emergencies, path):
    """E-7"""
    with reverts_with("OpeningMissing", box.opening_id(emergencies)):
        path[1](box)


def test_close_reverts_when_closer_has_no_standing(emergencies, opened, unfit):
    """E-7"""
    person, expected = unfit
    with reverts_with(*expected):
        emergencies.close(opened.opening_id(emergencies), {"from": person.account})


def test_close_by_signature_reverts_when_signature_is_another(
    emergencies, opened, box, dr_bose, dr_chen, mallory, relayer
):
    """E-7"""
    opening_id = opened.opening_id(emergencies)
    typed = closing(dr_chen.address, opening_id, emergencies)
    others = (
        closing(dr_bose.address, opening_id, emergencies),
        closing(dr_chen.address, UNKNOWN_ID, emergencies),
        opened.typed(emergencies),
    )
    for signature in wrong_signatures(dr_chen, mallory, typed, *others):
        with reverts_with("OpeningSignatureInvalid", dr_chen, opening_id):
            emergencies.closeBySignature(opening_id, dr_chen.address, signature, {"from": relayer})
    with reverts_with("OpeningSignatureInvalid", ZERO, opening_id):
        emergencies.closeBySignature(opening_id, ZERO, bytes(65), {"from": relayer})
