"""From a bundle at one hospital to a reading at another, and back to nothing (G-1, G-3, G-4, G-6, K-9)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from consentry.domain import fields
from consentry.services.everything import read_everything
from tests.app.gateway.content import bundle, proposal, terms
from tests.app.gateway.people import Person
from tests.app.gateway.world import World


def resources(answer: Any) -> list[dict[str, Any]]:
    return [entry["resource"] for entry in answer.json.get("entry", [])]


def grant(patient: Person, shown: dict[str, Any]) -> Any:
    signature = fields.to_hex(patient.wallet.sign_typed(shown["typedData"]))
    return patient.send("POST", f"/api/consents/{shown['id']}/grant", {"signature": signature})


def revoke(patient: Person, consent_id: str) -> Any:
    data = patient.send("GET", f"/api/consents/{consent_id}/revocation").json["typedData"]
    signature = fields.to_hex(patient.wallet.sign_typed(data))
    return patient.send("POST", f"/api/consents/{consent_id}/revocation", {"signature": signature})


def test_read_gives_exactly_what_was_granted_until_it_is_revoked(world: World) -> None:
    """G-3, G-6: laboratory results come, the psychiatric note leaves no trace; after revoking nothing does."""
    alice, dr_bose = world.patient(world.city), world.staff(world.city)
    world.mercy.link("MRN-1", alice)
    ref = world.city.link("CITY-1", alice)
    published = world.mercy.publish(bundle("MRN-1"))
    assert published.status_code == 200, published.text
    assert [one["response"]["status"] for one in published.json["entry"]] == ["201 Created"] * 3
    assert dr_bose.open_session("TREAT").status_code == 201

    refused = dr_bose.send("GET", f"/fhir/Patient/{ref}/$everything")
    assert (refused.status_code, refused.json["issue"][0]["details"]["coding"][0]["code"]) == (
        403,
        "no-ground",
    )

    shown = dr_bose.send("POST", "/api/consents/proposals", proposal(ref)).json
    assert [one["status"] for one in alice.send("GET", "/api/consents").json["consents"]] == ["proposed"]
    granted = grant(alice, shown)
    assert granted.status_code == 200, granted.text
    assert alice.send("GET", "/api/consents").json["consents"][0]["status"] == "active"

    answer = dr_bose.send("GET", f"/fhir/Patient/{ref}/$everything")
    assert answer.status_code == 200, answer.text
    assert [one["resourceType"] for one in resources(answer)] == ["Patient", "Observation"], answer.text
    assert resources(answer)[1]["note"] == [{"text": "空腹血糖偏高"}]
    assert "7.1" in answer.text and "psychiatr" not in answer.text and answer.json["total"] == 2

    assert revoke(alice, shown["id"]).status_code == 200
    again = dr_bose.send("GET", f"/fhir/Patient/{ref}/$everything")
    assert again.status_code == 403
    assert alice.send("GET", "/api/consents").json["consents"][0]["status"] == "revoked"


def test_publish_anchors_nothing_new_when_repeated(world: World) -> None:
    """G-1."""
    bob = world.patient(world.mercy)
    ref = world.mercy.link("MRN-2", bob)
    first = world.mercy.publish(bundle("MRN-2"), **{"X-Consentry-Patient-Ref": ref})
    again = world.mercy.publish(bundle("MRN-2"), **{"X-Consentry-Patient-Ref": ref})
    assert "X-Consentry-Transaction" in first.headers and "X-Consentry-Transaction" not in again.headers
    assert {one["response"]["status"] for one in again.json["entry"]} == {"200 OK"}


def test_system_reads_for_a_practitioner_and_the_patient_sees_who(world: World) -> None:
    """A hospital system names the practitioner; the account proves each release from receipt to root (K-9)."""
    chen, dr_bose = world.patient(world.city), world.staff(world.city)
    world.mercy.link("MRN-3", chen)
    ref = world.city.link("CITY-3", chen)
    world.mercy.publish(bundle("MRN-3"))
    grant(chen, world.city.send("POST", "/api/consents/proposals", proposal(chen.did)).json)
    named = {"X-Consentry-Practitioner": dr_bose.wallet.address, "X-Consentry-Purpose": "TREAT"}
    answer = world.city.send("GET", f"/fhir/Patient/{ref}/$everything", **named)
    assert [one["resourceType"] for one in resources(answer)] == ["Patient", "Observation"], answer.text
    other = named | {"X-Consentry-Purpose": "HRESCH"}
    assert world.city.send("GET", f"/fhir/Patient/{ref}/$everything", **other).status_code == 403

    assert chen.send("GET", "/api/receipts").status_code == 401
    chen.open_session("PATRQT")
    account = proven_account(chen)
    assert account["missing"] == [] and len({one["keeper"] for one in account["receipts"]}) >= 3
    assert {one["practitioner"] for one in account["receipts"]} == {dr_bose.wallet.address}
    assert {one["actor"] for one in account["receipts"]} == {world.city.system}
    assert {one["member"] for one in account["receipts"]} == {world.city.name}


def test_patient_reads_everything_about_herself(world: World) -> None:
    """Ground SELF: all categories, at any gateway."""
    alice = world.patient(world.mercy)
    ref = world.mercy.link("MRN-4", alice)
    world.mercy.publish(bundle("MRN-4"))
    assert alice.send("GET", "/fhir/Patient/self/$everything").status_code == 401
    assert alice.open_session("PATRQT").status_code == 201
    for name in ("self", ref):
        answer = alice.send("GET", f"/fhir/Patient/{name}/$everything")
        assert [one["resourceType"] for one in resources(answer)] == ["Patient", "Condition", "Observation"]
        assert resources(answer)[0]["gender"] == "female"


def test_read_says_what_is_missing_when_a_block_is_damaged(world: World) -> None:
    """G-3: technical incompleteness is a warning with a name; the rest is read."""
    alice = world.patient(world.mercy)
    world.mercy.link("MRN-5", alice)
    world.mercy.publish(bundle("MRN-5"))
    alice.open_session("PATRQT")
    with damaged_envelope(world, alice):
        damaged = alice.send("GET", "/fhir/Patient/self/$everything")
    assert [one["resourceType"] for one in resources(damaged)] == ["Patient", "Condition", "OperationOutcome"]
    outcome = resources(damaged)[-1]
    assert outcome["resourceType"] == "OperationOutcome" and outcome["issue"][0]["severity"] == "warning"
    assert outcome["issue"][0]["details"]["coding"][0]["code"] == "blob-corrupt"
    assert damaged.json["entry"][-1]["search"]["mode"] == "outcome"


def test_read_is_empty_when_the_ground_covers_nothing_that_exists(world: World) -> None:
    """A live ground and nothing visible is an empty searchset, not a refusal (G-3)."""
    alice, dr_bose = world.patient(world.city), world.staff(world.city)
    ref = world.city.link("CITY-6", alice)
    shown = dr_bose.send("POST", "/api/consents/proposals", proposal(ref, terms=terms(("imaging",)))).json
    assert grant(alice, shown).status_code == 200
    dr_bose.open_session("TREAT")
    answer = dr_bose.send("GET", f"/fhir/Patient/{ref}/$everything")
    assert (answer.status_code, answer.json["total"], "entry" in answer.json) == (200, 0, False), answer.text


@contextmanager
def damaged_envelope(world: World, patient: Person) -> Iterator[None]:
    """One byte of one of the patient's ciphertexts is another one."""
    parts = world.mercy.gateway
    reader = parts.sessions.readers.of(parts.signing_in.tokens.who(patient.token))
    records = read_everything(reader, patient.wallet.address, parts.everything).records
    (header,) = (one.header for one in records if one.header.category == "laboratory")
    (path,) = (world.folder / "store" / "blocks").rglob(header.cid)
    raw = path.read_bytes()
    path.chmod(0o600)
    path.write_bytes(raw[:-1] + bytes((raw[-1] ^ 1,)))
    yield
    path.write_bytes(raw)


def proven_account(patient: Person) -> dict[str, Any]:
    """The account, once keepers have committed what they hold."""
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        account = dict(patient.send("GET", "/api/receipts").json)
        if account["receipts"] and all(one["proven"] for one in account["receipts"]):
            return account
        time.sleep(0.2)
    pytest.fail("receipts were not committed")
