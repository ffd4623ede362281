"""What a gateway's answers leave in its audit trail, and that it leads to keepers' receipts (J-1 to J-3, J-8)."""

from __future__ import annotations

import json

import pytest

from consentry.domain import fields
from consentry.domain.receipts import Receipt, receipt_value
from consentry.gateway import audited
from tests.app.gateway.people import Person
from tests.app.gateway.shelves import Ward, glucose, link, matches, ward
from tests.app.gateway.trail import details, events, shape, what
from tests.app.gateway.ward import ward_at, with_contact
from tests.app.gateway.world import World


@pytest.fixture(scope="module")
def shelf(world: World) -> Ward:
    made = ward(world, "AU-1")
    made.publish(*(glucose(day) for day in (1, 2, 3)), at=world.mercy)
    made.grant("laboratory")
    return made


def receipts(alice: Person) -> dict[str, Receipt]:
    """What keepers say about alice, by digest."""
    alice.open_session("PATRQT")
    told = alice.send("GET", "/api/receipts").json["receipts"]
    raw = [fields.base64_bytes(one["evidence"]["receipt"], "receipt", 1, 4096) for one in told]
    return {fields.to_hex(receipt_value(one)): Receipt.parse(one) for one in raw}


def test_a_reading_leaves_what_was_asked_and_what_was_decided(shelf: Ward) -> None:
    """J-1, J-3: with patient, practitioner, purpose and request id; its receipts are those that keepers keep."""
    answer = shelf.get(f"Observation?patient={shelf.ref}&code=2339-0", **{"X-Request-Id": "his-4711"})
    assert answer.status_code == 200, answer.text
    decision, query = events(shelf.alice, "_count=2")
    assert (shape(decision), shape(query)) == ("AuthZconsent", "PatientQuery")
    assert what(query, "XrequestId") == ["his-4711"]
    assert query["entity"][0]["what"]["reference"] == f"Patient/{shelf.ref}"
    assert query["entity"][1]["description"] == "GET /fhir/Observation?patient=&code="
    user = query["agent"][2]
    assert user["who"]["reference"] == f"Practitioner/{shelf.dr_bose.wallet.address}"
    assert user["purposeOfUse"][0]["coding"][0]["code"] == "TREAT"
    assert query["agent"][0]["who"]["identifier"]["value"] == "his"
    assert what(decision, "Consent") == [shelf.consent]
    known = receipts(shelf.alice)
    named = what(query, "receipt")
    assert named and set(named) <= known.keys()
    for digest, row in zip(
        named, (one for one in query["entity"] if one["type"]["code"] == "receipt"), strict=True
    ):
        told = {detail["type"]: detail["valueString"] for detail in row["detail"]}
        assert told == {"keeper": known[digest].keeper, "sequence": str(known[digest].seq)}
    asked = set(what(query, "request"))
    assert {fields.to_hex(one.request_digest) for one in known.values()} >= asked
    assert set(details(decision, "urn:consentry:request-digest")) == asked


def test_pages_and_reads_by_id_lead_to_the_same_receipts(shelf: Ward) -> None:
    """J-3: they come from what was read before, under the same grounds."""
    first = shelf.get(f"Observation?patient={shelf.ref}&_count=2")
    asked = what(events(shelf.alice, "_count=1&type=rest")[0], "request")
    following = link(first, "next")
    assert following is not None and asked
    shelf.get(following)
    page = events(shelf.alice, "_count=1&type=rest")[0]
    assert what(page, "request") == asked and shape(page) == "PatientQuery"
    name = f"Observation/{matches(first)[0]['id']}"
    shelf.get(name)
    read = events(shelf.alice, "_count=1&type=rest")[0]
    assert shape(read) == "PatientRead" and what(read, "request") == asked
    assert [one["id"] for one in events(shelf.alice, f"entity={name}")] == [read["id"]]


