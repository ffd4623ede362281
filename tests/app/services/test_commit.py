"""Committing receipts to the chain, noticing an old database, attesting that there is none (K-9, A-1, A-3)."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from consentry.domain import merkle
from consentry.domain.ledger import AuditClock, ChainHead
from consentry.errors import ChainStale, ChainUnreachable, KeeperBehindChain, TransactionReverted
from consentry.ports import TxReceipt
from consentry.services.commit import (
    LOOK_AGAIN_SECONDS,
    MOST_RECEIPTS,
    attest_when_due,
    commit_next,
    reconcile,
)
from consentry.services.keeper_desk import Desk
from consentry.services.release import release
from tests.app.keeper_world import World
from tests.app.memory_sender import MemorySender


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def desk(world: World) -> Desk:
    return world.desk()


@pytest.fixture
def sender(world: World, desk: Desk) -> MemorySender:
    return MemorySender(world.ledger, desk.account)


def ask(world: World, desk: Desk, times: int = 1) -> None:
    for _ in range(times):
        release(world.command(world.request()), desk)


class DiesAfterSending(MemorySender):
    """The process ends between the transaction and the note."""

    def transact(self, contract: str, function: str, *arguments: object) -> TxReceipt:
        super().transact(contract, function, *arguments)
        raise ChainUnreachable("the connection ended")


def test_commit_next_fixes_contiguous_ranges(world: World, desk: Desk, sender: MemorySender) -> None:
    """K-9, A-1: each range starts where the last ended; nothing new, nothing sent."""
    ask(world, desk, 3)
    first = commit_next(desk.book, world.ledger, sender)
    ask(world, desk, 2)
    second = commit_next(desk.book, world.ledger, sender)
    assert first and second and commit_next(desk.book, world.ledger, sender) is None
    assert [(one.first_seq, one.count) for one in world.ledger.commits] == [(0, 3), (3, 2)]
    assert second.root == merkle.root(desk.book.values(3, 2))
    assert desk.book.commit_covering(4) == second and desk.book.commit_covering(5) is None


def test_commit_next_keeps_ranges_short(world: World, desk: Desk, sender: MemorySender) -> None:
    """K-9: what is more waits for the next commit."""
    ask(world, desk, MOST_RECEIPTS + 1)
    assert commit_next(desk.book, world.ledger, sender).count == MOST_RECEIPTS  # type: ignore[union-attr]
    assert commit_next(desk.book, world.ledger, sender).count == 1  # type: ignore[union-attr]


def test_reconcile_heals_a_crash_between_sending_and_noting(world: World, desk: Desk) -> None:
    """K-9: the chain says what was committed."""
    ask(world, desk, 2)
    with pytest.raises(ChainUnreachable):
        commit_next(desk.book, world.ledger, DiesAfterSending(world.ledger, desk.account))
    assert desk.book.committed_until() == 0
    assert reconcile(desk.book, world.ledger, desk.account) == 2
    noted = desk.book.commit_covering(1)
    assert noted and noted.transaction == world.ledger.commits[0].transaction
    ask(world, desk)
    commit_next(desk.book, world.ledger, MemorySender(world.ledger, desk.account))
    assert [one.first_seq for one in world.ledger.commits] == [0, 2]


def test_reconcile_refuses_when_the_database_is_older_than_the_chain(
    world: World, desk: Desk, sender: MemorySender
) -> None:
    """K-9, D5 of the design: a keeper restored from an old backup notices."""
    ask(world, desk)
    database = world.folder / "keeper0.sqlite"
    desk.book.close()  # type: ignore[attr-defined]
    shutil.copy(database, world.folder / "backup.sqlite")
    desk = world.desk()
    ask(world, desk, 2)
    commit_next(desk.book, world.ledger, sender)
    desk.book.close()  # type: ignore[attr-defined]
    for leftover in world.folder.glob("keeper0.sqlite*"):
        leftover.unlink()
    shutil.copy(world.folder / "backup.sqlite", database)
    restored = world.desk()
    with pytest.raises(KeeperBehindChain):
        reconcile(restored.book, world.ledger, restored.account)
    ask(world, restored, 5)
    with pytest.raises(KeeperBehindChain):
        reconcile(restored.book, world.ledger, restored.account)
    with pytest.raises(KeeperBehindChain):
        commit_next(restored.book, world.ledger, sender)


def test_reconcile_waits_when_the_node_has_not_seen_the_last_commit(
    world: World, desk: Desk, sender: MemorySender
) -> None:
    """K-11: a lagging node is no reason to commit again."""
    ask(world, desk)
    first = commit_next(desk.book, world.ledger, sender)
    assert first is not None
    ask(world, desk)
    seen = world.ledger.commits.pop()
    world.ledger.head_at = ChainHead(first.block, world.clock.now(), bytes(32))
    with pytest.raises(ChainStale):
        commit_next(desk.book, world.ledger, sender)
    world.ledger.commits.append(seen)
    assert commit_next(desk.book, world.ledger, sender)


def test_reconcile_commits_again_what_a_reorganisation_undid(
    world: World, desk: Desk, sender: MemorySender
) -> None:
    """A-13: the chain is further than the commit was, and does not hold it; nothing new has to be filed for that."""
    ask(world, desk, 2)
    first = commit_next(desk.book, world.ledger, sender)
    assert first is not None
    world.ledger.commits.clear()
    world.ledger.head_at = ChainHead(first.block + 1, world.clock.now(), bytes(32))
    again = commit_next(desk.book, world.ledger, sender)
    assert again is not None and (again.root, again.first_seq, again.count) == (first.root, 0, 2)
    assert desk.book.committed_until() == world.ledger.next_seq_of(desk.account) == 2


def test_reconcile_waits_when_the_node_counts_a_commit_that_it_does_not_show(
    world: World, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """K-11: the log lags behind the state."""
    ask(world, desk)
    monkeypatch.setattr(world.ledger, "next_seq_of", lambda keeper: 1)
    with pytest.raises(ChainStale):
        reconcile(desk.book, world.ledger, desk.account)


def test_commit_next_leaves_the_book_alone_when_the_chain_refuses(
    world: World, desk: Desk, sender: MemorySender, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A-1: two processes with one key cannot both commit a range."""
    ask(world, desk)

    def beaten(*_: object) -> TxReceipt:
        raise TransactionReverted("AuditSequenceBroken", (desk.account, 1, 0))

    monkeypatch.setattr(sender, "transact", beaten)
    with pytest.raises(TransactionReverted):
        commit_next(desk.book, world.ledger, sender)
    assert desk.book.committed_until() == 0


