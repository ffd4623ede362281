"""A new directory: new seeds for everything, old ones open nothing new, and readers find all of it (D-7)."""

from __future__ import annotations

import secrets
import time
from dataclasses import replace

import pytest

from consentry.crypto.directory_keys import open_entry
from consentry.domain.categories import Category
from consentry.domain.directory import DirectoryDocument
from consentry.errors import ChainUnreachable, LayoutInvalid, SealInvalid
from consentry.services import directory
from consentry.services.opening_directory import OpenDirectory, open_directory
from consentry.wallets.directory import SignedDirectory
from tests.app.gateway.filing import reads
from tests.app.gateway.people import Person
from tests.app.gateway.renewing import consented, found_with, renew, seeds_of, tick, visit
from tests.app.gateway.test_gateway_directory import post, sign_next
from tests.app.gateway.test_gateway_exchange import resources
from tests.app.gateway.test_gateway_positions import FailingSender
from tests.app.gateway.world import World


@pytest.fixture
def alice(world: World) -> Person:
    alice = world.patient(world.city)
    assert alice.open_session("PATRQT").status_code == 201
    return alice


def published(world: World, alice: Person, note: str) -> None:
    mrn = f"R-{alice.wallet.address}"
    world.mercy.link(mrn, alice)
    assert world.mercy.publish(visit(mrn, note)).status_code == 200


def current(world: World, alice: Person) -> directory.Directory:
    return directory.current(world.ledger, world.store, alice.wallet.address)


def command(alice: Person, signed: SignedDirectory) -> OpenDirectory:
    return OpenDirectory(alice.wallet.address, signed.document, signed.deadline, signed.signature)


def test_rotation_makes_every_key_anew(world: World, alice: Person) -> None:
    """D-7: all categories at once, so that nothing shows which one mattered."""
    before = current(world, alice)
    assert renew(world, alice) == before.document.version + 1
    after = current(world, alice)
    assert after.document.previous == before.cid and set(after.document.categories) == set(Category)
    for name in Category:
        old, new = before.document.categories[name], after.document.categories[name]
        assert old.channel_key != new.channel_key and old.entry_key != new.entry_key
        assert old.seed_commitment != new.seed_commitment and not set(old.shares) & set(new.shares)


def test_former_reader_opens_nothing_new(world: World, alice: Person) -> None:
    """D-7: with seeds kept from before, entries filed since are neither found nor opened; old ones are."""
    dr_bose, ref = world.staff(world.city), world.city.link(f"C-{secrets.token_hex(4)}", alice)
    assert dr_bose.open_session("TREAT").status_code == 201
    consented(world, alice, ref)
    published(world, alice, "before")
    kept = seeds_of(world.city, dr_bose, alice)
    (old,) = found_with(world.city, kept, alice).found
    renew(world, alice)
    published(world, alice, "after")
    assert [one.row.entry_cid for one in found_with(world.city, kept, alice).found] == [old.row.entry_cid]
    fresh = seeds_of(world.city, dr_bose, alice)
    found = found_with(world.city, fresh, alice).found
    (new,) = [one for one in found if one.row.entry_cid != old.row.entry_cid]
    sealed = b"".join(world.store.get(new.row.entry_cid, max_bytes=2**20))
    for secret in kept.held.values():
        with pytest.raises(SealInvalid):
            open_entry(sealed, new.row.tag, secret.entry_seed, world.ledger.chain_id)
    answer = dr_bose.send("GET", f"/fhir/Patient/{ref}/$everything")
    notes = [one["note"][0]["text"] for one in resources(answer) if one["resourceType"] == "Observation"]
    assert sorted(notes) == ["after", "before"]


def test_records_are_found_across_many_rotations(world: World, alice: Person) -> None:
    """D-7: filed under the newest version each time, read from all of them."""
    wanted = []
    for number in range(4):
        published(world, alice, f"visit-{number}")
        wanted.append(current(world, alice).document.version)
        renew(world, alice)
    assert wanted == [1, 2, 3, 4]
    found = reads(world.city, alice)
    assert len(found.records) == 4 * 2 + 1 and found.incomplete == ()  # who she is stays the same