def test_a_refusal_by_keepers_leads_to_their_receipts(world: World, shelf: Ward) -> None:
    """J-2, J-3: the caller hears `no-ground`, the patient sees who tried; receipts know why."""
    nurse = world.staff(world.city, "nurse")
    asked = {"X-Consentry-Practitioner": nurse.wallet.address, "X-Consentry-Purpose": "TREAT"}
    refused = world.city.send("GET", f"/fhir/Observation?patient={shelf.ref}", **asked)
    assert refused.status_code == 403, refused.text
    decision, query = events(shelf.alice, "_count=2&outcome=8")
    assert (decision["outcomeDesc"], query["outcomeDesc"]) == ("deny: no-ground", "no-ground")
    assert query["agent"][2]["who"]["reference"] == f"Practitioner/{nurse.wallet.address}"
    assert query["contained"][0]["issue"][0]["details"]["coding"][0]["code"] == "no-ground"
    digests = set(what(query, "request"))
    kept = [one for one in receipts(shelf.alice).values() if fields.to_hex(one.request_digest) in digests]
    assert digests and {one.decision for one in kept} == {"refused"}
    assert {one.reason for one in kept} == {"RoleNotCovered"}


def test_a_refusal_before_anybody_is_asked_is_written_too(world: World, shelf: Ward) -> None:
    """J-2: without a consent, without a session, without knowing the caller; a made-up id is not repeated."""
    other = ward(world, "AU-2")
    assert other.get(f"Observation?patient={other.ref}").status_code == 403
    decision, query = events(other.alice, "outcome=8")
    assert shape(decision) == "AuthZconsent" and what(query, "request") == []
    mallory = world.person(world.city)
    mallory.sign_in()
    assert mallory.send("GET", f"/fhir/Observation?patient={other.ref}").status_code == 401
    attempt = events(other.alice, "outcome=8")[0]
    assert attempt["agent"][2]["who"]["identifier"]["system"] == "urn:consentry:pseudonym"
    assert mallory.wallet.address not in json.dumps(attempt)
    unknown = world.city.client.get(f"/fhir/Patient/{other.ref}/$everything")
    assert unknown.status_code == 401
    assert len(events(other.alice, "outcome=8")[0]["agent"]) == 2
    assert shelf.get("Observation/AU-2-Liddell").status_code == 404
    auditor = world.staff(world.city, "auditor")
    missed = events(auditor, "outcome=4&_count=1")[0]
    assert missed["outcomeDesc"] == "resource-unknown" and "Liddell" not in json.dumps(missed)


def test_writing_is_told_by_the_ids_that_readers_see(world: World, shelf: Ward) -> None:
    """J-1, J-3: a Bundle by its records, single resources by their ids; a withdrawal finds whose it was."""
    made = ward(world, "AU-3")
    published = made.publish(glucose(4)).json["entry"]
    bundle = events(made.alice, "action=C&_count=1")[0]
    assert shape(bundle) == "PatientCreate"
    assert [f"urn:consentry:record:{one}" for one in what(bundle, "record")] == [
        one["response"]["location"] for one in published
    ]
    subject = {"subject": {"reference": f"Patient/{made.ref}"}}
    single = {key: value for key, value in (glucose(5) | subject).items() if key != "id"}
    created = world.city.send("POST", "/fhir/Observation", single)
    assert created.status_code == 201, created.text
    name = f"Observation/{created.json['id']}"
    changed = world.city.send("PUT", f"/fhir/{name}", created.json | {"status": "amended"})
    assert changed.status_code == 200, changed.text
    assert world.city.send("DELETE", f"/fhir/{name}").status_code == 204
    told = [
        (shape(one), one["entity"][1]["what"]["reference"]) for one in events(made.alice, f"entity={name}")
    ]
    assert told == [("PatientDelete", name), ("PatientUpdate", name), ("PatientCreate", name)]


