"""How much a member may open (E-5, E-6), and that counting it stays bounded."""

import brownie
import pytest

from tests.contracts.consents import MERCY, Person
from tests.contracts.emergency.openings import JUSTIFIED, closing
from tests.contracts.reverts import reverts_with

HOUR = 3600
DAY = 24 * HOUR
WEEK = 7 * DAY
DEFAULTS = (DAY, 16, WEEK, 3)


@pytest.fixture
def limit(emergencies, consortium):
    """Sets some limits, leaves the others."""
    names = ("maxDuration", "mostOpen", "reviewWithin", "mostOverdue")

    def limit(**changes):
        values = dict(zip(names, emergencies.limitsOf(), strict=True)) | changes
        return emergencies.setLimits(tuple(values.values()), {"from": consortium})

    return limit


@pytest.fixture
def relayed(emergencies, relayer):
    """Sends without Brownie's receipts, which slow hundreds of transactions down."""

    def relayed(function, *arguments):
        data = getattr(emergencies, function).encode_input(*arguments)
        to = {"from": str(relayer), "to": emergencies.address, "gasPrice": 0, "gas": 1_000_000}
        sent = brownie.web3.eth.send_transaction(to | {"data": data})
        assert brownie.web3.eth.wait_for_transaction_receipt(sent)["status"] == 1

    return relayed


@pytest.fixture
def open_many(another, open_box, emergencies):
    def open_many(count, **changes):
        boxes = [another(**changes) for _ in range(count)]
        for box in boxes:
            open_box(box)
        return [box.opening_id(emergencies) for box in boxes]

    return open_many


def test_set_limits_says_so_when_within_bounds(emergencies, limit):
    """E-5"""
    assert tuple(emergencies.limitsOf()) == DEFAULTS
    for least_or_most in ((900, 1, HOUR, 0), (DAY, 32, 30 * DAY, 32)):
        names = ("maxDuration", "mostOpen", "reviewWithin", "mostOverdue")
        values = dict(zip(names, least_or_most, strict=True))
        assert dict(limit(**values).events["OpeningLimitsSet"]) == values
        assert tuple(emergencies.limitsOf()) == least_or_most


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"maxDuration": 899}, ("OpeningMaxDurationInvalid", 899)),
        ({"maxDuration": DAY + 1}, ("OpeningMaxDurationInvalid", DAY + 1)),
        ({"maxDuration": 2**32 - 1}, ("OpeningMaxDurationInvalid", 2**32 - 1)),
        ({"mostOpen": 0}, ("OpeningMostOpenInvalid", 0)),
        ({"mostOpen": 33}, ("OpeningMostOpenInvalid", 33)),
        ({"reviewWithin": HOUR - 1}, ("OpeningReviewWithinInvalid", HOUR - 1)),
        ({"reviewWithin": 30 * DAY + 1}, ("OpeningReviewWithinInvalid", 30 * DAY + 1)),
        ({"mostOverdue": 17}, ("OpeningMostOverdueInvalid", 17, 16)),
    ],
)
def test_set_limits_reverts_when_out_of_bounds(limit, changes, error):
    """E-5"""
    with reverts_with(*error):
        limit(**changes)


def test_set_limits_reverts_when_caller_has_no_role(emergencies, city_hospital, dr_bose):
    """E-5"""
    for stranger in (city_hospital, dr_bose.account):
        with reverts_with("AccessManagedUnauthorized", stranger):
            emergencies.setLimits(DEFAULTS, {"from": stranger})


def test_set_limits_leaves_what_is_open_when_lowered(emergencies, limit, opened):
    """E-5"""
    before = tuple(emergencies.openingOf(opened.opening_id(emergencies)))
    limit(maxDuration=900, reviewWithin=HOUR)
    assert tuple(emergencies.openingOf(opened.opening_id(emergencies))) == before


