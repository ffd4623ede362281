"""Consents that patients put together themselves, drop, and put in the place of others (W-45 to W-47, C-15)."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest

from consentry.domain import fields
from consentry.domain import terms as domain
from consentry.ports.desk_values import KeptConsent
from tests.app.gateway.content import terms
from tests.app.gateway.people import Hospital, Person
from tests.app.gateway.test_gateway_consents import proposed, signed
from tests.app.gateway.test_gateway_giving import GIVEN, body, drafted
from tests.app.gateway.world import World


def made(alice: Person, to: Hospital, world: World, categories: tuple[str, ...] = ()) -> dict[str, Any]:
    """A draft of the patient's own, as City's gateway kept them before W-90."""
    consent = drafted(world, alice, to)
    if categories:
        provisions = domain.Terms.from_json(
            consent.terms.to_json() | {"provisions": terms(categories)["provisions"]}
        )
        consent = replace(consent, terms=provisions)
    ports = world.city.gateway.consents
    name = domain.consent_id(consent, world.ledger.chain_id, ports.registry)
    ports.book.propose(KeptConsent(name, consent, int(time.time()), alice.wallet.address))
    listed = alice.send("GET", "/api/consents").json["consents"]
    return next(one for one in listed if one["id"] == fields.to_hex(name))


@pytest.fixture
def alice(world: World) -> Person:
    person = world.person(world.city)
    person.sign_in()
    return person


def test_patient_gives_to_any_member_by_its_registered_name(world: World, alice: Person) -> None:
    """W-45, W-90: no gateway keeps a draft; what is signed is active."""
    assert alice.send("POST", "/api/consents/own", {}).status_code in (404, 405)
    consent = drafted(world, alice, world.mercy)
    given = alice.send("POST", GIVEN, body(world, alice, consent))
    assert given.status_code == 200, given.text
    (shown,) = alice.send("GET", "/api/consents").json["consents"]
    assert (shown["status"], shown["consent"]) == ("active", consent.to_json())
    assert consent.terms.recipient_name == world.mercy.name


@pytest.mark.parametrize(
    "more", [{"recipient": "0x" + "5a" * 20}, {"recipientName": "Mercy"}, terms(("dreams",)), {"roles": []}]
)
def test_patients_consent_is_refused_when_it_is_no_consent(
    world: World, alice: Person, more: dict[str, Any]
) -> None:
    """W-45, C-11: with the field's name, and nothing is kept."""
    asked = body(world, alice, drafted(world, alice, world.city))
    asked["consent"] = asked["consent"] | {"terms": asked["consent"]["terms"] | more}
    answer = alice.send("POST", GIVEN, asked)
    assert (answer.status_code, answer.json["code"]) == (422, "terms-invalid"), answer.text
    assert alice.send("GET", "/api/consents").json["consents"] == []


def test_patients_proposal_is_nobody_elses(world: World, alice: Person) -> None:
    """W-46: neither another patient nor the desk of a hospital that it is not for sees it."""
    other = world.person(world.city)
    other.sign_in()
    shown, to_city = made(alice, world.mercy, world), made(alice, world.city, world)
    grant = f"/api/consents/{shown['id']}/grant"
    for who in (other, world.city):
        answer = who.send("POST", grant, signed(alice, shown["typedData"]))
        assert (answer.status_code, answer.json["code"]) == (404, "consent-unknown")
    world.city.link(f"own-{alice.did[-8:]}", alice)
    ref = world.city.send("POST", "/api/patients/find", {"mrn": f"own-{alice.did[-8:]}"}).json["ref"]
    bose = world.staff(world.city)

    def at_desk(who: Person | Hospital) -> tuple[list[int], list[str], list[str]]:
        """What is answered for each by its id, and which are listed, as FHIR and to the desk's page."""
        named = [who.send("GET", f"/fhir/Consent/{one['id'][2:]}").status_code for one in (shown, to_city)]
        found = who.send("GET", f"/fhir/Consent?patient=Patient/{ref}").json.get("entry", [])
        listed = who.send("GET", f"/api/patients/links/{ref}/consents").json["consents"]
        return named, [f"0x{one['resource']['id']}" for one in found], [one["id"] for one in listed]

    for who in (world.city, bose):
        assert at_desk(who) == ([404, 404], [], [])  # a draft is the patient's side's own until it is signed
    revoked = made(alice, world.city, world)
    data = alice.send("GET", f"/api/consents/{revoked['id']}/revocation").json["typedData"]
    assert (
        alice.send("POST", f"/api/consents/{revoked['id']}/revocation", signed(alice, data)).status_code
        == 200
    )
    for one in (shown, to_city):
        granted = alice.send("POST", f"/api/consents/{one['id']}/grant", signed(alice, one["typedData"]))
        assert granted.status_code == 200, granted.text
    for who in (world.city, bose):
        assert at_desk(who) == ([404, 200], [to_city["id"]], [to_city["id"]])


def test_open_proposals_are_dropped(world: World, alice: Person) -> None:
    """W-46: what nobody signed is dropped by the patient's side alone; what was signed is not."""
    asked, kept = proposed(world, alice), made(alice, world.city, world)
    assert world.city.send("DELETE", f"/api/consents/{asked['id']}").status_code == 403
    assert alice.send("DELETE", f"/api/consents/{asked['id']}").status_code == 204
    assert alice.send("DELETE", f"/api/consents/{asked['id']}").json["code"] == "consent-unknown"
    alice.send("POST", f"/api/consents/{kept['id']}/grant", signed(alice, kept["typedData"]))
    assert alice.send("DELETE", f"/api/consents/{kept['id']}").json["code"] == "consent-signed"


def test_replacing_is_both_or_neither(world: World, alice: Person) -> None:
    """C-15, W-47: one signature ends the old consent and grants the new one."""
    old, new = proposed(world, alice), made(alice, world.city, world, ("laboratory", "imaging"))
    path = f"/api/consents/{new['id']}/replacement/{old['id']}"
    data = alice.send("GET", path).json["typedData"]
    assert (data["primaryType"], data["message"]["replaces"]) == ("Replacement", old["id"])
    early = alice.send("POST", path, signed(alice, data))
    assert (early.status_code, early.json["code"]) == (409, "transaction-reverted")
    alice.send("POST", f"/api/consents/{old['id']}/grant", signed(alice, old["typedData"]))
    mallory = world.person(world.city)
    mallory.sign_in()
    assert mallory.send("GET", path).json["code"] == "consent-unknown"
    assert alice.send("POST", path, signed(mallory, data)).json["code"] == "signature-invalid"
    assert alice.send("POST", path, signed(alice, data)).status_code == 200
    listed = {one["id"]: one["status"] for one in alice.send("GET", "/api/consents").json["consents"]}
    assert listed == {old["id"]: "revoked", new["id"]: "active"}
    again = alice.send("POST", path, signed(alice, data))
    assert (again.status_code, again.json["code"]) == (409, "transaction-reverted")


def test_own_consent_is_read_under_by_the_hospital_it_names(world: World) -> None:
    """W-45: what a patient gave by itself is as good as what was asked for."""
    alice, bose = world.patient(world.city), world.staff(world.city)
    shown = made(alice, world.city, world)
    alice.send("POST", f"/api/consents/{shown['id']}/grant", signed(alice, shown["typedData"]))
    ref = world.city.link(f"given-{alice.did[-8:]}", alice)
    assert bose.open_session("TREAT").status_code == 201
    headers = {"X-Consentry-Purpose": "TREAT"}
    answer = bose.send("GET", f"/fhir/Patient/{ref}/$everything", **headers)
    assert answer.status_code == 200, answer.text
