"""What one author files or registers hurts that author's records only (D-1, D-2, D-5, G-3)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from consentry.domain.entries import Entry
from consentry.index import entries as index_entries
from tests.app.gateway.filing import anchor, entry, file, reads, row
from tests.app.gateway.people import Person
from tests.app.gateway.world import World


@pytest.fixture
def alice(world: World) -> Person:
    """Somebody with one laboratory record of Mercy's, reading at Mercy."""
    alice = world.patient(world.mercy)
    alice.open_session("PATRQT")
    file(world, world.mercy, alice, entry(world, world.mercy, alice, b'"true"'))
    return alice


def contents(found: Any) -> list[bytes]:
    return sorted(one.content for one in found.records)


class OddKeys:
    """The chain's members, each with keys that have no channel: in front of the own ones and alone."""

    def __init__(self, ledger: Any) -> None:
        self._ledger = ledger

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)

    def members(self) -> Any:
        low = ((0).to_bytes(32, "little"), (1).to_bytes(32, "little"))
        listed = self._ledger.members()
        mallory = replace(listed[0], address="0x" + "66" * 20, name="Mallory's", directory_keys=low)
        return (mallory, *(replace(one, directory_keys=low + one.directory_keys) for one in listed))


def test_read_passes_over_keys_that_have_no_channel(world: World, alice: Person) -> None:
    """D-1, L-13: a low-order X25519 key, by whoever put it on the chain, takes nothing away."""
    parts = world.mercy.gateway
    ports = replace(parts.everything.reading, ledger=OddKeys(parts.ledger))
    odd = replace(parts.everything, reading=ports)
    hospital = replace(world.mercy, gateway=replace(parts, everything=odd))
    found = reads(hospital, alice)
    assert contents(found) == [b'"true"'] and found.incomplete == ()


def test_read_tells_apart_records_of_two_authors_under_one_id(world: World, alice: Person) -> None:
    """D-5: City copies the id, the date and a later version of Mercy's record, and shadows nothing."""
    (own,) = reads(world.mercy, alice).records
    copied = {"record_id": own.header.record_id, "date": own.header.date, "version": 9}
    file(world, world.city, alice, entry(world, world.city, alice, b'"false"', **copied))
    forged = entry(world, world.city, alice, b'"mine"', replaces=own.header.record_id, version=9)
    file(world, world.city, alice, forged, j=1)
    found = reads(world.mercy, alice)
    assert (own.header.author, b'"true"') in {(one.header.author, one.content) for one in found.records}
    assert found.incomplete == ()


def test_read_leaves_out_two_headers_of_one_author_under_one_id(world: World, alice: Person) -> None:
    """D-5: both are named as missing, by the author's name; the others are read."""
    first = entry(world, world.city, alice, b'"one"')
    second = entry(world, world.city, alice, b'"two"', record_id=first.header.record_id)
    file(world, world.city, alice, first, second)
    found = reads(world.mercy, alice)
    assert contents(found) == [b'"true"']
    assert found.incomplete == (
        f"record-ambiguous: {world.city.name} filed different records under one record id",
    )


def test_read_follows_only_a_higher_version_of_the_same_author(world: World, alice: Person) -> None:
    """D-5: a circle of replacements, or a record that replaces itself, hides nothing."""
    old = entry(world, world.city, alice, b'"old"')
    new = entry(world, world.city, alice, b'"new"', replaces=old.header.record_id, version=2)
    itself = entry(world, world.city, alice, b'"itself"', record_id=b"\7" * 32, replaces=b"\7" * 32)
    file(world, world.city, alice, old, new, itself)
    assert contents(reads(world.mercy, alice)) == [b'"itself"', b'"new"', b'"true"']


