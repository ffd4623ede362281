"""Who is shown a gateway's audit trail, and that no answer leaves without its event (J-4 to J-7)."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import Any

import pytest

from tests.app.gateway.databases import another_gateway
from tests.app.gateway.people import Person
from tests.app.gateway.shelves import Ward, glucose, link, ward
from tests.app.gateway.test_gateway_reading import code_of
from tests.app.gateway.trail import TRAIL, events, shape, what
from tests.app.gateway.world import World


@pytest.fixture(scope="module")
def shelf(world: World) -> Ward:
    """Five readings that the patient's consent permits, after everything that led to them."""
    made = ward(world, "AS-1")
    made.publish(glucose(1))
    made.grant("laboratory")
    for _ in range(5):
        assert made.get(f"Observation?patient={made.ref}").status_code == 200
    return made


@pytest.fixture(scope="module")
def auditor(world: World) -> Person:
    return world.staff(world.city, "auditor")


def ids(found: list[dict[str, Any]]) -> list[str]:
    return [one["id"] for one in found]


def test_patients_page_through_what_concerns_them(shelf: Ward) -> None:
    """J-5, J-6: nothing twice and nothing left out, while looking makes new events."""
    alice = shelf.alice
    readings = ids(events(alice, "action=E&agent=Practitioner/" + shelf.dr_bose.wallet.address))
    assert len(readings) == 10  # each with its decision
    seen: list[str] = []
    path = f"{TRAIL}?action=E&agent=Practitioner/{shelf.dr_bose.wallet.address}&_count=3"
    while path:
        answer = alice.send("GET", path)
        assert answer.json["total"] == 10 and len(answer.json["entry"]) <= 3
        seen += [row["resource"]["id"] for row in answer.json["entry"]]
        following = link(answer, "next")
        path = "" if following is None else following.removeprefix(alice.origin)
    assert seen == readings


def test_the_trail_is_searched_by_a_form_and_counted(shelf: Ward) -> None:
    """J-5."""
    sent = {"Authorization": f"Bearer {shelf.alice.token}"}
    form = {"action": "E", "subtype": "AuthZ-Consent", "date": "ge2026-01-01"}
    found = shelf.alice.client.post(f"{TRAIL}/_search", data=form, headers=sent)
    assert found.status_code == 200 and found.json["total"] == 5, found.text
    counted = shelf.alice.send("GET", f"{TRAIL}?subtype=AuthZ-Consent&_summary=count")
    assert counted.json["total"] == 5 and "entry" not in counted.json
    for name in ("date", "_lastUpdated"):
        assert events(shelf.alice, f"{name}=lt2026-01-01") == []
        assert events(shelf.alice, f"{name}=sa2099&{name}=le2100-01") == []
        assert events(shelf.alice, f"{name}=ge2026-01-01")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("_after=1", "search-invalid"),
        ("date=yesterday", "search-invalid"),
        ("date=ne2026-01-01", "search-unsupported"),
        ("_lastUpdated=ne2026-01-01", "search-unsupported"),
        ("action:not=R", "search-unsupported"),
        ("date:missing=true", "search-unsupported"),
        ("agent:missing=false", "search-unsupported"),
        ("type=urn:x|", "search-unsupported"),
        ("_tag=x", "search-unsupported"),
        ("_sort=date", "search-unsupported"),
        ("_include=AuditEvent:patient", "search-unsupported"),
    ],
)
def test_what_cannot_be_searched_is_refused(shelf: Ward, query: str, code: str) -> None:
    """J-5: rather than answered wrongly."""
    answer = shelf.alice.send("GET", f"{TRAIL}?{query}")
    assert (answer.status_code, code_of(answer)) == (400, code)


def test_others_find_what_they_would_find_of_nothing(world: World, shelf: Ward) -> None:
    """J-6: another patient, staff of another role, the hospital's own system; and strangers are told to sign in."""
    known = ids(events(shelf.alice, "_count=1"))[0]
    other = world.patient(world.city)
    for who in (other, shelf.dr_bose, world.city):
        query = f"{TRAIL}?patient={shelf.ref}"
        found = who.send("GET", query)
        assert found.status_code == 200 and found.json["total"] == 0 and "entry" not in found.json
        here, nowhere = (who.send("GET", f"{TRAIL}/{one}") for one in (known, "0" * 32))
        assert here.status_code == nowhere.status_code == 404
        assert here.json == nowhere.json and code_of(here) == "audit-event-unknown"
    assert world.city.client.get(TRAIL).status_code == 401


def test_auditors_see_everybody_by_pseudonyms(world: World, shelf: Ward, auditor: Person) -> None:
    """J-6, J-7: of this member and of the regulator; by the patient's reference, never by account or consent."""
    found = events(auditor, f"patient=Patient/{shelf.ref}&_count=200")
    assert {"PatientCreate", "PatientQuery", "AuthZconsent"} <= set(map(shape, found))
    told = json.dumps(found)
    assert shelf.alice.wallet.address not in told and shelf.consent not in told
    assert {one["what"]["identifier"]["system"] for row in found for one in row["entity"][:1]} == {
        "urn:consentry:pseudonym"
    }
    assert shelf.consent in {one for row in events(shelf.alice) for one in what(row, "Consent")}
    one = auditor.send("GET", f"{TRAIL}/{found[0]['id']}")
    assert one.status_code == 200 and one.json == found[0] and one.headers["ETag"] == 'W/"1"'


def test_auditors_of_another_member_see_it_if_it_is_the_regulator(world: World, shelf: Ward) -> None:
    """J-6: as the chain says whom the consortium named."""
    theirs = Person(world.staff(world.mercy, "auditor").wallet, world.city.client, shelf.alice.chain_id)
    theirs.sign_in()
    query = f"patient=Patient/{shelf.ref}"
    assert events(theirs, query) == []
    world.consortium.transact("FastSuspension", "setRegulator", world.mercy.account.address)
    assert events(theirs, query)


def test_no_answer_leaves_without_its_event(world: World, shelf: Ward) -> None:
    """J-4: neither records nor a refusal; what asks for nothing of anybody goes on."""
    with another_gateway(world, world.city) as city:
        ref = city.link("AS-9", shelf.alice)
        with closing(sqlite3.connect(city.config.database)) as connection:
            connection.execute("DROP TABLE audit_keys")
        read = city.send("GET", f"/fhir/Observation?patient={ref}", **shelf.headers)
        refused = city.client.get(f"/fhir/Patient/{ref}/$everything")
        for answer in (read, refused):
            assert (answer.status_code, code_of(answer)) == (503, "audit-unwritable")
            assert answer.json["resourceType"] == "OperationOutcome" and answer.headers["X-Request-Id"]
        assert city.client.get("/fhir/metadata").status_code == 200
