"""Whether a keeper would answer now, over HTTP (H-43, K-11)."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace

import pytest

from consentry.domain.ledger import ChainHead
from consentry.keeper.app import Keeper, create_app
from consentry.ports.sendings import Attempt, Call, Sending
from consentry.services.keeper_desk import Limits
from consentry.services.readiness import STUCK_BLOCKS
from tests.app.keeper_world import NOW, World
from tests.app.memory_sender import MemorySender

Harm = Callable[[World, Keeper], None]


def head_of(ahead_seconds: int) -> Harm:
    def harm(world: World, keeper: Keeper) -> None:
        world.ledger.head_at = ChainHead(8, NOW + ahead_seconds, bytes(32))

    return harm


def no_chain(world: World, keeper: Keeper) -> None:
    world.ledger.down = True


def no_standing(world: World, keeper: Keeper) -> None:
    world.ledger.latest.keepers = set()


def no_book(world: World, keeper: Keeper) -> None:
    with closing(sqlite3.connect(world.folder / "keeper0.sqlite")) as database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            if not name.startswith("sqlite_"):
                database.execute(f'DROP TABLE "{name}"')
        database.commit()


def no_store(world: World, keeper: Keeper) -> None:
    shutil.rmtree(world.folder / "store" / "blocks")


def stuck(world: World, keeper: Keeper) -> None:
    sender = keeper.committer.sender
    assert isinstance(sender, MemorySender)
    tries = tuple(Attempt(bytes(32), b"", 0, block) for block in (1, 2))
    sender.stuck = (Sending(sender.address, 0, Call(bytes(32), "", b"", 0), tries),)
    world.ledger.head_at = replace(world.ledger.head_at, number=1 + STUCK_BLOCKS)


@pytest.mark.parametrize(
    ("harm", "reasons", "concerns"),
    [
        (no_chain, ["chain-unreachable"], []),
        (head_of(-61), ["chain-stale"], []),
        (head_of(121), ["clock-off"], []),
        (no_standing, ["keeper-without-standing"], []),
        (no_book, ["database-unreachable"], []),
        (no_store, [], ["store-unreachable"]),
        (stuck, [], ["transactions-stuck"]),
    ],
    ids=["chain", "old head", "clock", "standing", "database", "store", "stuck"],
)
def test_get_ready_says_why_not(
    world: World, keeper: Keeper, harm: Harm, reasons: list[str], concerns: list[str]
) -> None:
    """H-43: without a name, and the process is there whatever it lacks."""
    good = create_app(keeper).test_client().get("/health/ready")
    assert (good.status_code, good.get_json()["reasons"], good.get_json()["concerns"]) == (200, [], [])
    harm(world, keeper)
    client = create_app(keeper).test_client()
    told = client.get("/health/ready")
    assert (told.get_json()["reasons"], told.get_json()["concerns"]) == (reasons, concerns)
    assert told.status_code == (503 if reasons else 200) and "0x" not in told.text
    assert client.get("/health/live").status_code == 200


def test_get_ready_goes_by_the_keepers_own_settings(world: World, keeper: Keeper) -> None:
    """H-43, K-11: a keeper that releases is ready."""
    head_of(500)(world, keeper)
    patient = replace(keeper, desk=replace(keeper.desk, limits=Limits(max_clock_skew_seconds=600)))
    assert create_app(patient).test_client().get("/health/ready").status_code == 200
    health = create_app(keeper).test_client().get("/health")
    assert (health.status_code, health.get_json()["reasons"]) == (503, ["clock-off"])
