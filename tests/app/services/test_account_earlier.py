"""An account held against one that was exported earlier: keepers that lost or left out a receipt name themselves (A-12)."""

from __future__ import annotations

import io
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from consentry.errors import ProofInvalid
from consentry.services import receipts as pages
from consentry.services.account_check import verify_account
from consentry.services.account_earlier import earlier_account
from consentry.services.account_file import read_account
from consentry.services.account_report import AccountReport
from tests.app.keeper_world import World
from tests.app.services.account_changes import receipt_of, restated, signed_again
from tests.app.services.account_scene import Answering, Asking, Exported, released


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """Pages of two; every keeper has three receipts about alice."""
    monkeypatch.setattr(pages, "PAGE", 2)
    made = World(tmp_path)
    for _ in range(3):
        released(made, *range(5))
    return made


def exported(world: World) -> Exported:
    return Exported(world, Asking(world, Answering(world)).account())


def held_against(newer: Exported, older: Exported) -> AccountReport:
    newer.count()
    header, told = read_account(io.BytesIO(newer.raw()))
    before = earlier_account(*read_account(io.BytesIO(older.raw())))
    return verify_account(header.patient, told, newer.world.ledger, before)


def failure(newer: Exported, older: Exported) -> ProofInvalid:
    with pytest.raises(ProofInvalid) as caught:
        held_against(newer, older)
    assert caught.value.expression[0] == "earlier"
    assert caught.value.diagnostics.startswith("keeper in seat 1 (")
    return caught.value


def test_a_later_account_holds_against_an_earlier_one(world: World) -> None:
    """A-12: more receipts, other queries, the same word; also for what it lacks of keepers that did not answer."""
    older = exported(world)
    released(world, 0, 1, 2)
    newer = exported(world)
    assert held_against(newer, older).receipts == 18 and held_against(older, older).is_complete
    newer.trees.remove(newer.page(3, 1))
    assert [one.seat for one in held_against(newer, older).untold] == [3]


def test_a_keeper_that_shows_a_receipt_no_more_is_named(world: World) -> None:
    """A-12: it states fewer, with a signature; alone that account proves."""
    older, newer = exported(world), exported(world)
    del newer.page(1)["receipts"][1]
    restated(newer, newer.page(1))
    assert newer.verify().is_complete
    told = failure(newer, older)
    assert told.expression == ("earlier", "1") and "shows it no more" in told.diagnostics


def test_a_keeper_that_finds_a_receipt_afterwards_is_named(world: World) -> None:
    """A-12: the other way round, it had stated that there is none."""
    older, newer = exported(world), exported(world)
    del older.page(1)["receipts"][1]
    restated(older, older.page(1))
    older.count()
    assert "none under this number" in failure(newer, older).diagnostics


def test_a_keeper_that_signs_another_receipt_under_a_number_is_named(world: World) -> None:
    """A-12: neither is on chain yet."""
    released(world, 1, commit=False)
    older, newer = exported(world), exported(world)
    one = newer.page(1, 1)["receipts"][1]
    raw = receipt_of(one)
    salt = raw.index(b'"salt":"0x') + len(b'"salt":"0x')
    signed_again(newer, one, raw[:salt] + b"0" * 32 + raw[salt + 32 :])
    restated(newer, newer.page(1, 1))
    assert "another receipt" in failure(newer, older).diagnostics


def test_a_keeper_on_an_old_database_is_named(world: World) -> None:
    """A-12, A-9: what it lost was not on chain yet, so that the keeper itself cannot notice."""
    with closing(sqlite3.connect(world.folder / "keeper1.sqlite")) as db:
        db.execute("VACUUM INTO ?", (str(world.folder / "restored.sqlite"),))
    released(world, 1, commit=False)
    older = exported(world)
    restored = world.desk_of(world.keeper_keys[1], world.seeds[1], "restored")
    answering = Answering(world, successors={restored.account: restored})
    newer = Exported(world, Asking(world, answering).account())
    assert newer.verify().is_complete
    told = failure(newer, older)
    assert "had 4 receipts before, and states 3 now" in told.diagnostics


def test_an_earlier_account_accuses_by_signatures_only(world: World) -> None:
    """A-12: whoever edits the earlier file can accuse nobody."""
    newer, older = exported(world), exported(world)
    older.page(1)["receipts"].reverse()
    with pytest.raises(ProofInvalid, match="reordered"):
        held_against(newer, older)
    older = exported(world)
    older.trees.remove(older.page(1))
    older.count()
    with pytest.raises(ProofInvalid, match="page from number 0 on is missing"):
        held_against(newer, older)
