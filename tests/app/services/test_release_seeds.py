"""Releasing category seeds (K-5, C-12, D-4)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from consentry.crypto.directory_keys import new_directory
from consentry.crypto.sealing import combine_seed
from consentry.domain.categories import Category
from consentry.domain.directory import SERVICE
from consentry.domain.grounds import Reason
from consentry.domain.ledger import AttributeChange, CommitteeInfo
from consentry.errors import BlobCorrupt, BlobMissing, HistoryTooLong
from consentry.ports import BlobStore
from consentry.services.directory import attribute_value
from consentry.services.keeper_desk import Memory
from consentry.services.release import release
from tests.app.keeper_world import CHAIN_ID, NOW, World


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def publish(world: World, raw: bytes) -> str:
    """Put a document into alice's attribute history."""
    cid = world.store.put([raw]).cid
    change = AttributeChange(SERVICE, attribute_value(cid), NOW + 10**9, 4, 0)
    world.ledger.changes[world.account("alice")].append(change)
    return cid


def test_release_gives_shares_that_make_the_seed(world: World) -> None:
    """K-5, C-12: the keeper reads the document itself; the caller sends no share."""
    request = world.request(world.seed_item)
    shares = {seat: world.given(world.desk(seat), request, seat) for seat in (1, 2, 3)}
    sealing = world.document.sealing_of(Category.LABORATORY)
    assert combine_seed(sealing, world.commitment, shares) == world.category_seeds[Category.LABORATORY]


def test_release_gives_a_former_documents_seed(world: World) -> None:
    """K-5, D-4: entries under former versions stay readable, as long as the ground holds."""
    second = new_directory(
        world.account("alice"), CHAIN_ID, world.committee, version=2, previous=world.seed_item.document_cid
    )
    publish(world, second.document.to_bytes())
    assert len(world.given(world.desk(), world.request(world.seed_item))) == 33


def test_release_gives_all_seeds_to_the_patient(world: World) -> None:
    """K-5: ground SELF, every category in one request."""
    items = [replace(world.seed_item, category=category) for category in Category]
    answers = release(world.command(world.own_request(*items)), world.desk()).items
    assert all(answer.sealed for answer in answers) and len(answers) == len(Category)


@pytest.mark.parametrize("block", ["latest", "final"])
def test_release_refuses_when_the_directory_is_not_permitted(world: World, block: str) -> None:
    """C-12, K-3: on both blocks, and without reading anything."""
    world.ledger.final = replace(world.ledger.latest)
    setattr(world.ledger, block, replace(world.ledger.latest, reason=Reason.ProvisionMissing))
    world.ledger.changes.clear()
    assert world.refusal(world.desk(), world.request(world.seed_item)) == "ProvisionMissing"


def test_release_refuses_a_document_that_the_patient_never_named(world: World) -> None:
    """K-5: right in every byte, sealed to the keepers, only not signed for."""
    forged = new_directory(world.account("alice"), CHAIN_ID, world.committee)
    cid = world.store.put([forged.document.to_bytes()]).cid
    item = replace(world.seed_item, document_cid=cid)
    assert world.refusal(world.desk(), world.request(item)) == "DirectoryNotPublished"


def test_release_refuses_another_patients_document_in_her_history(world: World) -> None:
    """K-5: naming somebody else's document in the own history opens nothing."""
    other = new_directory(world.account("mallory"), CHAIN_ID, world.committee)
    item = replace(world.seed_item, document_cid=publish(world, other.document.to_bytes()))
    assert world.refusal(world.desk(), world.own_request(item)) == "DirectoryMissing"


def test_release_refuses_a_document_of_another_chain(world: World) -> None:
    """K-5, L-9."""
    other = new_directory(world.account("alice"), CHAIN_ID + 1, world.committee)
    item = replace(world.seed_item, document_cid=publish(world, other.document.to_bytes()))
    assert world.refusal(world.desk(), world.own_request(item)) == "DirectoryMissing"


def test_release_refuses_a_document_that_is_none(world: World) -> None:
    """K-5, L-17."""
    item = replace(world.seed_item, document_cid=publish(world, b"{}"))
    assert world.refusal(world.desk(), world.own_request(item)) == "DirectoryMissing"


