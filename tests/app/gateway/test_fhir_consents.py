"""Consents as FHIR at a gateway on a real chain: proposed, granted, read under, revoked (N-5, N-6)."""

from __future__ import annotations

from base64 import b64decode
from typing import Any

import pytest

from consentry.domain.terms import Consent
from consentry.fhir.consent_showing import SIGNATURE, TO_GRANT, TO_REVOKE
from consentry.fhir.validate import check_resource
from tests.app.gateway.consent_forms import SIGNED, consent, problem, sent, signed, typed
from tests.app.gateway.content import bundle, proposal
from tests.app.gateway.people import Person
from tests.app.gateway.world import World

DIV = "<div xmlns='http://www.w3.org/1999/xhtml'>"


@pytest.fixture
def alice(world: World) -> Person:
    return world.patient(world.city)


@pytest.fixture
def ref(world: World, alice: Person) -> str:
    return world.city.link(f"N-{alice.wallet.address[-12:]}", alice)


def proposed(world: World, ref: str, **provision: Any) -> dict[str, Any]:
    answer = sent(world.city, "POST", "Consent", consent(ref, **provision))
    assert answer.status_code == 201, answer.text
    return dict(answer.json)


def test_consent_is_proposed_granted_read_under_and_revoked(world: World, alice: Person, ref: str) -> None:
    """N-5, N-6, G-6: proposed until the chain knows it, active from then on, inactive at once after the revocation."""
    assert world.city.publish(bundle(f"N-{alice.wallet.address[-12:]}")).status_code == 200
    answer = sent(world.city, "POST", "Consent", consent(ref))
    assert answer.status_code == 201, answer.text
    made, place = answer.json, answer.headers["Location"]
    assert place.endswith(f"/fhir/Consent/{made['id']}") and answer.headers["ETag"] == 'W/"1"'
    assert (made["status"], made["meta"]["versionId"]) == ("proposed", "1")
    assert made["provision"]["actor"][0]["reference"]["display"] == world.city.name
    assert Consent.from_json(typed(made, TO_GRANT)["message"]).terms.provisions[0].purposes == ("TREAT",)

    doctor = world.staff(world.city)
    assert doctor.open_session("TREAT").status_code == 201
    everything = f"/fhir/Patient/{ref}/$everything"
    before = {one["resource"]["resourceType"] for one in doctor.send("GET", everything).json.get("entry", [])}
    assert "Observation" not in before

    granted = sent(alice, "PUT", f"Consent/{made['id']}", signed(alice, made, TO_GRANT, "active"))
    assert (granted.status_code, granted.json["status"], granted.headers["ETag"]) == (200, "active", 'W/"2"')
    check_resource(granted.json)
    assert typed(granted.json, TO_GRANT) is None
    read = doctor.send("GET", everything).json
    assert "Observation" in {one["resource"]["resourceType"] for one in read["entry"]}

    revoked = sent(
        world.city, "PUT", f"Consent/{made['id']}", signed(alice, granted.json, TO_REVOKE, "inactive")
    )
    assert (revoked.status_code, revoked.json["status"], revoked.headers["ETag"]) == (
        200,
        "inactive",
        'W/"3"',
    )
    assert typed(revoked.json, TO_REVOKE) is None
    after = {one["resource"]["resourceType"] for one in doctor.send("GET", everything).json.get("entry", [])}
    assert "Observation" not in after
    again = sent(alice, "PUT", f"Consent/{made['id']}", revoked.json)
    assert (again.status_code, again.json) == (200, revoked.json)


def test_nothing_changes_without_the_patients_signature(world: World, alice: Person, ref: str) -> None:
    """N-6, C-3: no signature, somebody else's, or one over something else."""
    made = proposed(world, ref)
    path = f"Consent/{made['id']}"
    mallory = world.person(world.city)
    for status, url in (("active", TO_GRANT), ("inactive", TO_REVOKE)):
        assert problem(sent(world.city, "PUT", path, made | {"status": status})) == (
            422,
            "consent-signature-missing",
            ["Consent.extension"],
        )
        forged = sent(world.city, "PUT", path, signed(mallory, made, url, status))
        assert problem(forged)[:2] == (401, "signature-invalid")
    wrong = sent(world.city, "PUT", path, signed(alice, made, TO_REVOKE, "active"))
    assert problem(wrong)[:2] == (401, "signature-invalid")
    rubbish = {"url": SIGNATURE, "valueSignature": SIGNED | {"data": "//"}}
    odd = made | {"status": "active", "extension": [*made["extension"], rubbish]}
    assert problem(sent(world.city, "PUT", path, odd))[0] == 422
    assert sent(world.city, "GET", path).json == made


def test_what_a_consent_says_is_fixed(world: World, alice: Person, ref: str) -> None:
    """N-6: an update changes the status only, at the version that it names."""
    made = proposed(world, ref)
    path = f"Consent/{made['id']}"
    assert sent(world.city, "PUT", path, made).json == made
    wider = made | {"provision": made["provision"] | {"purpose": []}}
    del wider["provision"]["purpose"]
    asked = signed(alice, wider, TO_GRANT, "active")
    assert problem(sent(alice, "PUT", path, asked))[:2] == (422, "consent-fixed")
    assert problem(sent(alice, "PUT", path, made | {"status": "rejected"}))[:2] == (422, "consent-fixed")
    assert problem(sent(alice, "PUT", path, made, **{"If-Match": 'W/"2"'}))[:2] == (412, "version-conflict")
    assert sent(alice, "PUT", path, made, **{"If-Match": 'W/"1"'}).status_code == 200
    other = made | {"id": "0" * 64}
    assert sent(alice, "PUT", path, other).status_code == 400
    assert sent(world.city, "DELETE", path).status_code == 405


