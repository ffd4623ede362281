"""A session that ends while a keeper judges what was asked under it (K-26)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from consentry.errors import SessionRevoked
from consentry.services.release import release
from tests.app.keeper_world import NOW, World


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_nothing_leaves_and_no_receipt_says_that_it_did(world: World) -> None:
    """K-26: what counts is which of the two is durable first; the same session of another account goes on."""
    desk, request = world.desk(), world.request(world.record, world.seed_item)
    judged, ended = desk.book.file, [world.account("mallory"), request.actor]

    def ended_meanwhile(*arguments: Any, **more: Any) -> Any:
        """The ground was found to hold; before its receipt is filed, the session is ended."""
        desk.sessions.end(ended.pop(0), request.session.fields.key, until=NOW + 3600, now=NOW)
        return judged(*arguments, **more)

    desk.book.file = ended_meanwhile  # type: ignore[method-assign]
    assert all(one.sealed for one in release(world.command(request), desk).items)
    filed = desk.book.next_seq()
    again = world.request(world.record)
    with pytest.raises(SessionRevoked):
        release(world.command(again), desk)
    assert desk.book.next_seq() == filed == 2
