"""Searching Consents (N-8): one patient's, by R4's parameters, page by page."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.test import TestResponse

from consentry.fhir.consent_showing import TO_GRANT, TO_REVOKE
from tests.app.gateway.consent_forms import REASONS, consent, problem, sent, signed
from tests.app.gateway.people import Person
from tests.app.gateway.world import World


def ids(answer: TestResponse) -> list[str]:
    assert answer.status_code == 200, answer.text
    bundle = answer.json
    assert (bundle["resourceType"], bundle["type"]) == ("Bundle", "searchset")
    return [one["resource"]["id"] for one in bundle.get("entry", []) if one["search"]["mode"] == "match"]


@pytest.fixture(scope="module")
def alice(world: World) -> Person:
    return world.patient(world.city)


@pytest.fixture(scope="module")
def number(alice: Person) -> str:
    return f"N-{alice.wallet.address[-12:]}"


@pytest.fixture(scope="module")
def ref(world: World, alice: Person, number: str) -> str:
    return world.city.link(number, alice)


@pytest.fixture(scope="module")
def three(world: World, alice: Person, ref: str) -> list[dict[str, Any]]:
    """One that is proposed, one that is active, one that was revoked; each for another purpose."""
    made = []
    for code in ("TREAT", "HPAYMT", "HRESCH"):
        whole = consent(ref, purpose=[{"system": REASONS, "code": code}])
        whole["identifier"][0]["value"] = f"F-{code}"
        answer = sent(world.city, "POST", "Consent", whole)
        assert answer.status_code == 201, answer.text
        made.append(answer.json)
    for index in (1, 2):
        granted = signed(alice, made[index], TO_GRANT, "active")
        made[index] = sent(alice, "PUT", f"Consent/{made[index]['id']}", granted).json
    revoked = signed(alice, made[2], TO_REVOKE, "inactive")
    made[2] = sent(alice, "PUT", f"Consent/{made[2]['id']}", revoked).json
    assert [one["status"] for one in made] == ["proposed", "active", "inactive"]
    return made


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {0, 1, 2}),
        ("&status=active", {1}),
        ("&status=proposed,active", {0, 1}),
        ("&status:not=inactive", {0, 1}),
        ("&purpose=HPAYMT", {1}),
        (f"&purpose={REASONS}%7CTREAT", {0}),
        ("&identifier=urn:his:forms%7CF-HRESCH", {2}),
        ("&scope=patient-privacy", {0, 1, 2}),
        ("&date=2026-11", {0, 1, 2}),
        ("&date=lt2026", set()),
        ("&period=ge2200", {0, 1, 2}),
        ("&_lastUpdated=lt2020", set()),
    ],
)
def test_search_finds_by_parameters(
    world: World, three: list[dict[str, Any]], ref: str, query: str, found: set[int]
) -> None:
    """N-8"""
    answer = sent(world.city, "GET", f"Consent?patient=Patient/{ref}{query}")
    assert set(ids(answer)) == {three[index]["id"] for index in found}
    assert answer.json["total"] == len(found)
    by_id = {one["resource"]["id"]: one["resource"] for one in answer.json.get("entry", [])}
    assert all(by_id[three[index]["id"]] == three[index] for index in found)


def test_search_is_answered_alike_by_every_address(
    world: World, alice: Person, three: list[dict[str, Any]], ref: str, number: str
) -> None:
    """N-8: by reference, compartment and form; by number in a body only; a patient's side needs no name."""
    wanted = {one["id"] for one in three}
    form = {"Content-Type": "application/x-www-form-urlencoded", "Authorization": f"Bearer {world.city.key}"}
    path = "/fhir/Consent/_search"
    post = world.city.client.post
    answers = [
        sent(world.city, "GET", f"Consent?patient={ref}"),
        sent(world.city, "GET", f"Patient/{ref}/Consent"),
        post(path, data={"patient": f"Patient/{ref}"}, headers=form),
        post(path, data={"patient.identifier": f"urn:mrn|{number}"}, headers=form),
        post(path, data={"patient.identifier": number}, headers=form),
        sent(alice, "GET", "Consent"),
        sent(alice, "GET", "Consent?patient=Patient/self"),
        sent(alice, "GET", f"Consent?patient={ref}"),
    ]
    assert [set(ids(one)) for one in answers] == [wanted] * len(answers)
    assert number not in "".join(one.text for one in answers)
    refused = sent(world.city, "GET", f"Consent?patient.identifier=urn:mrn%7C{number}")
    assert problem(refused)[0] == 400 and number not in refused.text