def test_consent_is_its_patients_and_the_recipients(world: World, alice: Person, ref: str) -> None:
    """N-5: to anybody else it is as unknown as one that never was."""
    made = proposed(world, ref)
    path = f"Consent/{made['id']}"
    mallory = world.person(world.city)
    mallory.sign_in()
    assert sent(alice, "GET", path).json == sent(world.city, "GET", path).json == made
    assert sent(world.staff(world.city), "GET", path).json == made
    unknown = [
        sent(mallory, "GET", path),
        sent(world.mercy, "GET", path),
        sent(world.city, "GET", "Consent/0x12"),
    ]
    unknown += [sent(world.city, "GET", f"Consent/{'0' * 64}"), sent(mallory, "PUT", path, made)]
    assert {problem(one)[:2] for one in unknown} == {(404, "consent-unknown")}
    assert problem(sent(mallory, "POST", "Consent", consent(ref)))[0] == 403
    assert world.city.client.get(f"/fhir/{path}").status_code == 401
    cached = sent(alice, "GET", path, **{"If-None-Match": 'W/"1"'})
    assert cached.status_code == 304


def test_consent_is_refused_by_its_path_and_nothing_is_kept(world: World, alice: Person, ref: str) -> None:
    """N-4: also a patient who is not linked, and a resource of another type."""
    bad = consent(
        ref, securityLabel=[{"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "PSY"}]
    )
    answer = problem(sent(world.city, "POST", "Consent", bad))
    assert answer == (422, "consent-not-expressible", ["Consent.provision.securityLabel[0]"])
    reject = consent(ref, type="deny")
    assert problem(sent(world.city, "POST", "Consent", reject))[:2] == (422, "consent-permits-nothing")
    huge = consent(ref) | {"sourceAttachment": {"contentType": "image/png", "data": "AAAA" * 70_000}}
    assert problem(sent(world.city, "POST", "Consent", huge))[:2] == (413, "body-too-large")
    assert problem(sent(world.city, "POST", "Consent", consent("nobody")))[1] == "patient-not-linked"
    assert problem(sent(world.city, "POST", "Consent", {"resourceType": "Observation"}))[0] == 400
    assert problem(sent(world.city, "POST", "Consent", consent(ref) | {"patient": "alice"}))[:2] == (
        422,
        "not-fhir",
    )
    assert alice.send("GET", "/api/consents").json["consents"] == []


def test_consent_that_was_proposed_as_terms_is_shown_as_fhir(world: World, alice: Person) -> None:
    """N-1, N-5: with the words that the wallet shows as its source."""
    made = world.city.send("POST", "/api/consents/proposals", proposal(alice.did)).json
    found = sent(alice, "GET", f"Consent/{made['id'][2:]}")
    assert (found.status_code, found.json["status"]) == (200, "proposed")
    assert typed(found.json, TO_GRANT) == made["typedData"]
    words = b64decode(found.json["sourceAttachment"]["data"]).decode().split("\n")
    assert words == made["words"]["en"]
    check_resource(found.json)
    assert found.json["patient"]["identifier"]["value"] == alice.did
    granted = sent(alice, "PUT", f"Consent/{made['id'][2:]}", signed(alice, found.json, TO_GRANT, "active"))
    assert granted.json["status"] == "active"
    assert alice.send("GET", "/api/consents").json["consents"][0]["status"] == "active"


def test_receipt_is_given_as_binary_or_as_json(world: World, alice: Person, ref: str) -> None:
    """N-7"""
    made = proposed(world, ref)
    path = f"Consent/{made['id']}/$receipt"
    binary = sent(alice, "GET", path).json
    assert (binary["resourceType"], binary["contentType"]) == ("Binary", "application/json")
    plain = sent(alice, "GET", path, Accept="application/json")
    assert plain.content_type == "application/json"
    assert plain.json["consent_record"]["record_id"] == f"0x{made['id']}"
    assert b64decode(binary["data"]).decode().count(world.city.name) >= 1
    mallory = world.person(world.city)
    mallory.sign_in()
    assert problem(sent(mallory, "GET", path))[1] == "consent-unknown"


def test_consent_is_kept_encrypted_and_checked_without_being_kept(
    world: World, alice: Person, ref: str
) -> None:
    """N-5, N-4: what a hospital's form says of the person does not stand in the gateway's database."""
    named = consent(ref) | {"text": {"status": "generated", "div": f"{DIV}Alice Liddell, 4711</div>"}}
    assert sent(world.city, "POST", "Consent/$validate", named).json["issue"][0]["severity"] == "information"
    refused = sent(world.city, "POST", "Consent/$validate", named | {"status": "draft"}).json["issue"][0]
    assert (refused["severity"], refused["expression"]) == ("error", ["Consent.status"])
    assert sent(alice, "GET", "Consent").json["total"] == 0
    made = sent(world.city, "POST", "Consent", named)
    assert made.json["text"] == named["text"]
    path = world.folder / "City" / "gateway.sqlite"
    stored = b"".join(one.read_bytes() for one in path.parent.glob(f"{path.name}*"))
    assert b"Liddell" not in stored and made.json["id"].encode() not in stored
    assert bytes.fromhex(made.json["id"]) in stored