def test_open_reverts_when_shorter_limit_is_passed(another, open_box, limit, now):
    """E-4, E-5"""
    limit(maxDuration=HOUR // 2)
    with pytest.raises(brownie.exceptions.VirtualMachineError, match="OpeningTooLong"):
        open_box(another(open_until=now + HOUR))
    open_box(another(open_until=now + HOUR // 2))


def test_open_reverts_when_boxes_are_full(
    emergencies, another, open_box, open_many, limit, city_hospital, dr_bose
):
    """E-6: a closed box makes room, reviewed or not."""
    limit(mostOpen=3)
    first, *_ = open_many(3)
    with reverts_with("OpeningBoxesFull", city_hospital, 3):
        open_box(another())
    emergencies.close(first, {"from": dr_bose.account})
    open_box(another())
    with reverts_with("OpeningBoxesFull", city_hospital, 3):
        open_box(another())


def test_open_works_when_boxes_ran_out(another, open_box, open_many, limit, now):
    """E-6"""
    limit(mostOpen=3)
    open_many(3)
    brownie.chain.sleep(HOUR)
    open_box(another(open_until=now + 2 * HOUR, relay_before=now + 2 * HOUR))


def test_open_counts_members_apart(another, open_box, open_many, limit, enrol, mercy_hospital):
    """E-6"""
    limit(mostOpen=1, mostOverdue=0)
    open_many(1)
    one, two = Person.named("dr east"), Person.named("dr west")
    for person in (one, two):
        enrol(person.address, by=mercy_hospital)
    open_box(another(member=MERCY, first=one.address, second=two.address), one, two)


def test_open_reverts_when_reviews_are_overdue(
    emergencies, another, open_box, open_many, city_hospital, dr_chen, now
):
    """E-6: three may be overdue, the fourth blocks until somebody reviews."""
    ids = open_many(4)
    later = now + HOUR + WEEK
    next_one = {"open_until": later + HOUR, "relay_before": later + HOUR}
    brownie.chain.sleep(WEEK + HOUR)
    brownie.chain.mine()
    assert emergencies.overdueOf(city_hospital) == 4
    with reverts_with("OpeningReviewsOverdue", city_hospital, 4):
        open_box(another(**next_one))
    emergencies.review(ids[2], JUSTIFIED, {"from": dr_chen.account})
    assert emergencies.overdueOf(city_hospital) == 3
    open_box(another(**next_one))


def test_open_reverts_when_reviews_fall_due_later(
    emergencies, another, open_box, open_many, city_hospital, limit, dr_chen, now
):
    """E-6: an early deadline that was met does not hide the later ones."""
    limit(mostOverdue=0)
    early, *_ = open_many(1)
    open_many(1, open_until=now + 3 * HOUR)
    brownie.chain.sleep(HOUR)
    emergencies.review(early, JUSTIFIED, {"from": dr_chen.account})
    brownie.chain.sleep(WEEK)
    times = {"open_until": now + WEEK + 5 * HOUR, "relay_before": now + WEEK + 5 * HOUR}
    open_box(another(**times))
    brownie.chain.sleep(2 * HOUR)
    with reverts_with("OpeningReviewsOverdue", city_hospital, 1):
        open_box(another(**times))


def test_open_reverts_when_too_many_wait_for_review(
    emergencies, another, open_box, city_hospital, dr_bose, nurse_li, dr_chen, relayed
):
    """E-6: 64 wait at most; gas stays bounded."""
    ids = []
    for _ in range(64):
        box = another()
        typed, opening_id = box.typed(emergencies), box.opening_id(emergencies)
        relayed("open", box.declaration(emergencies), dr_bose.sign(typed), nurse_li.sign(typed))
        signature = dr_bose.sign(closing(dr_bose.address, opening_id, emergencies))
        relayed("closeBySignature", opening_id, dr_bose.address, signature)
        ids.append(opening_id)
    assert [str(one[0]) for one in emergencies.unreviewedOf(city_hospital)] == ids
    with reverts_with("OpeningReviewsFull", city_hospital, 64):
        open_box(another())
    emergencies.review(ids[40], JUSTIFIED, {"from": dr_chen.account})
    box = another()
    assert open_box(box).gas_used < 320_000
    listed = [str(one[0]) for one in emergencies.unreviewedOf(city_hospital)]
    assert listed == [*ids[:40], box.opening_id(emergencies), *ids[41:]]


def test_open_costs_the_same_when_few_wait(open_many, another, open_box, emergencies, dr_bose, dr_chen):
    """E-6: what a member opened before makes the next opening no dearer."""
    for opening_id in open_many(4):
        emergencies.close(opening_id, {"from": dr_bose.account})
        emergencies.review(opening_id, JUSTIFIED, {"from": dr_chen.account})
    costs = [open_box(another()).gas_used for _ in range(4)]
    assert max(costs) - min(costs) < 1_500
    assert max(costs) < 126_000
