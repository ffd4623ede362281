"""An exported account verifies with the chain alone; whatever is done to it is named (A-4, A-6, L-24)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from consentry.domain import fields, merkle
from consentry.errors import ProofInvalid
from consentry.services import receipts as pages
from tests.app.keeper_world import World
from tests.app.services import account_changes as done
from tests.app.services.account_changes import receipt_of, restated, signed_again
from tests.app.services.account_scene import Answering, Asking, Exported, released


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Four requests; the first three served by all, the fourth by three of five."""
    made = World(tmp_path)
    for _ in range(3):
        released(made, *range(5))
    released(made, 0, 1, 2)
    return made


@pytest.fixture
def exported(world: World, monkeypatch: pytest.MonkeyPatch) -> Exported:
    """In pages of two receipts."""
    monkeypatch.setattr(pages, "PAGE", 2)
    return Exported(world, Asking(world, Answering(world)).account())


CHANGES: dict[str, tuple[Callable[[Exported], None], str, str]] = {
    "dropped": (done.drop, "dropped", "receipt number 1"),
    "duplicated": (done.duplicate, "duplicated", "receipt number 0"),
    "added": (done.add, "added", "receipt number 2"),
    "reordered": (done.reorder, "reordered", "receipt number 1"),
    "altered": (done.alter, "signature", "receipt number 1"),
    "signed twice": (done.sign_another, "altered", "states"),
    "a root swapped": (done.swap_root, "proof", "receipt number 1"),
    "the root of another keeper": (done.swap_roots_of_keepers, "proof", "receipt number 1"),
    "another transaction": (done.swap_transaction, "root", "receipt number 1"),
    "a proof left out": (done.drop_proof, "proof", "receipt number 1"),
    "a page left out": (done.drop_page, "page", "from number 0"),
    "pages swapped": (done.swap_pages, "page", "from number 0"),
    "pages apart": (done.part_pages, "page", "follow one another"),
    "a page twice": (done.repeat_page, "page", "last"),
    "no page after": (done.claim_to_be_last, "page", "follows"),
    "a statement altered": (done.alter_statement, "statement", "altered"),
    "another's statement": (done.statement_of_another, "statement", "another account"),
}  # fmt: skip


def test_an_exported_account_is_proven(exported: Exported) -> None:
    """A-6"""
    report = exported.verify()
    assert report.is_complete and (report.receipts, report.waiting) == (18, 0)
    assert [one.until for one in report.keepers] == [4, 4, 4, 3, 3]


@pytest.mark.parametrize("what", CHANGES)
def test_what_was_done_to_an_account_is_named(exported: Exported, what: str) -> None:
    """A-6: with the keeper and, where it is about one, the receipt's number."""
    change, link, words = CHANGES[what]
    change(exported)
    with pytest.raises(ProofInvalid) as failure:
        exported.verify()
    told = failure.value
    assert told.expression[0] == link and words in told.diagnostics, told.diagnostics
    assert told.diagnostics.startswith("keeper in seat 1 (") and told.exit_code == 4


def test_an_account_is_of_its_patient(exported: Exported) -> None:
    """A-6"""
    done.name_another_patient(exported)
    with pytest.raises(ProofInvalid) as failure:
        exported.verify()
    assert failure.value.expression[0] == "patient"


def test_a_keeper_that_commits_other_receipts_than_it_hands_out_is_named(exported: Exported) -> None:
    """A-6: it signs receipt and statement anew; the root on chain is of the old one."""
    done.sign_another(exported)
    restated(exported, exported.page(1))
    with pytest.raises(ProofInvalid) as failure:
        exported.verify()
    assert failure.value.expression == ("proof", "1")


def test_keepers_that_tell_one_request_differently_are_named(world: World, exported: Exported) -> None:
    """A-6: what the actor signed is one thing; both are named, for the file cannot tell which one lies."""
    one = exported.page(1)["receipts"][1]
    raw = receipt_of(one).replace(b"TREAT", b"COC")
    signed_again(exported, one, raw)
    one["commit"] = None
    restated(exported, exported.page(1), committed_until=1)
    with pytest.raises(ProofInvalid) as failure:
        exported.verify()
    assert failure.value.expression == ("agreement", "1")
    assert "keeper in seat 0" in failure.value.diagnostics and "keeper in seat 1" in failure.value.diagnostics


def test_a_keeper_that_states_more_commits_than_the_chain_counts_is_named(exported: Exported) -> None:
    """A-6"""
    restated(exported, exported.page(1, 1), committed_until=4)
    assert exported.verify().is_complete
    restated(exported, exported.page(1, 1), committed_until=5, until=5)
    with pytest.raises(ProofInvalid) as failure:
        exported.verify()
    assert failure.value.expression == ("contiguity",) and "the chain counts 4" in failure.value.diagnostics


def test_ranges_that_overlap_are_named(world: World, exported: Exported) -> None:
    """A-6: no chain of ours lets them; a node that serves another does."""
    second = world.ledger.commits[5]
    assert second.keeper == world.committee.keepers[0].account and second.first_seq == 1
    world.ledger.commits[0] = replace(world.ledger.commits[0], count=2)
    one = exported.page(0)["receipts"][0]
    values = world.desk(0).book.values(0, 2)
    proof, root = merkle.proof(values, 0), merkle.root(values)
    world.ledger.commits[0] = replace(world.ledger.commits[0], root=root)
    one["commit"] |= proof.to_json() | {"root": fields.to_hex(root)}
    with pytest.raises(ProofInvalid) as failure:
        exported.verify()
    assert failure.value.expression[0] == "contiguity" and "overlap" in failure.value.diagnostics


def test_a_stranger_is_no_keeper(exported: Exported) -> None:
    """A-6"""
    exported.page(1)["keeper"] = exported.world.account("mallory")
    with pytest.raises(ProofInvalid) as failure:
        exported.verify()
    assert failure.value.expression == ("seat",)
