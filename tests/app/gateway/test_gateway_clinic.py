"""What the page of a clinician asks its gateway: people, proposals at the desk, links on the patient's device (W-68 to W-72)."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from consentry.config import read_gateway_config
from consentry.domain import fields, times
from consentry.domain.addresses import address
from consentry.errors import ConfigInvalid
from consentry.gateway.app import create_app
from consentry.services import desk_proposals
from consentry.services.desk_proposals import MOST_WAITING
from consentry.services.news import unseen
from tests.app.gateway.people import Person
from tests.app.gateway.trail import of_request
from tests.app.gateway.world import World

TERMS = {
    "roles": ["attending"],
    "provisions": [
        {
            "purposes": ["TREAT"],
            "categories": ["laboratory"],
            "confidentiality": "N",
            "dataFrom": "any",
            "dataUntil": "any",
            "authors": ["any"],
            "records": ["any"],
        }
    ],
    "maxUses": 0,
}


def proposed(who: Person, patient: str) -> str:
    now = int(time.time())
    window = {"validFrom": times.iso(now - 60), "validUntil": times.iso(now + 86_400)}
    answer = who.send("POST", "/api/consents/proposals", {"patient": patient, "terms": TERMS} | window)
    assert answer.status_code == 201, answer.text
    return str(answer.json["id"])


def test_a_person_is_found_by_did(world: World) -> None:
    """W-68: by one of the two, in a body; who is not linked here is not found."""
    alice, bose = world.person(world.mercy), world.staff(world.mercy)
    ref = world.mercy.link("CL-1", alice)
    found = bose.send("POST", "/api/patients/find", {"did": alice.did})
    assert (found.status_code, found.json) == (200, {"ref": ref, "did": alice.did})
    stranger = bose.send("POST", "/api/patients/find", {"did": world.person(world.mercy).did})
    assert (stranger.status_code, stranger.json["code"]) == (404, "patient-not-linked")
    for body in ({}, {"mrn": "CL-1", "did": alice.did}, {"did": "nobody"}):
        assert bose.send("POST", "/api/patients/find", body).json["code"] == "layout-invalid"


def test_a_link_is_signed_on_the_patients_own_device(world: World) -> None:
    """W-69, W-94: the patient whom the desk named finds the challenge after signing in; nobody else does."""
    alice, mallory, bose = world.person(world.mercy), world.person(world.mercy), world.staff(world.mercy)
    asked = {"mrn": "CL-2", "did": alice.did}
    made = bose.send("POST", "/api/patients/links", asked).json
    alice.sign_in()
    mallory.sign_in()
    assert mallory.send("GET", "/api/links/waiting").json == {"links": []}
    (waiting,) = alice.send("GET", "/api/links/waiting").json["links"]
    assert [each.send("GET", "/api/notifications").json["links"] for each in (alice, mallory)] == [1, 0]
    assert unseen(address(alice.wallet.address), world.mercy.gateway.page.streams.news) == 1
    assert waiting == {"ref": made["ref"], "challenge": made["challenge"]}
    path = f"/api/links/waiting/{made['ref']}"
    signature = {"signature": fields.to_hex(mallory.wallet.sign_text(waiting["challenge"]))}
    assert mallory.send("POST", path, signature).json["code"] == "challenge-unknown"
    assert alice.send("POST", path, signature).json["code"] == "signature-invalid"
    signature = {"signature": fields.to_hex(alice.wallet.sign_text(waiting["challenge"]))}
    assert bose.send("POST", path, signature).json["code"] == "role-unfit"
    assert alice.send("GET", "/api/links/own").json == {"since": None}
    assert alice.send("POST", path, signature).json == {"ref": made["ref"], "did": alice.did}
    assert alice.send("GET", "/api/links/own").json["since"]
    assert mallory.send("GET", "/api/links/own").json == {"since": None}
    assert bose.send("GET", "/api/links/own").json["code"] == "role-unfit"
    assert alice.send("GET", "/api/notifications").json["links"] == 0
    assert alice.send("GET", "/api/links/waiting").json == {"links": []}
    found = bose.send("POST", "/api/patients/find", {"mrn": "CL-2"}).json
    assert found == {"ref": made["ref"], "did": alice.did}


def test_a_desk_sees_what_it_proposed_and_what_became_of_it(world: World) -> None:
    """W-70: each person the own proposals; of a linked patient, all that the desk asked for."""
    alice = world.patient(world.mercy)
    bose, li = world.staff(world.mercy), world.staff(world.mercy)
    ref = world.mercy.link("CL-3", alice)
    first, second = proposed(bose, alice.did), proposed(li, ref)
    (mine,) = bose.send("GET", "/api/consents/proposals").json["consents"]
    assert (mine["id"], mine["status"]) == (first, "proposed")
    assert mine["patient"] == {"ref": ref, "did": alice.did}
    signature = fields.to_hex(alice.wallet.sign_typed(mine["typedData"]))
    alice.send("POST", f"/api/consents/{first}/grant", {"signature": signature})
    (mine,) = bose.send("GET", "/api/consents/proposals").json["consents"]
    assert (mine["status"], len(mine["transaction"])) == ("active", 66)
    everyones = bose.send("GET", f"/api/patients/links/{ref}/consents").json["consents"]
    assert {one["id"] for one in everyones} == {first, second}
    stranger = world.person(world.mercy)
    proposed(bose, stranger.did)
    named = [one["patient"] for one in bose.send("GET", "/api/consents/proposals").json["consents"]]
    assert {"ref": None, "did": stranger.did} in named and len(named) == 2
    assert alice.send("GET", "/api/consents/proposals").json["code"] == "role-unfit"
    assert alice.send("GET", f"/api/patients/links/{ref}/consents").json["code"] == "role-unfit"


def test_what_no_patient_has_answered_is_told_by_id_alone(world: World) -> None:
    """W-127: to whoever asked, until it is signed or dropped; a page that looks often leaves nothing in the patient's trail."""
    alice = world.patient(world.mercy)
    bose, li = world.staff(world.mercy), world.staff(world.mercy)
    path, ref = "/api/consents/proposals/waiting", world.mercy.link("CL-4", alice)
    first, second, third = (proposed(who, ref) for who in (bose, bose, li))
    looked = bose.send("GET", path)
    assert sorted(looked.json["ids"]) == sorted((first, second))
    assert of_request(alice, looked) == []
    mine = next(
        one for one in bose.send("GET", "/api/consents/proposals").json["consents"] if one["id"] == first
    )
    signature = fields.to_hex(alice.wallet.sign_typed(mine["typedData"]))
    assert alice.send("POST", f"/api/consents/{first}/grant", {"signature": signature}).status_code == 200
    assert bose.send("GET", path).json == {"ids": [second]}
    assert alice.send("DELETE", f"/api/consents/{second}").status_code == 204
    assert bose.send("GET", path).json == {"ids": []}
    assert li.send("GET", path).json == {"ids": [third]}
    many = {proposed(li, ref) for _ in range(MOST_WAITING + 1)}
    told = li.send("GET", path).json["ids"]
    assert len(told) == MOST_WAITING and set(told) <= many | {third}
    assert alice.send("GET", path).json["code"] == "role-unfit"