HEARD, DAY = 1_700_000_000, 86_400


@pytest.mark.parametrize("passed", [DAY // 2, DAY, 10 * DAY])
def test_attest_when_due_speaks_when_half_the_time_has_passed(
    world: World, desk: Desk, sender: MemorySender, passed: int
) -> None:
    """A-3"""
    ask(world, desk, 3)
    commit_next(desk.book, world.ledger, sender)
    world.ledger.clock = AuditClock(HEARD + passed, HEARD, DAY)
    assert attest_when_due(desk.book, world.ledger, sender) == LOOK_AGAIN_SECONDS
    assert world.ledger.attested == [3]


def test_attest_when_due_waits_when_the_keeper_was_heard_lately(
    world: World, desk: Desk, sender: MemorySender
) -> None:
    """A-3"""
    for passed, wait in ((0, LOOK_AGAIN_SECONDS), (DAY // 2 - 7, 7)):
        world.ledger.clock = AuditClock(HEARD + passed, HEARD, DAY)
        assert attest_when_due(desk.book, world.ledger, sender) == wait
    world.ledger.clock = None
    assert attest_when_due(desk.book, world.ledger, sender) == LOOK_AGAIN_SECONDS
    assert world.ledger.attested == []


def test_attest_when_due_says_nothing_when_receipts_wait(
    world: World, desk: Desk, sender: MemorySender
) -> None:
    """A-3: it would be a lie."""
    ask(world, desk)
    world.ledger.clock = AuditClock(HEARD + DAY, HEARD, DAY)
    attest_when_due(desk.book, world.ledger, sender)
    assert world.ledger.attested == []


def test_attest_when_due_says_nothing_when_the_database_is_an_old_one(
    world: World, desk: Desk, sender: MemorySender, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A-3, K-9"""
    world.ledger.clock = AuditClock(HEARD + DAY, HEARD, DAY)
    monkeypatch.setattr(world.ledger, "next_seq_of", lambda keeper: 5)
    with pytest.raises(KeeperBehindChain):
        attest_when_due(desk.book, world.ledger, sender)
    assert world.ledger.attested == []
