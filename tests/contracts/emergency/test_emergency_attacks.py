"""Who tries to open longer, review oneself or wipe the book, and fails (E-1, E-4, E-6, E-7, E-8, E-11)."""

import brownie
import pytest

from tests.contracts.emergency.openings import JUSTIFIED, REVIEWED, UNJUSTIFIED, closing, review
from tests.contracts.reverts import reverts_with

HOUR, DAY = 3600, 86400


def test_opener_who_changed_member_and_came_back_is_still_an_opener(
    emergencies, members, closed, dr_bose, city_hospital, mercy_hospital, enrol, now
):
    """E-8: dismissed, enrolled by another member, enrolled again under another role."""
    members.dismiss(dr_bose.address, {"from": city_hospital})
    enrol(dr_bose.address, by=mercy_hospital)
    members.resign({"from": dr_bose.account})
    enrol(dr_bose.address, role="nurse")
    with reverts_with("OpeningReviewerIsOpener", closed.opening_id(emergencies), dr_bose):
        emergencies.review(closed.opening_id(emergencies), JUSTIFIED, {"from": dr_bose.account})


def test_staff_who_moved_away_neither_reads_nor_closes_nor_reviews_for_the_old_member(
    emergencies, members, opened, dr_chen, city_hospital, mercy_hospital, enrol
):
    """E-7, E-8"""
    members.dismiss(dr_chen.address, {"from": city_hospital})
    enrol(dr_chen.address, by=mercy_hospital)
    opening_id = opened.opening_id(emergencies)
    with reverts_with("OpeningStaffOfAnotherMember", dr_chen, mercy_hospital):
        emergencies.close(opening_id, {"from": dr_chen.account})
    brownie.chain.sleep(2 * HOUR)
    with reverts_with("OpeningStaffOfAnotherMember", dr_chen, mercy_hospital):
        emergencies.review(opening_id, JUSTIFIED, {"from": dr_chen.account})


def test_openers_of_the_next_box_in_a_lane_gain_nothing_over_the_former_one(
    emergencies, reviewed, another, open_box, dr_chen, nurse_li, dr_bose
):
    """E-4, E-8: the lane is used again, the review stays."""
    following = another(first=dr_chen.address, second=nurse_li.address)
    open_box(following, dr_chen, nurse_li)
    old = reviewed.opening_id(emergencies)
    for person in (dr_bose, dr_chen):
        with reverts_with("OpeningAlreadyReviewed", old, JUSTIFIED):
            emergencies.close(old, {"from": person.account})
        with reverts_with("OpeningAlreadyReviewed", old, JUSTIFIED):
            emergencies.review(old, UNJUSTIFIED, {"from": person.account})
    assert emergencies.openingOf(old)[0] == REVIEWED
    assert emergencies.openingOf(following.opening_id(emergencies))[2:5] == (
        emergencies.openingOf(old)[2],
        dr_chen.address,
        nurse_li.address,
    )


def test_signatures_of_one_act_serve_for_no_other(emergencies, closed, dr_chen, opened, relayer):
    """E-1, E-7: a closing is no review, and one finding is not the other."""
    opening_id = closed.opening_id(emergencies)
    wrong = [
        (closing(dr_chen.address, opening_id, emergencies), JUSTIFIED),
        (review(dr_chen.address, opening_id, JUSTIFIED, emergencies), UNJUSTIFIED),
    ]
    for typed, finding in wrong:
        with reverts_with("OpeningSignatureInvalid", dr_chen, opening_id):
            emergencies.reviewBySignature(
                opening_id, finding, dr_chen.address, dr_chen.sign(typed), {"from": relayer}
            )


def test_held_signatures_open_no_longer_than_was_signed(emergencies, another, open_box, now):
    """E-4: whenever it is relayed, the box ends at the time that both read, a day away at most."""
    held = another(open_until=now + 3 * DAY, relay_before=now + 9 * DAY)
    with pytest.raises(brownie.exceptions.VirtualMachineError, match="OpeningTooLong"):
        open_box(held)
    brownie.chain.sleep(3 * DAY - HOUR)
    open_box(held)
    assert emergencies.openingOf(held.opening_id(emergencies))[5] == held.open_until


def test_lowered_limits_and_quick_closing_let_nobody_open_more(
    emergencies, members, another, open_box, consortium, dr_bose, city_hospital
):
    """E-5, E-6: closing frees a place among the open ones, none among those that wait for a review."""
    emergencies.setLimits((HOUR, 1, HOUR, 0), {"from": consortium})
    for _ in range(3):
        box = another()
        open_box(box)
        emergencies.close(box.opening_id(emergencies), {"from": dr_bose.account})
    assert len(emergencies.unreviewedOf(city_hospital)) == 3
    brownie.chain.sleep(2 * HOUR + 1)
    brownie.chain.mine()
    late = another(
        open_until=brownie.chain[-1].timestamp + HOUR // 2, relay_before=brownie.chain[-1].timestamp + HOUR
    )
    with reverts_with("OpeningReviewsOverdue", city_hospital, 3):
        open_box(late)
