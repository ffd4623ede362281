"""Patients by reference and number, members, their staff (F-23, F-24)."""

from __future__ import annotations

import pytest
from fhir.resources.R4B import get_fhir_model_class

from tests.app.gateway.shelves import Ward, glucose, link, matches, ward
from tests.app.gateway.test_gateway_reading import code_of
from tests.app.gateway.world import World


@pytest.fixture(scope="module")
def shelf(world: World) -> Ward:
    made = ward(world, "N-1")
    dr = {"resourceType": "Practitioner", "id": "dr", "name": [{"family": "Bose"}]}
    made.publish(glucose(1, performer=[{"reference": "Practitioner/dr"}]), dr)
    made.grant("laboratory", "visit")
    return made


def test_patient_is_found_by_a_number_of_this_desk(world: World, shelf: Ward) -> None:
    """F-23: bare, by our own system, by POST; another's number, and nobody's, find nobody."""
    send = world.city.client.post
    key = {"Authorization": f"Bearer {world.city.key}"}
    for asked in ("N-1", "urn:mrn|N-1", "urn:mrn|other,urn:mrn|N-1"):
        for found in (
            send("/fhir/Patient/_search", data={"identifier": asked}, headers=key),
            world.city.client.get("/fhir/Patient", query_string={"identifier": asked}, headers=key),
        ):
            (patient,) = matches(found)
            assert (found.json["total"], patient["id"]) == (1, shelf.ref)
            assert "N-1" not in str(found.json["link"])
            get_fhir_model_class("Patient").model_validate(patient)
    for asked in ("urn:other|N-1", "N-0"):
        assert send("/fhir/Patient/_search", data={"identifier": asked}, headers=key).json["total"] == 0
    both = {"identifier": "N-1", "_id": shelf.ref}
    assert send("/fhir/Patient/_search", data=both, headers=key).json["total"] == 1
    wrong = send("/fhir/Patient/_search", data=both | {"_id": "0" * 32}, headers=key)
    assert wrong.json["total"] == 0
    for bad in ({}, {"identifier:not": "N-1"}, {"_lastUpdated": "2026"}):
        answer = send("/fhir/Patient/_search", data=bad, headers=key)
        assert (answer.status_code, code_of(answer)) == (400, "search-invalid"), bad


def test_numbers_are_answered_to_the_own_desk_only(shelf: Ward) -> None:
    """F-23"""
    assert code_of(shelf.alice.send("GET", "/fhir/Patient?identifier=N-1")) == "role-unfit"
    assert shelf.world.city.client.get("/fhir/Patient?identifier=N-1").status_code == 401
    stranger = shelf.world.person(shelf.world.city)
    stranger.sign_in()
    assert code_of(stranger.send("GET", f"/fhir/Patient/{shelf.ref}")) == "patient-not-linked"
    for ref in (shelf.ref, "self"):
        assert shelf.alice.send("GET", f"/fhir/Patient/{ref}").json["id"] == ref


def test_patient_is_read_by_reference(shelf: Ward) -> None:
    """F-23: bare, and with what the session was shown of the person."""
    bare = shelf.world.city.send("GET", f"/fhir/Patient/{shelf.ref}")
    assert bare.status_code == 200 and "gender" not in bare.json
    assert shelf.get(f"Observation?patient={shelf.ref}").json["total"] == 1
    full = shelf.get(f"Patient/{shelf.ref}")
    assert full.json["gender"] == "female" and full.json["id"] == shelf.ref
    assert full.json["managingOrganization"]["reference"].endswith(shelf.world.city.account.address)
    get_fhir_model_class("Patient").model_validate(full.json)
    unknown = shelf.get(f"Patient/{'0' * 32}")
    assert (unknown.status_code, code_of(unknown)) == (404, "patient-not-linked")


def test_members_are_organizations(world: World, shelf: Ward) -> None:
    """F-24: by name, by account, page by page without a session."""
    found = shelf.get("Organization?name=city&active=true&_sort=name")
    assert world.city.name in [one["name"] for one in matches(found)]
    account = world.mercy.account.address
    (mercy,) = matches(shelf.get(f"Organization?identifier=urn:consentry:account|{account}"))
    assert mercy["name"] == world.mercy.name and shelf.get(f"Organization/{account}").json == mercy
    get_fhir_model_class("Organization").model_validate(mercy)
    total, seen, page = (
        shelf.get("Organization?_summary=count").json["total"],
        [],
        shelf.get("Organization?_count=2"),
    )
    while True:
        seen += [one["id"] for one in matches(page)]
        if (following := link(page, "next")) is None:
            break
        page = shelf.get(following)
    assert len(set(seen)) == len(seen) == total == len(world.ledger.members())
    assert code_of(shelf.get(f"Organization/0x{'0' * 40}")) == "resource-unknown"


def test_enrolled_staff_are_practitioners(world: World, shelf: Ward) -> None:
    """F-24: role, department and licence by account, nobody's name; those of records with a patient."""
    account = shelf.dr_bose.wallet.address
    (bose,) = matches(shelf.get(f"Practitioner?identifier=urn:consentry:account|{account}"))
    assert bose["active"] and bose["qualification"][0]["code"]["coding"][0]["code"] == "attending"
    assert shelf.get(f"Practitioner/{account}").json == bose
    get_fhir_model_class("Practitioner").model_validate(bose)
    assert code_of(shelf.get("Practitioner?active=true")) == "search-invalid"
    assert shelf.get(f"Practitioner?_id=0x{'0' * 40}").json["total"] == 0
    (written,) = matches(shelf.get(f"Practitioner?patient={shelf.ref}&name=bo"))
    assert written["name"] == [{"family": "Bose"}]
    assert shelf.get(f"Practitioner/{written['id']}").json == written