@pytest.mark.parametrize("failing", ["before", "after"])
def test_rotation_that_fails_leaves_one_directory_in_force(world: World, alice: Person, failing: str) -> None:
    """D-7: the document is stored before it is named, so that one of the two holds; trying again makes the next."""
    former, signed = current(world, alice), sign_next(world, alice)
    parts = world.city.gateway
    sender = FailingSender(parts.sender, **{failing: [1]})
    with pytest.raises(ChainUnreachable):
        open_directory(command(alice, signed), replace(parts.directories, sender=sender))
    assert current(world, alice).cid == (former.cid if failing == "before" else signed.cid)
    assert world.store.has(signed.cid)
    published(world, alice, "meanwhile")
    renew(world, alice)
    published(world, alice, "later")
    assert len(reads(world.city, alice).records) == 2 * 2 + 1


def test_same_signature_is_good_once(world: World, alice: Person) -> None:
    """D-7: whoever relays a rotation again changes nothing."""
    signed = sign_next(world, alice)
    assert post(alice, signed).status_code == 200
    assert post(alice, signed).status_code == 400 and current(world, alice).cid == signed.cid


def test_document_lies_in_other_stores_before_it_is_named(world: World, alice: Person) -> None:
    """D-12: any gateway keeps what the patient's side has signed for, and names nothing; others' documents it refuses."""
    signed, former = sign_next(world, alice), current(world, alice)
    at_mercy = replace(alice, client=world.mercy.client)
    at_mercy.sign_in()
    answer = post(at_mercy, signed, "/api/directory/documents")
    assert (answer.status_code, answer.json["cid"]) == (200, signed.cid)
    assert current(world, alice).cid == former.cid and world.store.has(signed.cid)
    altered = replace(signed, signature=signed.signature[:-1] + bytes((signed.signature[-1] ^ 1,)))
    assert post(at_mercy, altered, "/api/directory/documents").status_code >= 400
    assert post(alice, signed).json["cid"] == signed.cid


def test_new_key_opens_the_next_version_after_a_recovery(world: World, alice: Person) -> None:
    """D-12: the identity is the same, its directory goes on, and who signs is asked of the chain."""
    published(world, alice, "before")
    carol = world.person(world.city)
    tick(world)
    sender = type(world.consortium)(world.ledger.connection, alice.wallet.private_key)
    sender.transact("IdentityRegistry", "changeOwner", alice.wallet.address, carol.wallet.address)
    assert carol.sign_in(patient=alice.did)["did"] == alice.did
    state = carol.send("GET", "/api/directory").json
    assert state["rotation"]["reasons"] == ["key-replaced"] and state["version"] == 1
    signed = sign_next(world, carol, alice.wallet.address)
    assert post(carol, signed).status_code == 200
    assert current(world, alice).document.version == 2
    assert world.mercy.publish(visit(f"R-{alice.wallet.address}", "after")).status_code == 200
    assert carol.open_session("PATRQT").status_code == 201
    assert len(reads(world.city, carol, alice.wallet.address).records) == 2 * 2 + 1
    stale = sign_next(world, replace(alice, token=carol.token), alice.wallet.address)
    assert post(replace(alice, token=carol.token), stale).status_code >= 400


def test_document_of_the_wrong_version_is_refused(world: World, alice: Person) -> None:
    """D-7: the next one and no other."""
    document = DirectoryDocument.parse(sign_next(world, alice).document)
    parts = world.city.gateway
    skipping = replace(document, version=document.version + 1)
    with pytest.raises(LayoutInvalid):
        open_directory(
            OpenDirectory(alice.wallet.address, skipping.to_bytes(), int(time.time()) + 60, bytes(65)),
            parts.directories,
        )