def test_release_refuses_when_the_document_is_sealed_to_others(world: World) -> None:
    """K-4."""
    world.ledger.committees = {
        1: CommitteeInfo(1, 3, world.committee.keepers[1:]),
        2: CommitteeInfo(2, 3, world.committee.keepers),
    }
    assert world.refusal(world.desk(), world.request(world.seed_item)) == "SealedForAnother"


def test_release_refuses_when_the_documents_share_does_not_open(world: World) -> None:
    """K-4, L-9: a share that was sealed for another category."""
    categories = dict(world.document.categories)
    lab, vitals = categories[Category.LABORATORY], categories[Category.VITALS]
    categories[Category.LABORATORY] = replace(lab, shares=vitals.shares)
    raw = replace(world.document, categories=categories).to_bytes()
    item = replace(world.seed_item, document_cid=publish(world, raw))
    assert world.refusal(world.desk(), world.own_request(item)) == "ShareInvalid"


def test_release_says_that_the_document_is_missing_and_files_nothing(world: World) -> None:
    """Technically incomplete is no refusal (G-3)."""
    desk = world.desk()
    world.store.delete(world.seed_item.document_cid)
    with pytest.raises(BlobMissing):
        release(world.command(world.request(world.seed_item)), desk)
    assert desk.book.next_seq() == 0


def test_release_names_a_corrupt_document_and_files_nothing(world: World) -> None:
    """B-2."""
    desk = world.desk()
    for block in (world.folder / "store" / "blocks").rglob("b*"):
        if block.is_file():
            block.write_bytes(b"x" + block.read_bytes()[1:])
    with pytest.raises(BlobCorrupt):
        release(world.command(world.request(world.seed_item)), desk)
    assert desk.book.next_seq() == 0


def test_release_does_not_read_a_document_twice(world: World) -> None:
    """A document and its place in the history never change: remembered, while grounds never are."""
    desk = world.desk()
    world.given(desk, world.request(world.seed_item))
    store: BlobStore = world.store
    store.delete(world.seed_item.document_cid)
    world.given(desk, world.request(world.seed_item))
    with pytest.raises(BlobMissing):
        release(world.command(world.request(world.seed_item)), replace(desk, memory=Memory()))


def test_release_walks_the_history_once_for_all_items_and_requests(world: World) -> None:
    """K-5: a hundred documents that nobody named cost one walk, until the identity changes."""
    desk, alice = world.desk(), world.account("alice")
    items = [replace(world.seed_item, document_cid=world.store.put([bytes([n])]).cid) for n in range(20)]
    for _ in range(3):
        answers = release(world.command(world.own_request(*items)), desk).items
        assert not any(answer.sealed for answer in answers)
    assert world.ledger.walked == [alice]
    publish(world, new_directory(alice, CHAIN_ID, world.committee, version=2).document.to_bytes())
    world.given(desk, world.own_request(world.seed_item))
    release(world.command(world.own_request(*items)), desk)
    assert world.ledger.walked == [alice] * 2


def test_release_remembers_no_history_that_is_not_final(world: World) -> None:
    """K-5: what a reorganised block said is asked again, once for each request."""
    desk, alice = world.desk(), world.account("alice")
    world.ledger.final = replace(world.ledger.latest)
    world.ledger.unfinal.add(alice)
    for count in (1, 2):
        items = [replace(world.seed_item, category=one) for one in Category]
        assert all(one.sealed for one in release(world.command(world.own_request(*items)), desk).items)
        assert world.ledger.walked == [alice] * count


def test_release_says_that_a_history_is_too_long_and_does_not_walk_it_again(world: World) -> None:
    """K-5: whoever floods the own identity makes the keeper walk once."""
    desk, alice = world.desk(), world.account("alice")
    world.ledger.flooded.add(alice)
    for _ in range(3):
        with pytest.raises(HistoryTooLong):
            release(world.command(world.own_request(world.seed_item)), desk)
    assert world.ledger.walked == [alice] and desk.book.next_seq() == 0
