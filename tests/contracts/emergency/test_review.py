"""Reviewing (E-8, E-9). One test per leaf of review.tree."""

import brownie
import pytest

from tests.contracts.consents import text32
from tests.contracts.emergency.openings import (
    JUSTIFIED,
    NONE,
    REVIEWED,
    UNJUSTIFIED,
    ZERO,
    review,
    wrong_signatures,
)
from tests.contracts.reverts import reverts_with

DAY = 86400


@pytest.fixture
def expelled(members, consortium, city_hospital, closed):
    members.expel(city_hospital, {"from": consortium})
    return closed


@pytest.mark.parametrize("finding", [JUSTIFIED, UNJUSTIFIED])
def test_review_notes_the_finding_when_a_third_person_judges(
    emergencies, closed, path, city_hospital, finding
):
    """E-8: direct, and by each kind of signature."""
    address, _, judge = path
    tx = judge(closed, finding)
    opening_id = closed.opening_id(emergencies)
    assert dict(tx.events["OpeningReviewed"]) == {
        "openingId": opening_id,
        "member": city_hospital,
        "reviewer": address,
        "finding": finding,
    }
    known = emergencies.openingOf(opening_id)
    assert tuple(known[:5]) == (REVIEWED, finding, city_hospital, ZERO, ZERO)
    assert list(emergencies.unreviewedOf(city_hospital)) == []


def test_review_works_when_box_ran_out(emergencies, opened, path):
    """E-8: also long after it should have been."""
    brownie.chain.sleep(opened.open_until - brownie.chain[-1].timestamp + 3600)
    path[2](opened)
    known = emergencies.openingOf(opened.opening_id(emergencies))
    assert known[0] == REVIEWED
    assert known[5] == opened.open_until


@pytest.mark.parametrize("status", [2, 3], ids=["closed", "distrusted"])
def test_review_works_when_registry_is_not_active(emergencies, closed, path, authority, consortium, status):
    """E-9"""
    authority.setRegistry(emergencies, text32("EmergencyAccess"), status, {"from": consortium})
    path[2](closed)
    assert emergencies.openingOf(closed.opening_id(emergencies))[0] == REVIEWED


def test_review_reverts_when_box_is_open(emergencies, opened, path):
    """E-8"""
    with reverts_with("OpeningStillOpen", opened.opening_id(emergencies), opened.open_until):
        path[2](opened)


def test_review_reverts_when_repeated(emergencies, reviewed, path, open_box, another):
    """E-8: also when another opening has taken its place in the book."""
    with reverts_with("OpeningAlreadyReviewed", reviewed.opening_id(emergencies), JUSTIFIED):
        path[2](reviewed, UNJUSTIFIED)
    open_box(another())
    with reverts_with("OpeningAlreadyReviewed", reviewed.opening_id(emergencies), JUSTIFIED):
        path[2](reviewed, UNJUSTIFIED)


def test_review_reverts_when_nobody_opened(emergencies, box, path):
    """E-8"""
    with reverts_with("OpeningMissing", box.opening_id(emergencies)):
        path[2](box)


@pytest.mark.parametrize("opener", ["dr_bose", "nurse_li"])
def test_review_reverts_when_reviewer_opened(request, emergencies, closed, relayer, opener):
    """E-8"""
    person, opening_id = request.getfixturevalue(opener), closed.opening_id(emergencies)
    with reverts_with("OpeningReviewerIsOpener", opening_id, person):
        emergencies.review(opening_id, JUSTIFIED, {"from": person.account})
    signature = person.sign(review(person.address, opening_id, JUSTIFIED, emergencies))
    with reverts_with("OpeningReviewerIsOpener", opening_id, person):
        emergencies.reviewBySignature(opening_id, JUSTIFIED, person.address, signature, {"from": relayer})


def test_review_reverts_when_reviewer_has_no_standing(emergencies, closed, unfit):
    """E-8"""
    person, expected = unfit
    with reverts_with(*expected):
        emergencies.review(closed.opening_id(emergencies), JUSTIFIED, {"from": person.account})


