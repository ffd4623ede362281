"""The regulator's client: all keepers, page by page, and who failed (A-10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from consentry.domain.ledger import KeeperInfo
from consentry.errors import KeeperMisbehaved, KeeperUnreachable, RateLimited
from consentry.services import feed as feeds
from consentry.services.feed import sealed_feed
from consentry.services.feed_reading import FeedPorts, FeedReader, read_feeds
from consentry.services.release import release
from consentry.services.release_intake import Signed
from tests.app.keeper_world import CHAIN_ID, World
from tests.app.services.feed_scene import query, regulated


@pytest.fixture
def world(tmp_path: Path) -> World:
    return regulated(tmp_path)


@dataclass
class Answering:
    """The keepers' own service without HTTP; some fail first."""

    world: World
    failing: dict[int, list[Exception]] = field(default_factory=dict)
    lying: dict[int, Any] = field(default_factory=dict)

    def feed(self, keeper: KeeperInfo, request: bytes, signature: bytes) -> Mapping[str, Any]:
        if self.failing.get(keeper.seat):
            raise self.failing[keeper.seat].pop(0)
        asked = Signed(request, signature)
        desk = self.world.desk(keeper.seat)
        if keeper.seat in self.lying:
            desk = replace(desk, book=self.lying[keeper.seat](desk.book))
        return sealed_feed(asked, desk)


class Forgetful:
    """A book that leaves out its first receipt."""

    def __init__(self, book: Any) -> None:
        self._book = book

    def since(self, first_seq: int, *, limit: int) -> Any:
        return self._book.since(max(first_seq, 1), limit=limit)


def test_read_feeds_takes_all_keepers_and_says_who_failed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A-10: numbers have no gaps, so that what is left out shows (K-6)."""
    monkeypatch.setattr(feeds, "FEED_PAGE", 2)
    for seat in range(5):
        for _ in range(3):
            release(world.command(world.request(), seat=seat), world.desk(seat))
    answering = Answering(
        world,
        {1: [KeeperUnreachable()], 2: [RateLimited(seconds=3)], 3: [RateLimited() for _ in range(9)]},
        {4: Forgetful},
    )
    asked = query(world)
    reader = FeedReader(asked.actor, asked.session, world.session_key, CHAIN_ID)
    paused: list[float] = []
    ports = FeedPorts(answering, world.clock, paused.append)  # type: ignore[arg-type]
    found = read_feeds(reader, world.committee.keepers, 0, 100, ports)
    assert [len(one.rows) for one in found] == [3, 0, 3, 0, 0] and 3 in paused
    assert [type(one.problem) for one in found] == [
        type(None), KeeperUnreachable, type(None), RateLimited, KeeperMisbehaved,
    ]  # fmt: skip
    (some,) = read_feeds(reader, world.committee.keepers[:1], 1, 1, ports)
    assert ([one.seq for one in some.rows], some.next, some.more) == ([1], 2, True)
