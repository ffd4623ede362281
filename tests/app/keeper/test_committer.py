"""The committing thread: when it commits, and when its keeper must not serve (K-9)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from consentry.domain import merkle
from consentry.domain.ledger import AuditClock, ReceiptsCommit
from consentry.errors import ChainStale, ChainUnreachable, KeeperBehindChain
from consentry.keeper.app import Keeper, create_app
from consentry.keeper.committer import Committer
from consentry.keeper.relay import RevocationRelay
from consentry.services.commit import LOOK_AGAIN_SECONDS
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
def make(world: World, desk: Desk) -> Iterator[Callable[..., Committer]]:
    made: list[Committer] = []

    def committer(*, every_seconds: float = 600, at_receipts: int = 100) -> Committer:
        sender = MemorySender(world.ledger, desk.account)
        made.append(
            Committer(desk.book, world.ledger, sender, every_seconds=every_seconds, at_receipts=at_receipts)
        )
        return made[-1]

    yield committer
    for one in made:
        one.close()


def soon(condition: Callable[[], bool]) -> bool:
    """Whether it becomes true within five seconds."""
    until = time.monotonic() + 90
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.01)
    return False


def test_committer_commits_after_its_time(world: World, desk: Desk, make: Callable[..., Committer]) -> None:
    """K-9."""
    committer = make(every_seconds=0.05)
    committer.start()
    release(world.command(world.request()), desk)
    assert soon(lambda: desk.book.committed_until() == 1)
    assert committer.problem is None


def test_committer_commits_at_once_when_enough_receipts_wait(
    world: World, desk: Desk, make: Callable[..., Committer]
) -> None:
    """K-9."""
    committer = make(at_receipts=2)
    committer.start()
    release(world.command(world.request()), desk)
    committer.filed()
    assert desk.book.committed_until() == 0
    release(world.command(world.request()), desk)
    committer.filed()
    assert soon(lambda: desk.book.committed_until() == 2)


def test_committer_commits_what_waited_when_it_starts(
    world: World, desk: Desk, make: Callable[..., Committer]
) -> None:
    """K-9: after a crash."""
    release(world.command(world.request()), desk)
    make().start()
    assert desk.book.committed_until() == 1


def test_committer_lets_nobody_serve_before_the_book_is_compared(
    world: World, make: Callable[..., Committer]
) -> None:
    """K-9, K-11: a keeper whose node was down at the start serves once it is back."""
    committer = make(every_seconds=0.05)
    with pytest.raises(ChainStale):
        committer.require_standing()
    world.ledger.down = True
    committer.start()
    with pytest.raises(ChainUnreachable):
        committer.require_standing()
    world.ledger.down = False
    assert soon(lambda: committer.problem is None)
    committer.require_standing()


def test_committer_lets_the_keeper_serve_while_a_commit_waits(
    world: World, desk: Desk, make: Callable[..., Committer]
) -> None:
    """K-9: receipts are durable before they are committed."""
    committer = make()
    committer.attempt()
    release(world.command(world.request()), desk)
    world.ledger.down = True
    committer.attempt()
    assert isinstance(committer.problem, ChainUnreachable)
    committer.require_standing()


def test_keeper_refuses_to_serve_when_its_database_is_an_old_one(
    world: World, desk: Desk, make: Callable[..., Committer]
) -> None:
    """K-9: the chain fixes receipts that this book does not hold."""
    root = merkle.root([bytes(32)])
    world.ledger.commits.append(ReceiptsCommit(desk.account, root, 0, 1, 1, bytes(32)))
    committer = make()
    committer.start()
    with pytest.raises(KeeperBehindChain):
        committer.require_standing()
    relay = RevocationRelay(desk, MemorySender(world.ledger, desk.account))
    client = create_app(Keeper(desk, committer, relay)).test_client()
    assert client.post("/release", data=b"{}").get_json(force=True)["code"] == "keeper-behind-chain"
    assert client.post("/receipts", data=b"{}").get_json(force=True)["code"] == "keeper-behind-chain"
    assert client.get("/health").get_json()["reasons"] == ["keeper-behind-chain"]


def test_committer_attests_when_idle_and_asks_the_chain_now_and_then(world: World, desk: Desk) -> None:
    """A-3: an idle keeper is not overdue, and its node is not asked at every turn."""
    now = 0.0
    sender = MemorySender(world.ledger, desk.account)
    committer = Committer(
        desk.book, world.ledger, sender, every_seconds=600, at_receipts=100, ticks=lambda: now
    )
    world.ledger.clock = AuditClock(now=50_000, heard_at=0, commit_within=86_400)
    for _ in range(3):
        committer.attempt()
    assert world.ledger.attested == [0] and committer.problem is None
    now = float(LOOK_AGAIN_SECONDS)
    committer.attempt()
    assert world.ledger.attested == [0, 0]
