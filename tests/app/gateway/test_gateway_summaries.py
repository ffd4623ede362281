"""The emergency summary as an author's gateway publishes and refreshes it (E-19, E-20)."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

import pytest

from consentry.services import summaries
from tests.app.gateway.content import bundle
from tests.app.gateway.people import Person
from tests.app.gateway.test_gateway_directory import post, sign_next
from tests.app.gateway.test_gateway_exchange import resources
from tests.app.gateway.ward import Ward, ward_at
from tests.app.gateway.world import World

SUBJECT = {"reference": "Patient/p1"}
CLINICAL = "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical"
PENICILLIN, LATEX = "Penicillin", "Latex"


@pytest.fixture
def ward(world: World) -> Ward:
    return ward_at(world)


def visit(mrn: str, *allergies: str, status: str = "active") -> dict[str, Any]:
    """A visit with a laboratory result, a psychiatric diagnosis and these allergies, each under an address of its own."""
    made = bundle(mrn)
    for text in allergies:
        allergy = {
            "resourceType": "AllergyIntolerance",
            "id": text.lower(),
            "clinicalStatus": {"coding": [{"system": CLINICAL, "code": status}]},
            "code": {"text": text},
            "patient": SUBJECT,
            "recordedDate": "2026-05-04",
        }
        made["entry"].append(
            {"fullUrl": f"http://mercy.test/AllergyIntolerance/{text.lower()}", "resource": allergy}
        )
    return made


def summary(ward: Ward, alice: Person) -> list[dict[str, Any]]:
    """What two of City's people see in an emergency."""
    answer = ward.read(ward.bose, ward.open(alice.did))
    assert answer.status_code == 200, answer.text
    return resources(answer)


def allergies(found: list[dict[str, Any]]) -> list[str]:
    return sorted(one["code"]["text"] for one in found if one["resourceType"] == "AllergyIntolerance")


def test_summary_follows_what_the_author_publishes(ward: Ward) -> None:
    """E-19: in the batch of the publication; one document, whose newest version is read."""
    mercy, alice = ward.world.mercy, ward.world.patient(ward.world.mercy)
    mercy.link("SU-1", alice)
    first = mercy.publish(visit("SU-1", PENICILLIN))
    assert [one["response"]["status"] for one in first.json["entry"]].count("201 Created") == 4
    found = summary(ward, alice)
    assert allergies(found) == [PENICILLIN]
    assert {one["resourceType"] for one in found} == {"Patient", "Composition", "AllergyIntolerance"}
    assert next(one for one in found if one["resourceType"] == "Patient")["birthDate"] == "1985-05-04"
    again = mercy.publish(visit("SU-1", PENICILLIN))
    assert "X-Consentry-Transaction" not in again.headers
    mercy.publish(visit("SU-1", LATEX))
    found = summary(ward, alice)
    assert allergies(found) == [LATEX, PENICILLIN]
    assert [one["resourceType"] for one in found].count("Composition") == 1


def test_what_was_corrected_or_is_over_leaves_the_summary(ward: Ward) -> None:
    """E-19: the allergy is published anew under its own address; then nothing is left to summarise."""
    mercy, alice = ward.world.mercy, ward.world.patient(ward.world.mercy)
    mercy.link("SU-2", alice)
    mercy.publish(visit("SU-2", PENICILLIN, LATEX))
    assert allergies(summary(ward, alice)) == [LATEX, PENICILLIN]
    mercy.publish(visit("SU-2", PENICILLIN, status="resolved"))
    assert allergies(summary(ward, alice)) == [LATEX]
    mercy.publish(visit("SU-2", LATEX, status="resolved"))
    assert [one["resourceType"] for one in summary(ward, alice) if one["resourceType"] != "Patient"] == []


def test_sensitive_sources_go_in_by_the_patients_word_alone(ward: Ward) -> None:
    """E-20: at once, and out again."""
    mercy, alice = ward.world.mercy, ward.world.patient(ward.world.mercy)
    mercy.link("SU-3", alice)
    mercy.publish(visit("SU-3", PENICILLIN))
    assert alice.send("GET", "/api/emergency/summary").json == {"sensitive": False}
    for sensitive in (True, False):
        answer = alice.send("PUT", "/api/emergency/summary", {"sensitive": sensitive})
        assert (answer.status_code, answer.json) == (200, {"sensitive": sensitive}), answer.text
        kinds = [one["resourceType"] for one in summary(ward, alice)]
        assert ("Condition" in kinds, "AllergyIntolerance" in kinds) == (sensitive, True)
    for wrong in (None, 1, "yes"):
        assert alice.send("PUT", "/api/emergency/summary", {"sensitive": wrong}).status_code == 400
    assert ward.bose.send("GET", "/api/emergency/summary").status_code == 403


def test_a_strangers_word_is_not_kept(ward: Ward) -> None:
    """E-20: wallets cost nothing, and each would be a row; who was linked here once still has a say."""
    stranger, parts = ward.world.person(ward.world.mercy), ward.world.mercy.gateway
    stranger.sign_in()
    refused = stranger.send("PUT", "/api/emergency/summary", {"sensitive": True})
    assert (refused.status_code, refused.json["code"]) == (404, "patient-not-linked")
    assert stranger.send("PUT", "/api/emergency/summary", {"sensitive": False}).status_code == 200
    with closing(sqlite3.connect(ward.world.mercy.config.database)) as book:
        rows = "SELECT COUNT(*) FROM summaries WHERE sealed = ''"
        assert book.execute(rows).fetchone() == (0,)
    ref = ward.world.mercy.link(f"E-{stranger.wallet.address}", stranger)
    assert ward.world.mercy.send("DELETE", f"/api/patients/links/{ref}").status_code == 204
    assert stranger.send("PUT", "/api/emergency/summary", {"sensitive": True}).status_code == 200
    assert summaries.chosen(stranger.wallet.address, parts.author, parts.publishing.summaries)


def test_summary_waits_for_a_directory_like_any_record(ward: Ward) -> None:
    """E-19, D-9"""
    mercy, alice = ward.world.mercy, ward.world.person(ward.world.mercy)
    alice.sign_in()
    mercy.link("SU-4", alice)
    assert mercy.publish(visit("SU-4", PENICILLIN)).json["entry"][0]["response"]["status"] == "202 Accepted"
    assert post(alice, sign_next(ward.world, alice)).status_code == 200
    mercy.publish(visit("SU-4", PENICILLIN))
    assert allergies(summary(ward, alice)) == [PENICILLIN]


def test_what_summaries_are_made_from_is_kept_encrypted(ward: Ward) -> None:
    """E-19, P-1"""
    mercy, alice = ward.world.mercy, ward.world.patient(ward.world.mercy)
    mercy.link("SU-5", alice)
    mercy.publish(visit("SU-5", "Quinquaria"))
    with closing(sqlite3.connect(mercy.config.database)) as database:
        rows = database.execute("SELECT patient_key, sealed FROM summaries").fetchall()
    assert rows
    held = b"".join(key + sealed for key, sealed in rows)
    assert b"Quinquaria" not in held and alice.wallet.address[2:].encode() not in held
