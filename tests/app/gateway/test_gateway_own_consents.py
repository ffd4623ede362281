"""Consents that patients put together themselves, drop, and put in the place of others (W-45 to W-47, C-15)."""

from __future__ import annotations

import time
from typing import Any

import pytest

from consentry.domain import times
from consentry.domain.addresses import Address
from consentry.domain.terms import Consent
from consentry.services.proposing import MOST_OWN, Propose, propose_own
from tests.app.gateway.content import DAY, terms
from tests.app.gateway.people import Hospital, Person
from tests.app.gateway.test_gateway_consents import proposed, signed
from tests.app.gateway.world import World

NOBODY = "0x" + "5a" * 20


def own(recipient: str, **more: Any) -> dict[str, Any]:
    now = int(time.time()) - 60
    window = {"validFrom": times.iso(now), "validUntil": times.iso(now + 30 * DAY)}
    return {"recipient": recipient, "terms": terms(), **window} | more


def made(alice: Person, hospital: Hospital, **more: Any) -> dict[str, Any]:
    answer = alice.send("POST", "/api/consents/own", own(str(hospital.account.address), **more))
    assert answer.status_code == 201, answer.text
    return dict(answer.json)


@pytest.fixture
def alice(world: World) -> Person:
    person = world.person(world.city)
    person.sign_in()
    return person


def test_patient_proposes_to_any_member_by_its_registered_name(world: World, alice: Person) -> None:
    """W-45: the name is the chain's, whatever the patient's page says."""
    shown = made(alice, world.mercy)
    consent = Consent.from_json(shown["consent"])
    assert (consent.terms.recipient, consent.terms.recipient_name) == (
        world.mercy.account.address,
        world.mercy.name,
    )
    assert (consent.patient, any(consent.terms.salt)) == (alice.wallet.address, True)
    granted = alice.send("POST", f"/api/consents/{shown['id']}/grant", signed(alice, shown["typedData"]))
    assert granted.status_code == 200, granted.text
    assert [one["status"] for one in alice.send("GET", "/api/consents").json["consents"]] == ["active"]


@pytest.mark.parametrize(
    "more",
    [
        {"recipient": NOBODY},
        {"terms": terms(("dreams",))},
        {"terms": terms() | {"recipientName": "Mercy"}},
        {"validUntil": "2026-01-01T00:00:00Z"},
    ],
)
def test_patients_proposal_is_refused_when_it_is_no_consent(
    world: World, alice: Person, more: dict[str, Any]
) -> None:
    """W-45, C-11: with the field's name, and nothing is kept."""
    answer = alice.send("POST", "/api/consents/own", own(str(world.city.account.address)) | more)
    assert (answer.status_code, answer.json["code"]) == (422, "terms-invalid"), answer.text
    assert alice.send("GET", "/api/consents").json["consents"] == []


def test_patients_proposal_is_nobody_elses(world: World, alice: Person) -> None:
    """W-46: neither another patient nor the desk of a hospital that it is not for sees it."""
    other = world.person(world.city)
    other.sign_in()
    shown, to_city = made(alice, world.mercy), made(alice, world.city)
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
    revoked = made(alice, world.city)
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
    assert world.city.send("POST", "/api/consents/own", own(NOBODY)).status_code == 403


def test_open_proposals_are_dropped_and_bounded(world: World, alice: Person) -> None:
    """W-46: what nobody signed is dropped by the patient's side alone; what was signed is not."""
    city = str(world.city.account.address)
    asked, kept = proposed(world, alice), made(alice, world.city)
    assert world.city.send("DELETE", f"/api/consents/{asked['id']}").status_code == 403
    assert alice.send("DELETE", f"/api/consents/{asked['id']}").status_code == 204
    assert alice.send("DELETE", f"/api/consents/{asked['id']}").json["code"] == "consent-unknown"
    alice.send("POST", f"/api/consents/{kept['id']}/grant", signed(alice, kept["typedData"]))
    assert alice.send("DELETE", f"/api/consents/{kept['id']}").json["code"] == "consent-signed"
    window = own(city)["validFrom"], own(city)["validUntil"]
    command = Propose(Address(alice.wallet.address), terms(), *window, str(alice.wallet.address))
    for _ in range(MOST_OWN):
        last = propose_own(command, world.city.gateway.consents)
    refused = alice.send("POST", "/api/consents/own", own(city))
    assert (refused.status_code, refused.json["code"]) == (409, "proposals-too-many")
    assert alice.send("DELETE", f"/api/consents/0x{last.kept.consent_id.hex()}").status_code == 204
    assert alice.send("POST", "/api/consents/own", own(city)).status_code == 201


def test_replacing_is_both_or_neither(world: World, alice: Person) -> None:
    """C-15, W-47: one signature ends the old consent and grants the new one."""
    old, new = proposed(world, alice), made(alice, world.city, terms=terms(("laboratory", "imaging")))
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
    shown = made(alice, world.city)
    alice.send("POST", f"/api/consents/{shown['id']}/grant", signed(alice, shown["typedData"]))
    ref = world.city.link(f"given-{alice.did[-8:]}", alice)
    assert bose.open_session("TREAT").status_code == 201
    headers = {"X-Consentry-Purpose": "TREAT"}
    answer = bose.send("GET", f"/fhir/Patient/{ref}/$everything", **headers)
    assert answer.status_code == 200, answer.text
