"""Patient numbers and DIDs: linked by the wallet at the desk, found by reference or identifier (G-4, P-1)."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from consentry.domain import fields
from consentry.errors import BundleNamesTwoPatients, PatientNotLinked
from consentry.services.link import link_of_mrn, patient_of_identifiers
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
        link_of_mrn("L-1", world.mercy.gateway.links)
    linked = completed(world, made, alice, alice)
    assert linked.json == {"ref": made["ref"], "did": alice.did}
    assert link_of_mrn(" L-1 ", world.mercy.gateway.links).patient == alice.wallet.address
    assert completed(world, made, alice, alice).json["code"] == "challenge-unknown"


def test_link_is_one_for_each_number_until_it_ends(world: World) -> None:
    alice, bob = world.person(world.mercy), world.person(world.mercy)
    ref = world.mercy.link("L-2", alice)
    assert completed(world, begun(world, "L-2"), bob, bob).json["code"] == "patient-already-linked"
    assert world.mercy.send("DELETE", f"/api/patients/links/{ref}").status_code == 204
    assert world.mercy.send("DELETE", f"/api/patients/links/{ref}").json["code"] == "patient-not-linked"
    again = world.mercy.link("L-2", bob)
    assert again != ref
    assert link_of_mrn("L-2", world.mercy.gateway.links).patient == bob.wallet.address


def test_link_again_gives_the_reference_that_there_is(world: World) -> None:
    """G-4: after the same proof; whoever lost it asks by number, and gets nobody else's."""
    alice, mallory = world.person(world.mercy), world.person(world.mercy)
    ref = world.mercy.link("L-20", alice)
    again = begun(world, "L-20")
    assert completed(world, again, mallory, alice).json["code"] == "signature-invalid"
    answer = completed(world, again, alice, alice)
    assert (answer.status_code, answer.json) == (200, {"ref": ref, "did": alice.did})
    assert (
        world.mercy.send("DELETE", f"/api/patients/links/{again['ref']}").json["code"] == "patient-not-linked"
    )
    found = world.mercy.send("POST", "/api/patients/find", {"mrn": " L-20 "})
    assert (found.status_code, found.json) == (200, {"ref": ref, "did": alice.did})
    unknown = world.mercy.send("POST", "/api/patients/find", {"mrn": "L-21"})
    assert (unknown.status_code, unknown.json["code"]) == (404, "patient-not-linked")
    alice.sign_in()
    assert alice.send("POST", "/api/patients/find", {"mrn": "L-20"}).json["code"] == "role-unfit"
    assert world.city.send("POST", "/api/patients/find", {"mrn": "L-20"}).json["code"] == "patient-not-linked"


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
    world.mercy.link("UNIQUE-NUMBER-XYZW", world.person(world.mercy))
    path = Path(world.folder / "Mercy" / "gateway.sqlite")
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        stored = "\n".join(connection.iterdump())
    assert "XYZW" not in stored and b"XYZW" not in path.read_bytes()


def test_bundle_finds_its_patient_by_identifier(world: World) -> None:
    """By number, or by system and number; never by the reference of somebody else."""
    alice, bob, links = world.patient(world.mercy), world.person(world.mercy), world.mercy.gateway.links
    world.mercy.link("urn:mrn|L-5", alice)
    world.mercy.link("L-6", bob)
    assert world.mercy.publish(bundle("L-5")).status_code == 200
    unknown = world.mercy.publish(bundle("L-7"))
    assert (unknown.status_code, unknown.json["resourceType"]) == (404, "OperationOutcome")
    assert "X-Consentry-Patient-Ref" in unknown.text
    assert patient_of_identifiers([("", "\n"), ("urn:mrn", "L-5")], links) == alice.wallet.address
    with pytest.raises(BundleNamesTwoPatients):
        patient_of_identifiers([("urn:mrn", "L-5"), ("urn:mrn", "L-6")], links)
    with pytest.raises(PatientNotLinked):
        patient_of_identifiers([("urn:other", "L-5")], links)


def test_bundle_and_reference_name_one_patient(world: World) -> None:
    """F-1: a reference from the wrong screen files nothing under somebody else."""
    alice, bob = world.patient(world.mercy), world.patient(world.mercy)
    alices = world.mercy.link("L-30", alice)
    bobs = world.mercy.link("urn:mrn|L-31", bob)
    for number, ref in (("L-30", bobs), ("L-31", alices)):
        answer = world.mercy.publish(bundle(number), **{"X-Consentry-Patient-Ref": ref})
        assert answer.status_code == 422
        assert answer.json["issue"][0]["details"]["coding"][0]["code"] == "bundle-names-two-patients"
    assert world.mercy.publish(bundle("L-30"), **{"X-Consentry-Patient-Ref": alices}).status_code == 200
    assert world.mercy.publish(bundle("nobody's"), **{"X-Consentry-Patient-Ref": bobs}).status_code == 200
    wrong = world.mercy.publish(bundle("L-30"), **{"X-Consentry-Patient-Ref": "0" * 32})
    assert f"no such reference at {world.mercy.name}" in wrong.text
