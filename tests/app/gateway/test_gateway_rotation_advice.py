"""When a patient is told that the directory should be renewed, and when no longer (D-8)."""

from __future__ import annotations

import secrets
import time

import pytest

from consentry.index.gateway_store import GatewayStore
from consentry.index.seed_holders import DeskSeedHolders
from consentry.ports.seed_holders import SeedHolder
from consentry.services.rotation import Why
from tests.app.gateway.content import DAY, bundle
from tests.app.gateway.people import Person
from tests.app.gateway.renewing import advised, consented, renew, tick
from tests.app.gateway.test_gateway_exchange import revoke
from tests.app.gateway.ward import ward_at
from tests.app.gateway.world import World


@pytest.fixture
def alice(world: World) -> Person:
    """Linked at both hospitals, with a record."""
    alice, mrn = world.patient(world.city), f"A-{secrets.token_hex(4)}"
    world.mercy.link(mrn, alice)
    assert world.mercy.publish(bundle(mrn)).status_code == 200
    tick(world)
    return alice


def linked(world: World, alice: Person) -> str:
    return world.city.link(f"C-{secrets.token_hex(4)}", alice)


def reads_once(world: World, ref: str, role: str = "attending") -> Person:
    """Somebody of City's staff who reads under alice's consent."""
    reader = world.staff(world.city, role)
    assert reader.open_session("TREAT").status_code == 201
    assert reader.send("GET", f"/fhir/Patient/{ref}/$everything").status_code == 200
    return reader


def reasons(world: World, alice: Person, ahead: int = 0) -> set[Why]:
    found = advised(world, alice, ahead)
    return set() if found is None else set(found.reasons)


def test_nothing_is_advised_while_everything_holds(world: World, alice: Person) -> None:
    """D-8: nor to somebody without a directory."""
    ref = linked(world, alice)
    consented(world, alice, ref)
    reads_once(world, ref)
    assert reasons(world, alice) == set()
    assert alice.send("GET", "/api/directory").json["rotation"] is None
    bob = world.person(world.city)
    bob.sign_in()
    assert bob.send("GET", "/api/directory").json["rotation"] is None


def test_revoked_consent_advises_until_the_next_document(world: World, alice: Person) -> None:
    """D-8: since the revocation; the next document ends the advice, and a cancelled proposal gives none."""
    consent = consented(world, alice, linked(world, alice))
    tick(world)
    assert revoke(alice, consent).status_code == 200
    tick(world)
    told = alice.send("GET", "/api/directory").json["rotation"]
    changed = alice.send("GET", "/api/consents").json["consents"][0]["changedAt"]
    assert told == {"since": changed, "reasons": ["consent-revoked"]}
    renew(world, alice)
    assert alice.send("GET", "/api/directory").json["rotation"] is None


def test_expired_consent_advises(world: World, alice: Person) -> None:
    """D-8: by itself, when its window is over; not before, and not for a consent that nobody signed."""
    ref = linked(world, alice)
    consented(world, alice, ref, days=2)
    assert reasons(world, alice, DAY) == set()
    assert reasons(world, alice, 2 * DAY) == {Why.CONSENT_EXPIRED}


def test_reader_who_left_advises(world: World, alice: Person) -> None:
    """D-8: a dismissed reader who was released seeds of the document in force; one who read nothing does not matter."""
    ref = linked(world, alice)
    consented(world, alice, ref)
    reader, other = reads_once(world, ref), world.staff(world.city)
    world.city.account.transact("MemberRegistry", "dismiss", other.wallet.address)
    assert reasons(world, alice) == set()
    world.city.account.transact("MemberRegistry", "dismiss", reader.wallet.address)
    assert reasons(world, alice) == {Why.READER_LEFT}
    renew(world, alice)
    assert reasons(world, alice) == set()


def test_ended_licence_advises(world: World, alice: Person) -> None:
    """D-8: since the licence ended; the consent itself still holds then."""
    ref = linked(world, alice)
    consented(world, alice, ref, days=800)
    reads_once(world, ref)
    assert reasons(world, alice, 364 * DAY) == set()
    assert reasons(world, alice, 366 * DAY) == {Why.READER_LEFT}


def test_ended_representative_advises(world: World, alice: Person) -> None:
    """D-8: revoked, or ended by itself; the latest word about a delegate counts, other kinds of delegates do not."""
    rita, sender = (
        world.person(world.city),
        type(world.consortium)(world.ledger.connection, alice.wallet.private_key),
    )
    kinds = [kind.ljust(32, b"\0") for kind in (b"consent", b"veriKey")]
    for kind in kinds:
        sender.transact(
            "IdentityRegistry", "addDelegate", alice.wallet.address, kind, rita.wallet.address, 9 * DAY
        )
    assert reasons(world, alice) == set() == reasons(world, alice, 8 * DAY)
    assert reasons(world, alice, 10 * DAY) == {Why.REPRESENTATIVE_ENDED}
    sender.transact("IdentityRegistry", "revokeDelegate", alice.wallet.address, kinds[1], rita.wallet.address)
    assert reasons(world, alice) == set()
    sender.transact("IdentityRegistry", "revokeDelegate", alice.wallet.address, kinds[0], rita.wallet.address)
    assert reasons(world, alice) == {Why.REPRESENTATIVE_ENDED}


def test_ended_opening_advises(world: World, alice: Person) -> None:
    """D-8: a break-glass box, since it was closed or its time was over; not while it is open."""
    ward = ward_at(world)
    running = ward.open(alice.did)
    assert reasons(world, alice, -3600) == set()
    tick(world)
    assert ward.sign_at(ward.li, f"{running}/closing").status_code == 200
    tick(world)
    assert reasons(world, alice, -3600) == {Why.OPENING_ENDED}
    renew(world, alice)
    ward.open(alice.did)
    assert reasons(world, alice, -3600) == set()
    assert reasons(world, alice, DAY) == {Why.OPENING_ENDED}


def test_holders_are_kept_by_their_latest_time(world: World) -> None:
    """D-8: one row for an account, found from a time on."""
    book = DeskSeedHolders(GatewayStore(world.folder / f"{secrets.token_hex(4)}.sqlite"))
    patient, account, now = world.person(world.city).wallet.address, world.city.system, int(time.time())
    for seconds in (0, 5):
        book.note(SeedHolder(patient, account, now + seconds))
    assert [one.held_at for one in book.since(patient, now)] == [now + 5]
    assert book.since(patient, now + 6) == () == book.since(account, now)
