"""A request with many items: the contract is asked about its records together, and each is judged by itself."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest

from consentry.crypto.sealing import open_released
from consentry.domain.grounds import Reason
from consentry.domain.requests import MAX_ITEMS
from consentry.services.release import release
from tests.app.keeper_world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def asked(world: World, function: str) -> int:
    return sum(call.contract == function for call in world.ledger.asked)


def test_release_asks_about_the_ground_of_many_records_at_once(world: World) -> None:
    """K-3: the consent is evaluated once for sixteen records, which a node has the gas for; every record gets its own share."""
    records = [world.anchored_record() for _ in range(MAX_ITEMS)]
    request = world.request(*records)
    answers = release(world.command(request), world.desk()).items
    for record, answer in zip(records, answers, strict=True):
        assert answer.sealed is not None and answer.seat is not None
        opened = open_released(
            world.opener, request.digest(), record.header.record_id, answer.seat, answer.sealed
        )
        assert len(opened) == 33
    assert asked(world, "permitsMany") == math.ceil(MAX_ITEMS / 16) == len(world.ledger.askers)


@pytest.mark.parametrize("block", ["latest", "final"])
def test_release_gives_each_record_its_own_reason(world: World, block: str) -> None:
    """K-3, K-8: in the order of the items, seeds between them, on both blocks; the caller hears nothing of the reasons."""
    first, second, third = (world.anchored_record() for _ in range(3))
    refused = {
        first.header.record_id: Reason.ProvisionMissing,
        third.header.record_id: Reason.CeilingExceeded,
    }
    world.ledger.final = replace(world.ledger.latest)
    setattr(world.ledger, block, replace(world.ledger.latest, reasons=refused))
    desk = world.desk()
    request = world.request(first, world.seed_item, second, third)
    answers = release(world.command(request), desk).items
    assert [answer.sealed is not None for answer in answers] == [False, True, True, False]
    assert [world.receipt(desk, answer).reason for answer in answers] == [
        "ProvisionMissing",
        "Permitted",
        "Permitted",
        "CeilingExceeded",
    ]
    assert asked(world, "permitsMany") == asked(world, "permitsDirectory") == 1


def test_release_asks_nothing_about_records_when_only_seeds_are_wanted(world: World) -> None:
    """K-5."""
    (answer,) = release(world.command(world.request(world.seed_item)), world.desk()).items
    assert answer.sealed is not None
    assert asked(world, "permitsMany") == 0 and asked(world, "permitsDirectory") == 1
