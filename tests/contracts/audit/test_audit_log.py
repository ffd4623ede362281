"""Contiguous commits (A-1, K-9, M-4). One test per leaf of commit.tree."""

import brownie
import pytest

from scripts import settings
from tests.contracts.consents import Person
from tests.contracts.reverts import reverts_with

ROOT = "0x" + "77" * 32
ZERO = "0x" + "00" * 32


def test_commit_continues_when_range_follows_the_last(audit, keeper):
    """A-1"""
    account = keeper.account
    assert (audit.nextSeqOf(keeper.address), audit.lastAtOf(keeper.address)) == (0, 0)
    tx = audit.commit(ROOT, 0, 42, {"from": account})
    assert dict(tx.events["ReceiptsCommitted"]) == {
        "keeper": keeper.address,
        "root": ROOT,
        "firstSeq": 0,
        "count": 42,
    }
    tx = audit.commit(ROOT, 42, 2**32 - 1, {"from": account})
    assert audit.nextSeqOf(keeper.address) == 42 + 2**32 - 1
    assert audit.lastAtOf(keeper.address) == tx.timestamp


def test_commit_is_per_keeper_when_two_commit(audit, keeper):
    """A-1"""
    audit.commit(ROOT, 0, 42, {"from": keeper.account})
    other = Person.named("keeper 1")
    audit.commit(ROOT, 0, 1, {"from": other.account})
    assert (audit.nextSeqOf(keeper.address), audit.nextSeqOf(other.address)) == (42, 1)


def test_commit_goes_on_when_the_keeper_has_left_the_committee(audit, keeper, replace_first):
    """K-9: what it wrote while it was one."""
    replace_first()
    audit.commit(ROOT, 0, 1, {"from": keeper.account})


@pytest.mark.parametrize("first", [0, 41, 43, 2**64 - 1])
def test_commit_reverts_when_range_leaves_a_gap_or_overlaps(audit, keeper, first):
    """A-1"""
    audit.commit(ROOT, 0, 42, {"from": keeper.account})
    with reverts_with("AuditSequenceBroken", keeper, 42, first):
        audit.commit(ROOT, first, 1, {"from": keeper.account})


@pytest.mark.parametrize(("root", "count"), [(ROOT, 0), (ZERO, 1), (ZERO, 0)])
def test_commit_reverts_when_empty(audit, keeper, root, count):
    """A-1"""
    with reverts_with("AuditCommitEmpty", keeper, root, count):
        audit.commit(root, 0, count, {"from": keeper.account})


def test_commit_reverts_when_numbers_are_used_up(audit, keeper):
    """A-1: 65,536 of the largest commits; here the slot is set."""
    audit.commit(ROOT, 0, 1, {"from": keeper.account})
    last = 2**48 - 2
    set_next_seq(audit, keeper, last)
    with reverts_with("AuditSequenceFull", keeper, last, 2):
        audit.commit(ROOT, last, 2, {"from": keeper.account})
    audit.commit(ROOT, last, 1, {"from": keeper.account})
    assert audit.nextSeqOf(keeper.address) == last + 1


def test_commit_and_attest_revert_when_caller_holds_no_seat(audit, keeper, mallory, city_hospital):
    """A-1, A-3"""
    for stranger in (mallory.account, city_hospital):
        with reverts_with("AuditCommitterNotKeeper", stranger):
            audit.commit(ROOT, 0, 1, {"from": stranger})
        with reverts_with("AuditCommitterNotKeeper", stranger):
            audit.attest(0, {"from": stranger})


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("step", ["suspend", "suspendUntil", "expel"])
def test_commit_and_attest_revert_when_member_is_not_active(
    audit, authority, members, keeper, consortium, city_hospital, now, first, step
):
    """M-4, M-7: the first commit, which asks the committee, and later ones, which do not."""
    if not first:
        audit.commit(ROOT, 0, 1, {"from": keeper.account})
    authority.grantRole(settings.SUSPENSION_ROLE, consortium, 0, {"from": consortium})
    until = (now + 3600,) if step == "suspendUntil" else ()
    getattr(members, step)(city_hospital, *until, {"from": consortium})
    seq = audit.nextSeqOf(keeper.address)
    with reverts_with("AuditCommitterNotKeeper", keeper):
        audit.commit(ROOT, seq, 1, {"from": keeper.account})
    with reverts_with("AuditCommitterNotKeeper", keeper):
        audit.attest(seq, {"from": keeper.account})


def set_next_seq(audit, keeper, seq):
    """Write the number into the keeper's slot, wherever the compiler put the mapping."""
    keeper_word = bytes(12) + bytes.fromhex(keeper.address[2:])
    for position in range(4):
        slot = brownie.web3.keccak(keeper_word + position.to_bytes(32, "big"))
        word = int.from_bytes(
            brownie.web3.eth.get_storage_at(audit.address, int.from_bytes(slot, "big")), "big"
        )
        if word:
            changed = word & ~((2**48 - 1) << 160) | seq << 160
            arguments = [audit.address, "0x" + slot.hex().removeprefix("0x"), f"0x{changed:064x}"]
            is_anvil = "anvil" in brownie.web3.client_version.lower()
            method = "anvil_setStorageAt" if is_anvil else "evm_setAccountStorageAt"
            brownie.web3.provider.make_request(method, arguments)
    assert audit.nextSeqOf(keeper.address) == seq
