"""Directories, channels and entries, from the patient's seeds to what a reader finds."""

from __future__ import annotations

import pytest

from consentry.crypto import directory_keys, hpke, sealing
from consentry.crypto.seeds import derive, seed_commitment_of
from consentry.domain.categories import Category
from consentry.domain.directory import DirectoryDocument
from consentry.domain.tags import tag
from consentry.errors import KeyCommitmentMismatch, LayoutInvalid, SealInvalid, ShareInvalid
from tests.app.crypto.committee import committee, keys
from tests.vectors import samples
from tests.vectors.samples import ALICE, CHAIN_ID, MERCY, filler

NEW = directory_keys.new_directory(ALICE, CHAIN_ID, committee())
LAB, VISIT = Category.LABORATORY, Category.VISIT


def shares(category: Category, document: DirectoryDocument = NEW.document) -> dict[int, bytes]:
    return {
        seat: sealing.open_seed_share(keys()[seat].seed, document=document, category=category, seat=seat)
        for seat in range(5)
    }


def test_a_new_directory_has_every_category_and_keepers_hold_its_seeds() -> None:
    """L-9, L-17, S-1."""
    document = DirectoryDocument.parse(NEW.document.to_bytes())
    assert document == NEW.document
    assert set(document.categories) == set(Category) == set(NEW.seeds)
    assert len(set(NEW.seeds.values())) == len(Category)
    opened = shares(LAB)
    own = document.categories[LAB]
    assert sealing.combine_seed(document.sealing_of(LAB), own.seed_commitment, opened) == NEW.seeds[LAB]
    assert derive(NEW.seeds[LAB]).entry_public == own.entry_key


def test_a_seed_share_opens_only_in_its_own_document() -> None:
    """L-9: another version of the same keys is another context."""
    document = NEW.document
    other = directory_keys.new_directory(
        ALICE, CHAIN_ID, committee(), version=2, previous=samples.cid("document 1")
    )
    mixed = DirectoryDocument(
        chain_id=CHAIN_ID,
        patient=ALICE,
        version=3,
        previous=None,
        committee_version=document.committee_version,
        threshold=document.threshold,
        categories=document.categories,
    )
    with pytest.raises(SealInvalid):
        sealing.open_seed_share(keys()[0].seed, document=mixed, category=LAB, seat=0)
    with pytest.raises(SealInvalid):
        sealing.open_seed_share(keys()[1].seed, document=other.document, category=LAB, seat=0)
    with pytest.raises(ShareInvalid, match="seat 5"):
        sealing.open_seed_share(keys()[0].seed, document=document, category=LAB, seat=5)


def test_a_seed_that_is_not_the_documents_is_refused() -> None:
    """S-2, L-12."""
    seed = filler("another seed")
    sealed = sealing.seal_shares(seed, filler("salt"), b"info", committee())
    opened = {seat: hpke.open_(keys()[seat].seed, b"info", sealed.shares[seat]) for seat in range(3)}
    with pytest.raises(KeyCommitmentMismatch):
        sealing.combine_seed(sealed.sealing, filler("salt"), opened)


def test_a_reader_with_the_seed_finds_what_an_author_filed() -> None:
    """D-1: from the seed and the author's public key alone; without the seed nothing is found."""
    author_private = directory_keys.generate_directory_key()
    filed = directory_keys.author_channel(author_private, MERCY, NEW.document, LAB)
    author_key = directory_keys.directory_public(author_private)
    secret = derive(NEW.seeds[LAB])
    found = directory_keys.reader_channel(secret, MERCY, author_key, NEW.document, LAB)
    assert tag(found, 0, 5) == tag(filed, 0, 5)
    entry = samples.entry()
    sealed = directory_keys.seal_entry(entry, tag(filed, 0, 5), secret.entry_public, CHAIN_ID)
    assert len(sealed) % 4096 == 1120 + 16
    assert directory_keys.open_entry(sealed, tag(found, 0, 5), secret.entry_seed, CHAIN_ID) == entry
    for wrong_tag, wrong_seed, chain_id in (
        (tag(found, 0, 6), secret.entry_seed, CHAIN_ID),
        (tag(found, 0, 5), derive(NEW.seeds[VISIT]).entry_seed, CHAIN_ID),
        (tag(found, 0, 5), secret.entry_seed, 1),
    ):
        with pytest.raises(SealInvalid):
            directory_keys.open_entry(sealed, wrong_tag, wrong_seed, chain_id)


def test_channels_differ_by_author_category_and_version() -> None:
    """L-13, D-1: one author's channel says nothing about another's."""
    private, other = (directory_keys.generate_directory_key() for _ in range(2))
    newer = directory_keys.new_directory(ALICE, CHAIN_ID, committee(), version=2)
    channels = {
        directory_keys.author_channel(private, MERCY, NEW.document, LAB),
        directory_keys.author_channel(private, MERCY, NEW.document, VISIT),
        directory_keys.author_channel(other, MERCY, NEW.document, LAB),
        directory_keys.author_channel(private, samples.CITY, NEW.document, LAB),
        directory_keys.author_channel(private, MERCY, newer.document, LAB),
    }
    assert len(channels) == 5


def test_keys_of_one_seed_differ_from_each_other() -> None:
    """L-11, L-12."""
    secret = derive(NEW.seeds[LAB])
    assert len({secret.channel_private, secret.entry_seed, secret.commitment, NEW.seeds[LAB]}) == 4
    with pytest.raises(LayoutInvalid):
        seed_commitment_of(bytes(31))


@pytest.mark.parametrize(("lineage", "j"), [(-1, 0), (2**32, 0), (0, -1), (0, 2**64)])
def test_tag_refuses_numbers_outside_the_layout(lineage: int, j: int) -> None:
    """L-14."""
    with pytest.raises(LayoutInvalid):
        tag(bytes(32), lineage, j)