def test_number_in_a_body_is_read_as_a_search_is(world: World) -> None:
    """N-8, F-14: what would part the value stands behind a backslash."""
    ref = world.city.link("urn:card|N|8,1", alice := world.patient(world.city))
    assert sent(world.city, "POST", "Consent", consent(ref)).status_code == 201
    headers = {"Authorization": f"Bearer {world.city.key}"}
    form = {"patient.identifier": r"urn:card|N\|8\,1"}
    found = world.city.client.post("/fhir/Consent/_search", data=form, headers=headers)
    assert ids(found) == ids(sent(alice, "GET", "Consent")) and len(ids(found)) == 1


def test_search_is_given_in_pages(world: World, three: list[dict[str, Any]], ref: str) -> None:
    """N-8: `next` until there is none; counts alone; the order that is asked."""
    base = f"Consent?patient={ref}"
    seen, link = [], f"/fhir/{base}&_count=1&_sort=status"
    while link:
        page = world.city.send("GET", link)
        assert page.json["total"] == 3 and len(ids(page)) == 1
        seen += ids(page)
        links = {one["relation"]: one["url"] for one in page.json["link"]}
        link = links.get("next", "").removeprefix(world.city.gateway.site.origin)
    assert seen == [three[index]["id"] for index in (1, 2, 0)]
    for query in ("_summary=count", "_count=0"):
        counted = sent(world.city, "GET", f"{base}&{query}").json
        assert (counted["total"], "entry" in counted) == (3, False)
    assert "total" not in sent(world.city, "GET", f"{base}&_total=none").json
    part = sent(world.city, "GET", f"{base}&_elements=provision&status=active").json["entry"][0]["resource"]
    assert "provision" in part and "dateTime" not in part
    assert problem(sent(world.city, "GET", f"{base}&_offset=-1"))[0] == 400


def test_search_names_one_patient_and_known_parameters(
    world: World, alice: Person, three: list[dict[str, Any]], ref: str
) -> None:
    """N-8: without a patient 400; what is unknown is ignored and said, or refused when the client prefers that."""
    assert problem(sent(world.city, "GET", "Consent"))[:2] == (400, "search-without-patient")
    assert problem(sent(world.city, "GET", "Consent?patient=nobody"))[1] == "patient-not-linked"
    odd = f"Consent?patient={ref}&colour=red&_include=Consent:actor"
    told = sent(world.city, "GET", odd).json
    (outcome,) = [one["resource"] for one in told["entry"] if one["search"]["mode"] == "outcome"]
    assert len(outcome["issue"]) == 2 and told["total"] == 3
    assert problem(sent(world.city, "GET", odd, Prefer="handling=strict"))[0] == 400
    assert problem(sent(world.city, "GET", f"Consent?patient={ref}&date=soon"))[0] == 400


def test_search_shows_nobody_elses(world: World, three: list[dict[str, Any]], ref: str) -> None:
    """N-8, N-5: another patient hears the same of this reference as of one that never was; other hospitals know none."""
    mallory = world.person(world.city)
    mallory.sign_in()
    assert ids(sent(mallory, "GET", "Consent")) == []
    of_alice = sent(mallory, "GET", f"Consent?patient={ref}")
    assert (
        of_alice.status_code == 404 and of_alice.json == sent(mallory, "GET", "Consent?patient=nobody").json
    )
    assert problem(sent(world.mercy, "GET", f"Consent?patient={ref}"))[1] == "patient-not-linked"
    assert world.city.client.get(f"/fhir/Consent?patient={ref}").status_code == 401


def test_create_is_conditional_on_an_identifier(world: World, three: list[dict[str, Any]], ref: str) -> None:
    """N-8: sent again with If-None-Exist, a form is proposed once."""
    whole = consent(ref)
    whole["identifier"][0]["value"] = "F-once"
    header = {"If-None-Exist": "identifier=urn:his:forms|F-once"}
    first, again = (sent(world.city, "POST", "Consent", whole, **header) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == again.json and first.headers["Location"] == again.headers["Location"]
    short = sent(world.city, "POST", "Consent", whole, **header, Prefer="return=minimal")
    assert (short.status_code, short.data, short.headers["ETag"]) == (200, b"", 'W/"1"')
    told = sent(world.city, "POST", "Consent", whole, **header, Prefer="return=OperationOutcome").json
    assert told["issue"][0]["severity"] == "information"
    bob = world.city.link("N-bob", world.patient(world.city))
    others = {"If-None-Exist": f"identifier=urn:his:forms|F-once&patient=Patient/{bob}"}
    refused = sent(world.city, "POST", "Consent", whole, **others)
    assert problem(refused)[:2] == (422, "bundle-names-two-patients")
    sent(world.city, "POST", "Consent", whole)
    assert problem(sent(world.city, "POST", "Consent", whole, **header))[:2] == (412, "condition-ambiguous")
