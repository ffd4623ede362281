"""Whether a gateway would answer now, over HTTP (H-43)."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from consentry.chain.sender import ChainSender
from consentry.crypto.signatures import generate_account_key
from consentry.domain.ledger import ChainHead
from consentry.gateway import readiness
from consentry.gateway.app import create_app
from consentry.gateway.parts import Gateway
from consentry.gateway.readiness import MOST_LAG_BLOCKS
from consentry.index.entries import SqlIndex
from consentry.index.progress import Progress
from consentry.index.sendings import SqlSendings
from consentry.ports.sendings import Attempt, Call
from consentry.services.readiness import STUCK_BLOCKS
from consentry.storage.embedded import EmbeddedBlockStore
from tests.app.gateway.world import World

Harmed = Callable[[World, Path], Gateway]


@dataclass(frozen=True)
class Clock:
    time: int

    def now(self) -> int:
        return self.time


def clock_of(seconds: int) -> Harmed:
    """A clock that is so much ahead of the chain."""

    def harmed(world: World, folder: Path) -> Gateway:
        return replace(world.mercy.gateway, clock=Clock(world.ledger.head().timestamp + seconds))

    return harmed


def no_store(world: World, folder: Path) -> Gateway:
    store = EmbeddedBlockStore(folder / "store")
    shutil.rmtree(folder / "store" / "blocks")
    return replace(world.mercy.gateway, store=store)


def no_database(world: World, folder: Path) -> Gateway:
    index = SqlIndex(folder / "index.sqlite")
    with closing(sqlite3.connect(folder / "index.sqlite")) as database:
        for name in ("scans", "checkpoints"):
            database.execute(f"DROP TABLE {name}")
        database.commit()
    return replace(world.mercy.gateway, index=index)


def behind(world: World, folder: Path) -> Gateway:
    index = SqlIndex(folder / "index.sqlite")
    progress = Progress(index.database)
    progress.note_anchors([], 7, bytes(32), 0)
    progress.finish(7 + MOST_LAG_BLOCKS + 1, 0)
    return replace(world.mercy.gateway, index=index)


def stuck(world: World, folder: Path) -> Gateway:
    book, head = SqlSendings(folder / "sendings.sqlite", bytes(32)), world.ledger.head()
    sender = ChainSender(world.ledger.connection, generate_account_key(), sendings=book)
    first = Attempt(b"\1" * 32, b"", 0, head.number - STUCK_BLOCKS)
    begun, _ = book.begin(sender.address, Call(bytes(32), "", b"", 0), 0, lambda nonce: first)
    book.add(begun, Attempt(b"\2" * 32, b"", 0, head.number))
    return replace(world.mercy.gateway, sender=sender)


@pytest.mark.parametrize(
    ("harmed", "reasons", "concerns"),
    [
        (clock_of(-1_000), ["clock-off"], []),
        (clock_of(1_000_000), ["chain-stale"], []),
        (no_store, ["store-unreachable"], []),
        (no_database, ["database-unreachable"], []),
        (behind, [], ["index-behind"]),
        (stuck, [], ["transactions-stuck"]),
    ],
    ids=["clock", "old head", "store", "database", "index", "stuck"],
)
def test_ready_says_why_not_without_names(
    world: World, tmp_path: Path, harmed: Harmed, reasons: list[str], concerns: list[str]
) -> None:
    """H-43: a proxy hears whether to send requests here; the process is there whatever it lacks."""
    gateway = harmed(world, tmp_path)
    client = create_app(gateway).test_client()
    told = client.get("/health/ready")
    assert (told.json["reasons"], told.json["concerns"]) == (reasons, concerns), told.text
    assert told.status_code == (503 if reasons else 200)
    assert told.json["nextSteps"].keys() == {*reasons, *concerns}
    assert gateway.site.member_name not in told.text and "127.0.0.1" not in told.text
    assert client.get("/health/live").json == {"ok": True, "version": told.json["version"]}


def test_ready_is_found_out_once_a_second(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """H-43: anybody may ask, and each time the chain, the store and databases are asked."""
    gateway, now, asked = world.mercy.gateway, [100.0], []
    real = gateway.ledger.head

    def head() -> ChainHead:
        asked.append(now[0])
        return real()

    monkeypatch.setattr(gateway.ledger, "head", head)
    app = create_app(gateway)
    readiness.install(app, gateway, lambda: now[0])
    for now[0] in (100.0, 100.9, 101.0, 101.5):
        assert app.test_client().get("/health/ready").status_code == 200
    assert asked == [100.0, 101.0]
