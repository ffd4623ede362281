"""What a page has had before is not sent to it again (W-114)."""

from __future__ import annotations

from typing import Any

import pytest

from consentry.domain import fields
from consentry.domain.cids import raw_cid
from consentry.services.looking_up import MAX_HELD
from tests.app.gateway.filing import anchor, entry, row
from tests.app.gateway.people import Person
from tests.app.gateway.test_gateway_reading import code_of
from tests.app.gateway.test_page_reading import NOWHERE
from tests.app.gateway.world import World


@pytest.fixture
def alice(world: World) -> Person:
    return world.patient(world.mercy)


def ask(who: Person, author: str, tags: list[str], held: Any) -> Any:
    return who.send(
        "POST", "/api/index/entries", {"lookups": [{"author": author, "tags": tags}], "held": held}
    )


def test_held_entries_come_by_their_rows_alone(world: World, alice: Person) -> None:
    """W-114: the others come whole, and what was erased since is said to be."""
    rows = [row(world, world.city, alice, entry(world, world.city, alice), place) for place in range(3)]
    anchor(world, world.city, rows)
    author, tags = world.city.gateway.author.address, [fields.to_hex(one.tag) for one in rows]
    held = [rows[0].entry_cid, rows[2].entry_cid, raw_cid(bytes(32))]
    first, second, third = whole = ask(alice, author, tags, []).json["hits"]
    assert [one["state"] for one in whole] == ["stored"] * 3
    world.mercy.gateway.index.erase([rows[2].entry_cid])  # type: ignore[attr-defined]
    again = ask(alice, author, tags, held).json["hits"]
    assert again[0] == first | {"state": "held", "entry": None, "proof": None}
    assert again[1] == second
    assert again[2] == third | {"state": "erased", "entry": None, "proof": None}


@pytest.mark.parametrize("held", ["all", [1], ["nothing"], [raw_cid(bytes(32))] * (MAX_HELD + 1)])
def test_what_is_held_is_read_strictly(world: World, alice: Person, held: Any) -> None:
    """W-114"""
    assert code_of(ask(alice, alice.wallet.address, [NOWHERE], held)) == "layout-invalid"