def test_what_ended_elsewhere_takes_no_place_of_what_waits(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """W-127: the chain knows of the newest what this gateway relayed nothing of."""
    monkeypatch.setattr(desk_proposals, "MOST_WAITING", 2)
    alice, bose = world.patient(world.mercy), world.staff(world.mercy)
    waits, *ended = (proposed(bose, alice.did) for _ in range(4))
    for one in ended:
        data = alice.send("GET", f"/api/consents/{one}/revocation").json["typedData"]
        arguments = (alice.wallet.address, bytes.fromhex(one[2:]), alice.wallet.sign_typed(data))
        world.consortium.transact("ConsentRegistry", "revokeBySignature", *arguments)
    assert bose.send("GET", "/api/consents/proposals/waiting").json == {"ids": [waits]}


def test_colleagues_have_the_names_that_the_member_gives_them(world: World) -> None:
    """W-72: with role, department and licence from the chain; the caller is among them, people of elsewhere are not."""
    bose, li = world.staff(world.mercy, "attending", "surgery"), world.staff(world.mercy, "nurse")
    elsewhere, alice = world.staff(world.city), world.person(world.mercy)
    names = {li.wallet.address: "Nurse Li", elsewhere.wallet.address: "Dr Else"}
    client = create_app(replace(world.mercy.gateway, staff_names=names)).test_client()
    bose, alice = replace(bose, client=client), replace(alice, client=client)
    nurse, doctor = bose.send("GET", "/api/staff").json["staff"]
    assert (nurse["account"], nurse["name"], nurse["role"]) == (li.wallet.address, "Nurse Li", "nurse")
    assert nurse["active"] and nurse["licenceEndsAt"] > times.iso(int(time.time()))
    assert (doctor["account"], doctor["name"], doctor["department"]) == (bose.wallet.address, None, "surgery")
    alice.sign_in()
    assert alice.send("GET", "/api/staff").json["code"] == "role-unfit"
    asked = {"accounts": [li.wallet.address, bose.wallet.address]}
    named = alice.send("POST", "/api/staff/names", asked)
    assert named.json == {"names": {li.wallet.address: "Nurse Li"}}
    assert alice.send("POST", "/api/staff/names", {"accounts": ["x"]}).json["code"] == "layout-invalid"


@pytest.mark.parametrize(
    "names", [{"dr_bose": "Dr Bose"}, {"0x" + "ab" * 20: ""}, ["0x"], {"0x" + "ab" * 20: 1}]
)
def test_settings_refuse_what_names_nobody(world: World, tmp_path: Path, names: object) -> None:
    """W-72"""
    path = tmp_path / "gateway.json"
    replace(world.mercy.config, staff_names=names).write(path)  # type: ignore[arg-type]
    with pytest.raises(ConfigInvalid, match="staff_names"):
        read_gateway_config(path)
    account = "0x" + "AB" * 20
    replace(world.mercy.config, staff_names={account: "Dr Bose"}).write(path)
    assert read_gateway_config(path).staff_names == {account.lower(): "Dr Bose"}
