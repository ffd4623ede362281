"""Consents that hospitals publish among other records, beside those that wallets sign (N-5)."""

from __future__ import annotations

from typing import Any

from consentry.domain import fields
from tests.app.gateway.consent_forms import consent, problem, sent
from tests.app.gateway.content import bundle, proposal
from tests.app.gateway.people import Person
from tests.app.gateway.world import World


def granted(world: World, alice: Person) -> None:
    body = proposal(alice.did)
    body["terms"]["provisions"][0]["categories"] = ["any"]
    made = world.city.send("POST", "/api/consents/proposals", body).json
    signature = fields.to_hex(alice.wallet.sign_typed(made["typedData"]))
    path = f"/api/consents/{made['id']}/grant"
    assert alice.send("POST", path, {"signature": signature}).status_code == 200


def test_published_consent_is_read_as_the_record_that_it_is(world: World) -> None:
    """N-5, F-20, F-25: by its id, by whoever has a ground here; to anybody else it is unknown, and it permits nothing."""
    alice = world.patient(world.city)
    number = f"N-{alice.wallet.address[-12:]}"
    ref = world.city.link(number, alice)
    whole: dict[str, Any] = bundle(number)
    whole["entry"].append({"resource": consent("p1") | {"id": "k1", "patient": {"reference": "Patient/p1"}}})
    assert world.city.publish(whole).status_code == 200
    assert sent(world.city, "GET", f"Consent?patient={ref}").json["total"] == 0
    granted(world, alice)
    doctor = world.staff(world.city)
    assert doctor.open_session("TREAT").status_code == 201
    entries = doctor.send("GET", f"/fhir/Patient/{ref}/$everything?_count=50").json["entry"]
    (shown,) = [one["resource"] for one in entries if one["resource"]["resourceType"] == "Consent"]
    read = sent(doctor, "GET", f"Consent/{shown['id']}")
    assert (read.status_code, read.json, read.headers["ETag"]) == (200, shown, 'W/"1"')
    assert "Content-Location" not in read.headers  # there is none: versions of Consents have no addresses
    researcher, stranger = world.staff(world.city), world.staff(world.mercy)
    for other, purpose in ((researcher, "HRESCH"), (stranger, "TREAT")):
        assert other.open_session(purpose).status_code == 201
        assert problem(sent(other, "GET", f"Consent/{shown['id']}"))[0] == 404
    listed = sent(doctor, "GET", f"Consent?patient={ref}").json
    assert [one["resource"]["id"] for one in listed["entry"]] != [shown["id"]] and listed["total"] == 1


def test_references_of_a_consent_lead_to_its_institutions(world: World) -> None:
    """N-1: whom it is for, and who wrote what it names, can be followed, and say the same name."""
    alice = world.patient(world.city)
    ref = world.city.link(f"N-{alice.wallet.address[-12:]}", alice)
    mercy = {"reference": f"Organization/{world.mercy.account.address}"}
    made = sent(
        world.city, "POST", "Consent", consent(ref, data=[{"meaning": "authoredby", "reference": mercy}])
    )
    assert made.status_code == 201, made.text
    own = made.json["provision"]["actor"][0]["reference"]
    found = sent(world.city, "GET", own["reference"]).json
    assert found["name"] == own["display"] == world.city.name
    assert own["identifier"] in found["identifier"]
    read = sent(world.city, "GET", f"Consent?patient={ref}&data={mercy['reference']}").json
    assert read["total"] == 1