def test_review_reverts_when_member_is_suspended(
    emergencies, closed, path, members, city_hospital, consortium
):
    """E-8"""
    members.suspend(city_hospital, {"from": consortium})
    with reverts_with("OpeningMemberNotActive", city_hospital):
        path[2](closed)


def test_review_reverts_when_it_finds_nothing(emergencies, expelled, dr_chen, relayer, consortium):
    """E-8"""
    opening_id = expelled.opening_id(emergencies)
    with reverts_with("OpeningFindingMissing", opening_id):
        emergencies.reviewFor(opening_id, NONE, {"from": consortium})
    with reverts_with("OpeningFindingMissing", opening_id):
        emergencies.reviewBySignature(opening_id, NONE, dr_chen.address, b"", {"from": relayer})


def test_review_reverts_when_a_good_reviewer_finds_nothing(emergencies, closed, dr_chen):
    """E-8"""
    with reverts_with("OpeningFindingMissing", closed.opening_id(emergencies)):
        emergencies.review(closed.opening_id(emergencies), NONE, {"from": dr_chen.account})


def test_review_by_signature_reverts_when_signature_is_another(
    emergencies, closed, dr_bose, dr_chen, mallory, relayer
):
    """E-8: the finding that was signed is the one that counts."""
    opening_id = closed.opening_id(emergencies)
    typed = review(dr_chen.address, opening_id, JUSTIFIED, emergencies)
    others = (
        review(dr_chen.address, opening_id, UNJUSTIFIED, emergencies),
        review(dr_bose.address, opening_id, JUSTIFIED, emergencies),
        review(dr_chen.address, "0x" + "77" * 32, JUSTIFIED, emergencies),
    )
    for signature in wrong_signatures(dr_chen, mallory, typed, *others):
        with reverts_with("OpeningSignatureInvalid", dr_chen, opening_id):
            emergencies.reviewBySignature(
                opening_id, JUSTIFIED, dr_chen.address, signature, {"from": relayer}
            )


def test_review_for_works_when_member_was_expelled(emergencies, expelled, consortium, city_hospital):
    """E-8"""
    opening_id = expelled.opening_id(emergencies)
    tx = emergencies.reviewFor(opening_id, UNJUSTIFIED, {"from": consortium})
    assert tx.events["OpeningReviewed"]["reviewer"] == consortium
    assert tuple(emergencies.openingOf(opening_id)[:2]) == (REVIEWED, UNJUSTIFIED)
    with reverts_with("OpeningAlreadyReviewed", opening_id, UNJUSTIFIED):
        emergencies.reviewFor(opening_id, JUSTIFIED, {"from": consortium})


def test_review_for_reverts_when_member_was_not_expelled(
    emergencies, closed, members, consortium, city_hospital
):
    """E-8"""
    for _ in range(2):
        with reverts_with("OpeningMemberNotExpelled", city_hospital):
            emergencies.reviewFor(closed.opening_id(emergencies), JUSTIFIED, {"from": consortium})
        if members.isActive(city_hospital):
            members.suspend(city_hospital, {"from": consortium})


def test_review_for_reverts_when_box_is_open(emergencies, opened, members, consortium, city_hospital):
    """E-8"""
    members.expel(city_hospital, {"from": consortium})
    with reverts_with("OpeningStillOpen", opened.opening_id(emergencies), opened.open_until):
        emergencies.reviewFor(opened.opening_id(emergencies), JUSTIFIED, {"from": consortium})


def test_review_for_reverts_when_caller_or_opening_is_none(emergencies, expelled, box, dr_chen, consortium):
    """E-8"""
    with reverts_with("AccessManagedUnauthorized", dr_chen):
        emergencies.reviewFor(expelled.opening_id(emergencies), JUSTIFIED, {"from": dr_chen.account})
    with reverts_with("OpeningMissing", "0x" + "77" * 32):
        emergencies.reviewFor("0x" + "77" * 32, JUSTIFIED, {"from": consortium})
