"""Opening, closing and reviewing through a gateway, on a real chain (E-1 to E-9)."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, replace

import pytest

from consentry.bootstrap.common import SystemClock
from consentry.chain.calls import code32
from consentry.chain.sender import ChainSender
from consentry.crypto.signatures import account_of, sign_typed
from consentry.domain import fields
from consentry.domain.addresses import Address
from consentry.domain.openings import Finding, Opening
from consentry.errors import LayoutInvalid, SignatureInvalid, TransactionReverted
from consentry.services import emergency
from consentry.services.emergency import EmergencyPorts, Prepare, Prepared
from consentry.services.sign_in import Site
from tests.app.chain.world import World, build_world
from tests.chains import DeployedChain

HOUR = 3600


@dataclass(frozen=True)
class Person:
    key: bytes

    @property
    def address(self) -> Address:
        return account_of(self.key)

    def sign(self, typed: dict[str, object]) -> str:
        return fields.to_hex(sign_typed(self.key, typed))


@dataclass(frozen=True)
class Room:
    """City's emergency room, its gateway's ports and a patient."""

    world: World
    ports: EmergencyPorts
    dr_bose: Person
    nurse_li: Person
    dr_chen: Person
    alice: Address

    def prepare(self, seconds: int = HOUR) -> Prepared:
        command = Prepare(self.alice, self.dr_bose.address, self.nurse_li.address, seconds)
        return emergency.prepare(command, self.ports)

    def open(self, seconds: int = HOUR) -> Prepared:
        prepared = self.prepare(seconds)
        signatures = (self.dr_bose.sign(prepared.typed_data), self.nurse_li.sign(prepared.typed_data))
        relayed = emergency.open_summary(prepared.opening, *signatures, self.ports)
        assert relayed.opening_id == prepared.opening_id
        return prepared

    def close(self, opening_id: bytes, closer: Person) -> emergency.Relayed:
        signature = closer.sign(emergency.closing_data(opening_id, closer.address, self.ports))
        return emergency.close(opening_id, closer.address, signature, self.ports)

    def review(self, opening_id: bytes, reviewer: Person) -> emergency.Relayed:
        typed = emergency.review_data(opening_id, Finding.Unjustified, reviewer.address, self.ports)
        signature = reviewer.sign(typed)
        return emergency.review(opening_id, Finding.Unjustified, reviewer.address, signature, self.ports)


@pytest.fixture(scope="module")
def room(deployed_chain: DeployedChain) -> Room:
    world = build_world(deployed_chain)
    people = [Person(secrets.token_bytes(32)) for _ in range(3)]
    for person in people:
        end = int(time.time()) + 30 * 24 * HOUR
        world.city_hospital.transact(
            "MemberRegistry", "enrol", person.address, code32("attending"), bytes(32), end
        )
    relayer = ChainSender(world.ledger.connection, secrets.token_bytes(32))
    member = Address(world.city_hospital.address)
    site = Site("https://gateway.example", member, world.city_name, world.ledger.chain_id)
    ports = EmergencyPorts(site, world.ledger, relayer, SystemClock())
    return Room(world, ports, *people, Address(world.alice.address))


def test_an_opening_lives_from_two_signatures_to_its_review(room: Room) -> None:
    """E-1, E-7, E-8: whoever relays has no standing of its own."""
    prepared = room.open()
    closed = room.close(prepared.opening_id, room.nurse_li)
    reviewed = room.review(prepared.opening_id, room.dr_chen)
    assert prepared.opening.open_until > prepared.opening.relay_before
    assert closed.block < reviewed.block
    with pytest.raises(TransactionReverted, match="OpeningAlreadyReviewed"):
        room.review(prepared.opening_id, room.dr_chen)


def test_every_opening_has_a_salt_of_its_own(room: Room) -> None:
    """E-2"""
    one, two = room.prepare(), room.prepare()
    assert one.opening.subject.salt != two.opening.subject.salt
    assert one.opening.declaration().subject_hash != two.opening.declaration().subject_hash


def test_an_opening_is_read_back_from_what_was_shown(room: Room) -> None:
    """E-1: a page gives back what both signed."""
    prepared = room.prepare()
    assert Opening.from_json(prepared.opening.to_json()) == prepared.opening


@pytest.mark.parametrize("seconds", [0, 59, 24 * HOUR + 1, -1, True, 1.5])
def test_prepare_refuses_a_box_of_another_length(room: Room, seconds: int) -> None:
    """E-4"""
    with pytest.raises(LayoutInvalid, match="opening.seconds"):
        room.prepare(seconds)


def test_prepare_refuses_one_person_twice(room: Room) -> None:
    """E-3"""
    with pytest.raises(LayoutInvalid, match="another person"):
        emergency.prepare(Prepare(room.alice, room.dr_bose.address, room.dr_bose.address, HOUR), room.ports)


def test_open_refuses_another_members_opening(room: Room) -> None:
    """E-1: a gateway relays for its own people."""
    prepared = room.prepare()
    foreign = replace(prepared.opening, member="Somewhere else")
    with pytest.raises(LayoutInvalid, match=r"opening\.member"):
        emergency.open_summary(foreign, "0x" + "00" * 65, "0x" + "00" * 65, room.ports)


def test_open_refuses_signatures_that_are_none(room: Room) -> None:
    """E-1, E-3: malformed ones before the chain is asked, others' by the contract's word."""
    prepared = room.prepare()
    good = room.nurse_li.sign(prepared.typed_data)
    stranger = Person(secrets.token_bytes(32)).sign(prepared.typed_data)
    for bad in (None, 5, "", "0x", good[:-2], "0x" + "11" * 65, stranger, good):
        with pytest.raises(SignatureInvalid):
            emergency.open_summary(prepared.opening, bad, good, room.ports)


def test_open_says_the_contracts_reason_when_refused(room: Room) -> None:
    """E-1, E-3"""
    prepared = room.open()
    signatures = (room.dr_bose.sign(prepared.typed_data), room.nurse_li.sign(prepared.typed_data))
    with pytest.raises(TransactionReverted, match="OpeningAlreadyKnown"):
        emergency.open_summary(prepared.opening, *signatures, room.ports)
    stranger = Person(secrets.token_bytes(32))
    alone = emergency.prepare(Prepare(room.alice, room.dr_bose.address, stranger.address, HOUR), room.ports)
    signatures = (room.dr_bose.sign(alone.typed_data), stranger.sign(alone.typed_data))
    with pytest.raises(TransactionReverted, match="OpeningStaffOfAnotherMember"):
        emergency.open_summary(alone.opening, *signatures, room.ports)


def test_close_and_review_refuse_another_signature(room: Room) -> None:
    """E-7, E-8"""
    opening_id = room.open().opening_id
    for bad in (None, "0x11", room.nurse_li.sign(room.prepare().typed_data)):
        with pytest.raises(SignatureInvalid):
            emergency.close(opening_id, room.dr_bose.address, bad, room.ports)
        with pytest.raises(SignatureInvalid):
            emergency.review(opening_id, Finding.Justified, room.dr_chen.address, bad, room.ports)
    with pytest.raises(LayoutInvalid):
        emergency.close(b"short", room.dr_bose.address, "0x" + "11" * 65, room.ports)


def test_review_says_the_contracts_reason_when_refused(room: Room) -> None:
    """E-8"""
    opening_id = room.open().opening_id
    with pytest.raises(TransactionReverted, match="OpeningStillOpen"):
        room.review(opening_id, room.dr_chen)
    room.close(opening_id, room.dr_bose)
    with pytest.raises(TransactionReverted, match="OpeningReviewerIsOpener"):
        room.review(opening_id, room.dr_bose)
    with pytest.raises(TransactionReverted, match="OpeningAlreadyClosed"):
        room.close(opening_id, room.nurse_li)
