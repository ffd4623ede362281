"""Patient numbers and DIDs: linked by the wallet at the desk, found by reference or identifier (G-4, P-1)."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from consentry.domain import fields
from consentry.errors import BundleNamesTwoPatients, PatientNotLinked
from consentry.services.link import patient_of_identifiers, patient_of_mrn
from tests.app.gateway.content import bundle
from tests.app.gateway.people import Person
from tests.app.gateway.world import World


def begun(world: World, mrn: str) -> dict[str, Any]:
    answer = world.mercy.send("POST", "/api/patients/links", {"mrn": mrn})
    assert answer.status_code == 201, answer.text
    return dict(answer.json)


def completed(world: World, made: dict[str, Any], signer: Person, patient: Person) -> Any:
    body = {"did": patient.did, "signature": fields.to_hex(signer.wallet.sign_text(made["challenge"]))}
    return world.mercy.send("POST", f"/api/patients/links/{made['ref']}", body)


def test_link_needs_the_controllers_signature(world: World) -> None:
    """G-4: the text names member, reference, chain and end; somebody else's signature files nothing."""
    alice, mallory = world.person(world.mercy), world.person(world.mercy)
    made = begun(world, "L-1")
    for words in (world.mercy.name, made["ref"], f"Chain: {world.ledger.chain_id}", "Valid until: "):
        assert words in made["challenge"]
    assert "L-1" not in made["challenge"]
    assert completed(world, made, mallory, alice).json["code"] == "signature-invalid"
    with pytest.raises(PatientNotLinked):
        patient_of_mrn("L-1", world.mercy.gateway.links)
    linked = completed(world, made, alice, alice)
    assert linked.json == {"ref": made["ref"], "did": alice.did}
    assert patient_of_mrn(" L-1 ", world.mercy.gateway.links) == alice.wallet.address
    assert completed(world, made, alice, alice).json["code"] == "challenge-unknown"


def test_link_is_one_for_each_number_until_it_ends(world: World) -> None:
    alice, bob = world.person(world.mercy), world.person(world.mercy)
    ref = world.mercy.link("L-2", alice)
    assert completed(world, begun(world, "L-2"), bob, bob).json["code"] == "patient-already-linked"
    assert world.mercy.send("DELETE", f"/api/patients/links/{ref}").status_code == 204
    assert world.mercy.send("DELETE", f"/api/patients/links/{ref}").json["code"] == "patient-not-linked"
    again = world.mercy.link("L-2", bob)
    assert again != ref
    assert patient_of_mrn("L-2", world.mercy.gateway.links) == bob.wallet.address


@pytest.mark.parametrize("mrn", ["", "   ", "x" * 129, "a\nb", 17, None])
def test_link_refuses_what_is_no_number(world: World, mrn: object) -> None:
    answer = world.mercy.send("POST", "/api/patients/links", {"mrn": mrn})
    assert (answer.status_code, answer.json["code"]) == (400, "layout-invalid")


def test_link_refuses_what_is_no_did_of_this_chain(world: World) -> None:
    alice, made = world.person(world.mercy), begun(world, "L-3")
    for did in ("did:web:x", f"did:ethr:0x1:{alice.wallet.address}", alice.wallet.address, 1):
        body = {"did": did, "signature": "0x" + "11" * 65}
        answer = world.mercy.send("POST", f"/api/patients/links/{made['ref']}", body)
        assert answer.json["code"] == "layout-invalid"


def test_database_holds_no_patient_number(world: World) -> None:
    """P-1: only a keyed digest."""
    world.mercy.link("UNIQUE-NUMBER-4711", world.person(world.mercy))
    path = Path(world.folder / "Mercy" / "gateway.sqlite")
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        stored = "\n".join(connection.iterdump())
    assert "4711" not in stored and b"4711" not in path.read_bytes()


def test_bundle_finds_its_patient_by_identifier(world: World) -> None:
    """By number, or by system and number; never by the reference of somebody else."""
    alice, bob, links = world.patient(world.mercy), world.person(world.mercy), world.mercy.gateway.links
    world.mercy.link("urn:mrn|L-5", alice)
    world.mercy.link("L-6", bob)
    assert world.mercy.publish(bundle("L-5")).status_code == 200
    unknown = world.mercy.publish(bundle("L-7"))
    assert (unknown.status_code, unknown.json["resourceType"]) == (404, "OperationOutcome")
    assert patient_of_identifiers([("", "\n"), ("urn:mrn", "L-5")], links) == alice.wallet.address
    with pytest.raises(BundleNamesTwoPatients):
        patient_of_identifiers([("urn:mrn", "L-5"), ("urn:mrn", "L-6")], links)
    with pytest.raises(PatientNotLinked):
        patient_of_identifiers([("urn:other", "L-5")], links)
