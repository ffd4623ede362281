"""Contiguous commits (A-1, K-9, M-4). One test per leaf of commit.tree."""

import hashlib

import pytest

from tests.contracts.consents import Person
from tests.contracts.reverts import reverts_with

ROOT = "0x" + "77" * 32
ZERO = "0x" + "00" * 32


@pytest.fixture
def keeper(committee, consortium, city_hospital, mercy_hospital, regulator):
    people = [Person.named(f"keeper {seat}") for seat in range(3)]
    homes = [city_hospital, mercy_hospital, regulator]
    keepers = [
        (one.address, str(home), seat, "https://k.example", hashlib.shake_256(one.key).digest(1216))
        for seat, (one, home) in enumerate(zip(people, homes, strict=True))
    ]
    committee.publish(keepers, 2, {"from": consortium})
    return people[0]


def test_commit_continues_when_range_follows_the_last(audit, keeper):
    """A-1"""
    account = keeper.account
    assert audit.nextSeqOf(keeper.address) == 0
    tx = audit.commit(ROOT, 0, 42, {"from": account})
    assert dict(tx.events["ReceiptsCommitted"]) == {
        "keeper": keeper.address,
        "root": ROOT,
        "firstSeq": 0,
        "count": 42,
    }
    audit.commit(ROOT, 42, 2**32 - 1, {"from": account})
    assert audit.nextSeqOf(keeper.address) == 42 + 2**32 - 1


@pytest.mark.parametrize("first", [0, 41, 43])
def test_commit_reverts_when_range_leaves_a_gap_or_overlaps(audit, keeper, first):
    """A-1"""
    audit.commit(ROOT, 0, 42, {"from": keeper.account})
    with reverts_with("AuditSequenceBroken", keeper, 42, first):
        audit.commit(ROOT, first, 1, {"from": keeper.account})


@pytest.mark.parametrize(("root", "count"), [(ROOT, 0), (ZERO, 1)])
def test_commit_reverts_when_empty(audit, keeper, root, count):
    """A-1"""
    with reverts_with("AuditCommitEmpty", keeper, root, count):
        audit.commit(root, 0, count, {"from": keeper.account})


def test_commit_reverts_when_caller_holds_no_seat(audit, keeper, mallory, city_hospital):
    """A-1"""
    for stranger in (mallory.account, city_hospital):
        with reverts_with("AuditCommitterNotKeeper", stranger):
            audit.commit(ROOT, 0, 1, {"from": stranger})


def test_commit_reverts_when_member_is_suspended(audit, members, keeper, consortium, city_hospital):
    """M-4"""
    members.suspend(city_hospital, {"from": consortium})
    with reverts_with("AuditCommitterNotKeeper", keeper):
        audit.commit(ROOT, 0, 1, {"from": keeper.account})