def test_an_opening_and_what_is_read_under_it_are_told(world: World) -> None:
    """J-1: decisions without a consent name their ground, and claim no pattern of IHE's."""
    room = ward_at(world)
    alice = world.patient(world.mercy)
    world.mercy.link("AU-4", alice)
    assert world.mercy.publish(with_contact("AU-4")).status_code == 200
    opening = room.open(alice.did)
    assert room.read(room.bose, opening).status_code == 200
    here = Person(alice.wallet, world.city.client, alice.chain_id)
    here.sign_in()
    decision, query, opened = events(
        here, "_count=3&agent:identifier=urn:consentry:account|" + room.bose.wallet.address
    )
    assert shape(decision) == "AuthZ-Role" and what(decision, "ground") == [opening]
    assert query["agent"][2]["purposeOfUse"][0]["coding"][0]["code"] == "ETREAT"
    assert shape(opened) == "PatientCreate"


def test_every_route_is_audited_or_not_for_a_reason(world: World) -> None:
    """J-1: a new one stands in one list or is under /fhir."""
    rules = list(world.city.client.application.url_map.iter_rules())
    listed = [*audited.AUDITED, *(name for names in audited.UNAUDITED.values() for name in names)]
    assert len(listed) == len(set(listed))
    there = {one.endpoint for one in rules}
    assert set(listed) <= there
    assert {one.endpoint for one in rules if not one.rule.startswith("/fhir")} <= set(listed)


def test_reading_the_trail_is_in_the_trail(world: World, shelf: Ward) -> None:
    """J-8."""
    auditor = world.staff(world.city, "auditor")
    one = events(auditor, f"patient={shelf.ref}&_count=1")[0]
    assert auditor.send("GET", f"/fhir/AuditEvent/{one['id']}").status_code == 200
    read, query = events(auditor, f"agent=Practitioner/{auditor.wallet.address}&_count=2")
    assert (shape(read), shape(query)) == ("PatientRead", "PatientQuery")
    assert read["entity"][1]["what"]["reference"] == f"AuditEvent/{one['id']}"


def test_parts_of_a_batch_leave_events_of_their_own(world: World, shelf: Ward) -> None:
    """J-1: one for each, none for the whole; what became of one says nothing of another."""
    before = {one["id"] for one in events(shelf.alice, "_count=200")}
    parts = [
        ("GET", f"Observation?patient={shelf.ref}"),
        ("GET", "Observation/nobody"),
        ("GET", f"Patient/{shelf.ref}/$everything"),
    ]
    entries = [{"request": {"method": method, "url": url}} for method, url in parts]
    batch = {"resourceType": "Bundle", "type": "batch", "entry": entries}
    answer = world.city.publish(batch, **shelf.headers, **{"X-Request-Id": "batch-1"})
    assert answer.status_code == 200, answer.text
    auditor = world.staff(world.city, "auditor")
    made = [one for one in events(auditor, "_count=20") if what(one, "XrequestId") == ["batch-1"]]
    assert [(shape(one), one["outcome"]) for one in made] == [
        ("PatientQuery", "0"),
        ("Read", "4"),
        ("PatientQuery", "0"),
    ]
    new = [one for one in events(shelf.alice, "_count=200") if one["id"] not in before]
    assert sum(shape(one) == "AuthZconsent" for one in new) == 2


def test_consents_are_told_to_their_patient_by_id_and_to_auditors_by_pseudonym(
    world: World, shelf: Ward
) -> None:
    """J-3, J-7."""
    name = f"Consent/{shelf.consent.removeprefix('0x')}"
    assert shelf.dr_bose.send("GET", f"/fhir/{name}").status_code == 200
    read = events(shelf.alice, f"entity={name}&type=rest&_count=1")[0]
    assert shape(read) == "PatientRead" and read["entity"][1]["what"]["reference"] == name
    auditor = world.staff(world.city, "auditor")
    hidden = auditor.send("GET", f"/fhir/AuditEvent/{read['id']}").json
    assert hidden["entity"][1]["what"]["identifier"]["system"] == "urn:consentry:pseudonym"
    assert shelf.consent.removeprefix("0x") not in json.dumps(hidden)
