"""A keeper without a process, on a ledger of dictionaries."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from consentry.keeper.app import Keeper, create_app
from consentry.keeper.committer import Committer
from consentry.keeper.relay import RevocationRelay
from tests.app.keeper_world import World
from tests.app.memory_sender import MemorySender


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def keeper(world: World) -> Keeper:
    desk = world.desk()
    sender = MemorySender(world.ledger, desk.account)
    committer = Committer(desk.book, world.ledger, sender, every_seconds=600, at_receipts=100)
    committer.attempt()
    return Keeper(desk, committer, RevocationRelay(desk, sender))


@pytest.fixture
def client(keeper: Keeper) -> FlaskClient:
    return create_app(keeper).test_client()