def test_read_looks_at_so_many_rows_of_one_tag(world: World, alice: Person) -> None:
    """D-2: seventy entries under one tag are looked at sixty-four times, and the rest is said."""
    crowd = [row(world, world.city, alice, entry(world, world.city, alice), 0) for _ in range(70)]
    anchor(world, world.city, crowd)
    found = reads(world.mercy, alice)
    assert len(found.records) == 65 and b'"true"' in contents(found)
    assert [words.partition(":")[0] for words in found.incomplete] == ["entry-crowded"]
    assert world.city.name in found.incomplete[0]


def test_entry_that_was_filed_twice_is_one_record(world: World, alice: Person) -> None:
    """D-2, D-18: at two positions, and under one tag beside another record: equal tags are a list, equal headers one record."""
    twice, other = entry(world, world.city, alice, b'"twice"'), entry(world, world.city, alice, b'"other"')
    file(world, world.city, alice, twice, twice)
    anchor(world, world.city, [row(world, world.city, alice, one, 0) for one in (twice, other)])
    found = reads(world.mercy, alice)
    assert contents(found) == [b'"other"', b'"true"', b'"twice"'] and found.incomplete == ()


def test_read_goes_on_past_a_committee_that_nobody_knows(world: World, alice: Person) -> None:
    """G-3: the sealing is the author's word; only its own record suffers."""
    good = entry(world, world.city, alice)
    odd = Entry(good.header, replace(good.sealing, committee_version=999), good.shares, good.copy)
    file(world, world.city, alice, odd)
    found = reads(world.mercy, alice)
    assert contents(found) == [b'"true"']
    assert [words.partition(":")[0] for words in found.incomplete] == ["keepers-insufficient"]


def test_read_finds_what_a_restored_author_files(world: World, alice: Person) -> None:
    """D-3: the lineages below may be empty in a channel that began after the restore; so may sixteen positions."""
    file(world, world.city, alice, entry(world, world.city, alice, b'"later"'), lineage=7)
    file(world, world.mercy, alice, entry(world, world.mercy, alice, b'"past a gap"'), j=16)
    assert contents(reads(world.mercy, alice)) == [b'"later"', b'"past a gap"', b'"true"']


def test_answer_holds_so_many_bytes_and_every_author_has_a_part(world: World, alice: Person) -> None:
    """G-3: City's large records do not crowd out Mercy's small one; what does not fit is said once."""
    large = [
        entry(world, world.city, alice, bytes((65 + one,)) * 300_000, date="2020-01-01T00:00:00Z")
        for one in range(3)
    ]
    file(world, world.city, alice, *large)
    parts = world.mercy.gateway
    bounded = replace(parts.everything, reading=replace(parts.everything.reading, max_bytes=700_000))
    hospital = replace(world.mercy, gateway=replace(parts, everything=bounded))
    found = reads(hospital, alice)
    assert len(found.records) == 3 and b'"true"' in contents(found)
    assert found.incomplete == (
        f"blob-too-large: a record of {world.city.name} is more than one answer can still hold",
    )
    assert len(reads(world.mercy, alice).records) == 4


def test_answer_names_whose_manifests_are_missing(
    world: World, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """D-6: in the first hour everybody hears of it, later those who read what the author filed; none of a suspended one."""
    mallory = world._hospital("Mallory Clinic")
    bob = world.patient(world.mercy)
    bob.open_session("PATRQT")
    file(world, mallory, bob, entry(world, mallory, bob))
    anchor(world, mallory, [row(world, mallory, bob, entry(world, mallory, bob), 1)], keep=False)
    words = f"index-behind: records of {mallory.name} may be missing"
    assert reads(world.mercy, alice).incomplete == reads(world.mercy, bob).incomplete == (words,)
    monkeypatch.setattr(index_entries, "ABANDONED_SECONDS", -1)
    assert reads(world.mercy, alice).incomplete == ()
    assert reads(world.mercy, bob).incomplete == (words,)
    monkeypatch.undo()
    world.consortium.transact("MemberRegistry", "suspend", mallory.account.address)
    assert reads(world.mercy, alice).incomplete == ()
    mallory.gateway.close()
