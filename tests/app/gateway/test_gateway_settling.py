"""Anchors that a reorganisation takes off the chain are made again (R-3)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from consentry.services.settling import LOOK_SECONDS, WATCHED_SECONDS, Settlement
from consentry.services.waiting import Completion
from tests.app.gateway.content import bundle
from tests.app.gateway.filing import reads
from tests.app.gateway.world import World


@dataclass
class Watch:
    """A clock that a test turns."""

    time: int

    def now(self) -> int:
        return self.time


@contextmanager
def lost_branch(world: World) -> Iterator[None]:
    """What is anchored inside is no longer on the chain afterwards."""
    rpc = world.ledger.connection.rpc
    before = rpc.call("evm_snapshot")
    yield
    assert rpc.call("evm_revert", before) is True
    rpc.call("evm_increaseTime", max(int(time.time()) - world.ledger.head().timestamp, 0))
    for _ in range(3):
        world.mine()


def test_settlement_anchors_again_what_a_reorganisation_undid(world: World) -> None:
    """R-3: the same root, and every record is found again."""
    alice = world.patient(world.mercy)
    alice.open_session("PATRQT")
    world.mercy.link("S-1", alice)
    parts = world.mercy.gateway
    watch = Watch(parts.clock.now())
    ports = replace(parts.publishing, clock=watch)
    settlement, completion = Settlement(parts.author, ports), Completion(parts.author, ports, 0)
    with lost_branch(world):
        world.mercy.publish(bundle("S-1"))
        before = len(reads(world.mercy, alice).records)
        assert before and settlement.run() == 0
    watch.time += LOOK_SECONDS
    assert settlement.run() >= 1
    completion.run()
    assert len(reads(world.mercy, alice).records) == before
    watch.time += LOOK_SECONDS
    assert settlement.run() == 0


def test_settlement_ends_when_an_anchor_is_final_and_old(world: World) -> None:
    """R-3: then it is not asked about again, and a restart asks for ten minutes more."""
    alice = world.patient(world.mercy)
    world.mercy.link("S-2", alice)
    world.mercy.publish(bundle("S-2"))
    parts = world.mercy.gateway
    watch = Watch(parts.clock.now())
    ports = replace(parts.publishing, clock=watch)
    settlement = Settlement(parts.author, ports)
    settlement.run()
    watch.time += WATCHED_SECONDS - 1
    settlement.run()
    assert ports.publications.unsettled(10)
    watch.time += LOOK_SECONDS
    settlement.run()
    assert ports.publications.unsettled(10) == ()
