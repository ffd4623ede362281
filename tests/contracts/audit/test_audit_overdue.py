"""Keepers that say nothing (A-3). One test per leaf of overdue.tree."""

import brownie
import pytest

from tests.contracts.consents import Person
from tests.contracts.reverts import reverts_with

ROOT = "0x" + "77" * 32
HOUR, DAY = 3600, 86400
ZERO_ADDRESS = "0x" + "00" * 20


def mined_at(time):
    """A block of this time, which both development nodes take."""
    brownie.web3.provider.make_request("evm_mine", [time])


@pytest.fixture
def seated_at(keeper, committee):
    return committee.seatedSince(keeper.address)


def test_overdue_begins_a_day_after_the_seat_when_nothing_was_said(audit, keeper, seated_at):
    """A-3: a day, until the consortium says otherwise."""
    assert audit.commitWithin() == DAY
    mined_at(seated_at + DAY)
    assert not audit.overdue(keeper.address)
    mined_at(seated_at + DAY + 1)
    assert audit.overdue(keeper.address)


@pytest.mark.parametrize(("door", "arguments"), [("commit", (ROOT, 0, 1)), ("attest", (0,))])
def test_overdue_ends_when_the_keeper_speaks(audit, keeper, seated_at, door, arguments):
    """A-3"""
    mined_at(seated_at + 2 * DAY)
    assert audit.overdue(keeper.address)
    spoken = getattr(audit, door)(*arguments, {"from": keeper.account}).timestamp
    assert audit.lastAtOf(keeper.address) == spoken
    mined_at(spoken + DAY)
    assert not audit.overdue(keeper.address)
    mined_at(spoken + DAY + 1)
    assert audit.overdue(keeper.address)
    assert audit.overdue(Person.named("keeper 1").address)


def test_overdue_is_not_counted_anew_when_the_committee_changes(audit, keeper, committee, consortium, three):
    """A-3: publishing the next version excuses nobody."""
    spoken = audit.attest(0, {"from": keeper.account}).timestamp
    mined_at(spoken + DAY)
    committee.publish(three, 2, {"from": consortium})
    mined_at(spoken + DAY + HOUR)
    assert audit.overdue(keeper.address)


def test_overdue_is_false_when_the_account_holds_no_seat_now(audit, keeper, replace_first, mallory):
    """A-3"""
    replaced = replace_first().timestamp
    mined_at(replaced + 2 * DAY)
    for account in (keeper.address, mallory.address, ZERO_ADDRESS):
        assert not audit.overdue(account)
    assert audit.overdue(Person.named("successor").address)


def test_overdue_counts_from_the_new_seat_when_a_keeper_comes_back(
    audit, keeper, committee, consortium, replace_first, three
):
    """A-3"""
    audit.attest(0, {"from": keeper.account})
    mined_at(replace_first().timestamp + 2 * DAY)
    back = committee.publish(three, 2, {"from": consortium}).timestamp
    mined_at(back + DAY)
    assert not audit.overdue(keeper.address)
    mined_at(back + DAY + 1)
    assert audit.overdue(keeper.address)


@pytest.mark.parametrize("step", ["suspend", "expel"])
def test_overdue_is_false_when_the_member_is_not_active(
    audit, keeper, members, consortium, city_hospital, seated_at, step
):
    """A-3, M-4: who may not commit is not blamed for it."""
    mined_at(seated_at + 2 * DAY)
    getattr(members, step)(city_hospital, {"from": consortium})
    assert not audit.overdue(keeper.address)


def test_attest_names_the_next_number_and_leaves_it(audit, keeper):
    """A-3"""
    audit.commit(ROOT, 0, 42, {"from": keeper.account})
    tx = audit.attest(42, {"from": keeper.account})
    assert dict(tx.events["ReceiptsAttested"]) == {"keeper": keeper.address, "nextSeq": 42}
    assert audit.nextSeqOf(keeper.address) == 42
    audit.commit(ROOT, 42, 1, {"from": keeper.account})


@pytest.mark.parametrize("seq", [0, 41, 43, 2**48, 2**64 - 1])
def test_attest_reverts_when_the_number_is_another(audit, keeper, seq):
    """A-3"""
    audit.commit(ROOT, 0, 42, {"from": keeper.account})
    with reverts_with("AuditSequenceBroken", keeper, 42, seq):
        audit.attest(seq, {"from": keeper.account})


@pytest.mark.parametrize("period", [HOUR, 30 * DAY])
def test_set_commit_within_decides_who_is_overdue(audit, keeper, consortium, seated_at, period):
    """A-3"""
    tx = audit.setCommitWithin(period, {"from": consortium})
    assert tx.events["CommitWithinSet"]["period"] == audit.commitWithin() == period
    mined_at(seated_at + period)
    assert not audit.overdue(keeper.address)
    mined_at(seated_at + period + 1)
    assert audit.overdue(keeper.address)


@pytest.mark.parametrize("period", [0, HOUR - 1, 30 * DAY + 1, 2**64 - 1])
def test_set_commit_within_reverts_when_out_of_bounds(audit, consortium, period):
    """A-3"""
    with reverts_with("AuditPeriodInvalid", period):
        audit.setCommitWithin(period, {"from": consortium})


def test_set_commit_within_reverts_when_caller_has_no_role(audit, keeper, mallory):
    """M-1"""
    for caller in (mallory.account, keeper.account):
        with reverts_with("AccessManagedUnauthorized", caller):
            audit.setCommitWithin(HOUR, {"from": caller})
