"""Who read, as a list to look through: accesses that belong together, and choices among them (W-58)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from consentry.domain.grounds import Reason
from consentry.domain.requests import RecordItem
from tests.app.keeper_world import World
from tests.browser.accounts import served, told
from tests.browser.node import evaluate

SOURCE = """
import { chosen, CHOICES, occasions, visitors } from "./app/browser/patient/readers/occasions";
import type { Access } from "./app/browser/core/account";
declare const given: readonly Access[];
const all = occasions(given);
console.log(JSON.stringify({
  all, visitors: visitors(all),
  counts: Object.fromEntries(CHOICES.map((one) => [one, chosen(all, one, null).length])),
  elsewhere: chosen(all, "all", "Nowhere").length,
}));
"""


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def later(world: World, seconds: int) -> None:
    world.clock.time += seconds
    world.ledger.head_at = replace(world.ledger.head_at, timestamp=world.clock.time - 1)


def found(world: World) -> Any:
    return evaluate(SOURCE, told(world).to_json()["accesses"])


def test_requests_for_one_reason_are_one_occasion(world: World) -> None:
    """W-58: the list of a category and records in several requests, with at most a quarter of an hour between them."""
    records: list[RecordItem] = [world.anchored_record() for _ in range(2)]
    for items in ((world.seed_item,), records[:1], records):
        served(world, world.request(*items, issued_at=world.clock.now()), 0, 1, 2)
        later(world, 600)
    told_all = found(world)
    (one,) = told_all["all"]
    assert one["kind"] == "access" and len(one["requests"]) == 3 and len(one["records"]) == 2
    assert (one["seeds"], one["categories"]) == (["laboratory"], ["laboratory"])
    assert (one["keepers"], one["threshold"], one["proven"]) == (3, 3, "on-chain")
    assert told_all["visitors"] == [{"member": "City Hospital", "times": 1, "last": one["until"]}]


def test_other_readers_reasons_and_ends_are_told_apart(world: World) -> None:
    """W-58, A-7: another person, purpose or outcome; what only two keepers gave is possible; the patient's own apart."""
    served(world, world.request(), 0, 1, 2)
    served(world, world.request(world.anchored_record()), 0, 1)
    served(world, world.own_request(world.anchored_record(), purpose="PATRQT"), 0, 1, 2)
    served(world, world.system_request(), 1, 2, 3)
    world.ledger.latest.reason = Reason.ConsentRevoked
    served(world, world.request(world.anchored_record()), 0)
    told_all = found(world)
    assert told_all["counts"] == {
        "others": 3, "emergency": 0, "possible": 1, "refused": 1, "own": 1, "all": 5,
    }  # fmt: skip
    (refused,) = [one for one in told_all["all"] if one["kind"] == "refused"]
    assert refused["reasons"] == ["ConsentRevoked"] and told_all["elsewhere"] == 0
    assert told_all["visitors"][0]["times"] == 3


def test_a_longer_pause_begins_another_occasion(world: World) -> None:
    """W-58"""
    served(world, world.request(), 0, 1, 2)
    later(world, 901)
    served(world, world.request(world.anchored_record(), issued_at=world.clock.now()), 0, 1, 2)
    assert [len(one["requests"]) for one in found(world)["all"]] == [1, 1]
