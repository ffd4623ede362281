"""A directory document that is lost or is none locks nobody out (D-4)."""

from __future__ import annotations

import time
from typing import Any

import pytest

from consentry.domain import fields, identity_typed
from consentry.domain.addresses import Address
from consentry.domain.directory import SERVICE
from consentry.errors import BlobMissing
from consentry.services import directory
from consentry.services.directory import SCHEME, VALIDITY_SECONDS
from consentry.wallets.directory import DirectoryState, IdentityContract, SignedDirectory, sign_directory
from tests.app.gateway.content import bundle
from tests.app.gateway.filing import entry, file, reads
from tests.app.gateway.people import Person
from tests.app.gateway.world import World


def registry(world: World) -> IdentityContract:
    return IdentityContract(world.ledger.chain_id, Address(world.ledger.address_of("IdentityRegistry")))


def sign_next(world: World, patient: Person, identity: Address | None = None) -> SignedDirectory:
    """What the patient's client makes of what its gateway says; `identity` if it is not the wallet's own."""
    told = patient.send("GET", "/api/directory")
    assert told.status_code == 200, told.text
    committee = world.ledger.committee()
    assert committee is not None
    state = DirectoryState(
        told.json["cid"], told.json["version"], told.json["identityNonce"], told.json["inForce"]
    )
    return sign_directory(
        patient.wallet,
        identity or patient.wallet.address,
        committee,
        registry(world),
        state,
        int(time.time()),
    )


def post(patient: Person, signed: SignedDirectory, path: str = "/api/directory") -> Any:
    body = {
        "document": fields.to_base64(signed.document),
        "deadline": signed.deadline,
        "signature": fields.to_hex(signed.signature),
    }
    return patient.send("POST", path, body)


def relay(world: World, patient: Person, value: str, validity: int = VALIDITY_SECONDS) -> None:
    """A gateway that relays the patient's signature and keeps nothing."""
    who, contract = patient.wallet.address, registry(world)
    deadline = int(time.time()) + 900
    typed = identity_typed.set_attribute(
        contract.chain_id,
        contract.address,
        identity=who,
        name=SERVICE,
        value=value,
        validity=validity,
        nonce=world.ledger.identity_nonce(who),
        deadline=deadline,
    )
    world.mercy.account.transact(
        "IdentityRegistry",
        "setAttributeBySignature",
        who,
        SERVICE.encode().ljust(32, b"\0"),
        value.encode(),
        validity,
        deadline,
        patient.wallet.sign_typed(typed),
    )


@pytest.fixture
def alice(world: World) -> Person:
    """Somebody with a directory and a record in it."""
    alice = world.patient(world.mercy)
    alice.open_session("PATRQT")
    file(world, world.mercy, alice, entry(world, world.mercy, alice, b'"first"'))
    return alice


LOST = {
    "dropped": lambda world, alice: SCHEME + sign_next(world, alice).cid,
    "no document": lambda world, alice: SCHEME + world.store.put([b"rubbish"]).cid,
    "no content id": lambda world, alice: SCHEME + "somewhere",
    "no address": lambda world, alice: "hello",
}


@pytest.mark.parametrize("lose", LOST.values(), ids=LOST.keys())
def test_reading_and_renewing_go_on_when_a_document_is_lost(world: World, alice: Person, lose: Any) -> None:
    """D-4: old records are read and the gap is said without naming anybody; the next document follows it."""
    before = sign_next(world, alice).version
    relay(world, alice, lose(world, alice))
    found = reads(world.mercy, alice)
    assert [one.content for one in found.records] == [b'"first"']
    (words,) = found.incomplete
    assert words.endswith("a part of the directory cannot be read") and alice.wallet.address[2:] not in words
    signed = sign_next(world, alice)
    assert signed.version == before + 1
    assert post(alice, signed).json["cid"] == signed.cid
    mrn = f"D-{alice.wallet.address}"
    world.mercy.link(mrn, alice)
    assert world.mercy.publish(bundle(mrn)).status_code == 200
    found = reads(world.mercy, alice)
    assert len(found.records) > 1 and len(found.incomplete) == 1
    told = alice.send("GET", "/api/directory").json
    assert (told["cid"], told["version"], told["inForce"]) == (signed.cid, signed.version, True)


def test_next_document_names_the_lost_one_and_has_a_higher_version(world: World, alice: Person) -> None:
    """D-4: any higher version, never the same or a lower one, and never past what the patient signed for last."""
    first = directory.current(world.ledger, world.store, alice.wallet.address)
    lost = sign_next(world, alice)
    relay(world, alice, SCHEME + lost.cid)
    committee = world.ledger.committee()
    assert committee is not None
    for cid, version, status in ((lost.cid, 0, 400), (first.cid, 7, 400), (None, 7, 400), (lost.cid, 7, 200)):
        state = DirectoryState(cid, version, world.ledger.identity_nonce(alice.wallet.address))
        signed = sign_directory(
            alice.wallet, alice.wallet.address, committee, registry(world), state, int(time.time())
        )
        assert post(alice, signed).status_code == status
    assert sign_next(world, alice).version == 9


def test_withdrawn_directory_can_be_opened_again(world: World, alice: Person) -> None:
    """D-4: an attribute whose time is over names nothing in force, and locks nobody out."""
    current = directory.current(world.ledger, world.store, alice.wallet.address)
    relay(world, alice, SCHEME + current.cid, validity=0)
    signed = sign_next(world, alice)
    assert post(alice, signed).status_code == 200
    assert directory.current(world.ledger, world.store, alice.wallet.address).cid == signed.cid


def test_reading_names_the_cause_when_no_document_is_left(world: World) -> None:
    """D-4: not a refusal, and nobody is told that there is nothing."""
    bob = world.patient(world.mercy)
    bob.open_session("PATRQT")
    directory_cid = directory.current(world.ledger, world.store, bob.wallet.address).cid
    world.store.delete(directory_cid)
    parts = world.mercy.gateway
    with pytest.raises(BlobMissing) as missing:
        reads(world.mercy, bob)
    assert directory_cid not in missing.value.diagnostics
    memory = parts.everything.reading.documents
    assert memory.missed.get((bob.wallet.address, directory_cid)) is not None
