"""Who is a keeper, whose, and since when (K-9, K-12, M-4)."""

from tests.contracts.committees import changed
from tests.contracts.consents import Person
from tests.contracts.reverts import reverts_with

ZERO_ADDRESS = "0x" + "00" * 20


def test_is_keeper_follows_the_member_when_published(committee, members, five, consortium, city_hospital):
    """M-4"""
    account = five[1][0]
    assert not committee.isKeeper(account)
    committee.publish(five, 3, {"from": consortium})
    assert committee.isKeeper(account)
    members.suspend(city_hospital, {"from": consortium})
    assert not committee.isKeeper(account)
    members.reinstate(city_hospital, {"from": consortium})
    assert committee.isKeeper(account)


def test_is_keeper_holds_for_former_seats_when_replaced(committee, five, consortium):
    """K-9"""
    committee.publish(five, 3, {"from": consortium})
    committee.publish(changed(five, 0, account=Person.named("new").address), 3, {"from": consortium})
    assert committee.isKeeper(five[0][0])
    assert committee.isKeeper(Person.named("new").address)


def test_member_of_keeper_is_remembered_when_replaced(committee, five, consortium, mallory, mercy_hospital):
    """K-12"""
    committee.publish(five, 3, {"from": consortium})
    committee.publish(changed(five, 0, account=Person.named("new").address), 3, {"from": consortium})
    for account in (five[0][0], Person.named("new").address):
        assert committee.memberOfKeeper(account) == mercy_hospital
    for nobody in (mallory.address, ZERO_ADDRESS, str(mercy_hospital)):
        assert committee.memberOfKeeper(nobody) == ZERO_ADDRESS
        assert not committee.isKeeper(nobody)


def test_seated_since_counts_from_the_first_version_without_a_break(committee, five, consortium):
    """A-3"""
    account, new = five[0][0], Person.named("new").address
    assert committee.seatedSince(account) == 0
    first = committee.publish(five, 3, {"from": consortium})
    committee.publish(five, 4, {"from": consortium})
    assert committee.seatedSince(account) == first.timestamp
    third = committee.publish(changed(five, 0, account=new), 3, {"from": consortium})
    assert (committee.seatedSince(account), committee.seatedSince(new)) == (0, third.timestamp)
    assert committee.seatedSince(five[1][0]) == first.timestamp
    fourth = committee.publish(five, 3, {"from": consortium})
    assert (committee.seatedSince(account), committee.seatedSince(new)) == (fourth.timestamp, 0)


def test_publish_reverts_when_account_was_another_members_keeper(
    committee, five, consortium, city_hospital, mercy_hospital
):
    """K-12: in this version, the last, or any before."""
    committee.publish(five, 3, {"from": consortium})
    new = [Person.named(f"new {seat}").address for seat in range(2)]
    committee.publish(changed(changed(five, 0, account=new[0]), 1, account=new[1]), 3, {"from": consortium})
    swapped = changed(changed(five, 0, account=five[1][0]), 1, account=five[0][0])
    with reverts_with("KeeperOfAnotherMember", 0, five[1][0], city_hospital):
        committee.publish(swapped, 3, {"from": consortium})
    with reverts_with("KeeperOfAnotherMember", 1, new[0], mercy_hospital):
        committee.publish(changed(five, 1, account=new[0]), 3, {"from": consortium})
    assert committee.currentVersion() == 2
