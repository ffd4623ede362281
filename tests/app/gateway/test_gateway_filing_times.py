"""When what waits is filed: at random, among others, not too late, and nobody holds up anybody (D-10)."""

from __future__ import annotations

import secrets
import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from consentry.domain.cids import raw_cid
from consentry.domain.entries import MAX_MANIFEST_BYTES, Manifest
from consentry.domain.ledger import AnchorEvent
from consentry.errors import HistoryTooLong
from consentry.index.author import SqlPublications
from consentry.index.waiting import SqlWaitingRoom
from consentry.ports.waiting import WaitingRecord
from consentry.services.publish import PublishPorts
from consentry.services.waiting import Completion, enter_waiting
from tests.app.gateway.waiting import Waiting, ids, without_directory
from tests.app.gateway.world import World

DELAY, LATER = 600, 2 * 10**9


@dataclass
class MovedClock:
    """A clock that a test moves; seconds."""

    seconds: int

    def now(self) -> int:
        return self.seconds


class UnfollowableLedger:
    """A real chain on which one identity has too many changes."""

    def __init__(self, ledger: Any, patient: str) -> None:
        self._ledger, self._patient = ledger, patient

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)

    def latest_attribute(self, identity: str, name: str) -> Any:
        if identity == self._patient:
            raise HistoryTooLong()
        return self._ledger.latest_attribute(identity, name)


@pytest.fixture
def alice(world: World) -> Waiting:
    return without_directory(world)


def at(alice: Waiting, clock: MovedClock, **changes: Any) -> tuple[PublishPorts, Completion]:
    ports = replace(alice.ports, clock=clock, **changes)
    return ports, Completion(alice.world.mercy.gateway.author, ports, DELAY // 10)


def held(alice: Waiting) -> tuple[WaitingRecord, ...]:
    return alice.ports.waiting.due_of(alice.who.wallet.address, LATER * 10, 100)


def batches(world: World, after: int) -> list[int]:
    """How many rows each batch since this block has."""
    found: list[AnchorEvent] = list(world.ledger.anchors(after + 1, world.ledger.head().number))
    raw = [
        b"".join(world.store.get(raw_cid(one.manifest_digest), max_bytes=MAX_MANIFEST_BYTES)) for one in found
    ]
    return [len(Manifest.parse(one).rows) for one in raw]


def test_records_are_filed_at_random_times_and_among_others(world: World, alice: Waiting) -> None:
    """D-10: not before their time, which lies within the delay; the next publish for somebody else takes them along."""
    wanted = ids(alice.publish())
    alice.open()
    clock = MovedClock(LATER)
    ports, completion = at(alice, clock)
    author, head = world.mercy.gateway.author, world.ledger.head().number
    assert enter_waiting(author, ports, DELAY) <= 1  # a random time may be now
    times = sorted(one.next_at for one in held(alice))
    assert all(one.scheduled for one in held(alice)) and LATER <= times[0] <= times[-1] <= LATER + DELAY
    clock.seconds = LATER + DELAY
    enter_waiting(author, ports, DELAY)
    assert held(alice) == () and completion.run() == 0 and batches(world, head) == []
    bob = without_directory(world)
    bob.open()
    bob.publish()
    assert batches(world, head) == [6] and alice.found() == wanted


def test_records_are_anchored_alone_when_nothing_else_comes(world: World, alice: Waiting) -> None:
    """D-10: a tenth of the delay after they were filed, in one batch."""
    wanted = ids(alice.publish())
    alice.open()
    clock = MovedClock(LATER)
    ports, completion = at(alice, clock)
    head = world.ledger.head().number
    assert enter_waiting(world.mercy.gateway.author, ports, 0) == 3
    for seconds, anchored in ((0, 0), (DELAY // 10 - 1, 0), (DELAY // 10, 3), (DELAY, 0)):
        clock.seconds = LATER + seconds
        assert completion.run() == anchored
    assert batches(world, head) == [3] and alice.found() == wanted


def test_closed_directory_is_looked_at_ever_more_seldom(world: World, alice: Waiting) -> None:
    """D-10: after 5, 10, 20 … 900 seconds, and at once when this gateway relays it."""
    alice.publish()
    clock, pauses = MovedClock(LATER), []
    ports, _ = at(alice, clock)
    for _ in range(10):
        assert enter_waiting(world.mercy.gateway.author, ports, DELAY) == 0
        (next_at,) = {one.next_at for one in held(alice)}
        pauses.append(next_at - clock.seconds)
        clock.seconds = next_at
    assert pauses == [5, 10, 20, 40, 80, 160, 320, 640, 900, 900]
    alice.open()
    assert all(one.next_at < LATER for one in held(alice))
    assert {one.attempts for one in held(alice)} == {0}


def test_nobody_holds_up_the_records_of_others(world: World, alice: Waiting) -> None:
    """D-10: neither an identity that cannot be followed nor a record that was kept under another content key."""
    flooded = without_directory(world)
    flooded.publish()
    stranger = WaitingRecord(
        secrets.token_bytes(32), secrets.token_bytes(32), alice.who.wallet.address, b"else", 0, next_at=0
    )
    alice.ports.waiting.keep([stranger])
    wanted = ids(alice.publish())
    alice.open()
    ledger = UnfollowableLedger(world.ledger, flooded.who.wallet.address)
    alice.file(ledger=ledger)
    assert alice.found() == wanted
    assert [one.content_id for one in held(alice)] == [stranger.content_id]
    assert len(held(flooded)) == 3


def test_book_of_an_earlier_release_opens(tmp_path: Path) -> None:
    """D-10: records wait in a database that was made before there was a place for them."""
    path = tmp_path / "gateway.sqlite"
    SqlPublications(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE waiting")
        connection.execute("DROP TABLE schema_author")
    room = SqlWaitingRoom(SqlPublications(path).database)
    one = WaitingRecord(bytes(32), bytes(32), "0x" + "11" * 20, b"sealed", 7, next_at=9)
    room.keep([one])
    assert room.find([bytes(32)]) == {bytes(32): one} and room.due(8, 5) == () and room.due(9, 5)
    summary = room.summary()
    assert (summary.records, summary.patients, summary.since, summary.scheduled) == (1, 1, 7, 0)
