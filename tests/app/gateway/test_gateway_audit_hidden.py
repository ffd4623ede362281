"""Refusals that say something else to the caller leave their decision in the audit trail (J-1, J-2)."""

from __future__ import annotations

import secrets
from typing import Any

import pytest

from tests.app.gateway.shelves import Ward, glucose, link, matches, ward
from tests.app.gateway.test_gateway_reading import code_of
from tests.app.gateway.trail import events, shape
from tests.app.gateway.world import World


@pytest.fixture
def shelf(world: World) -> Ward:
    made = ward(world, f"AH-{secrets.token_hex(4)}")
    made.grant("laboratory")
    return made


def created(shelf: Ward) -> dict[str, Any]:
    body = glucose(1, subject={"reference": f"Patient/{shelf.ref}"})
    answer = shelf.world.city.send("POST", "/fhir/Observation", {k: v for k, v in body.items() if k != "id"})
    assert answer.status_code == 201, answer.text
    return dict(answer.json)


def decided(shelf: Ward, answer: Any, code: str) -> None:
    """The newest events are of this refusal: what was asked, and that nothing was to be had."""
    assert code_of(answer) == code
    decision, asked = events(shelf.alice, "_count=2")
    assert (shape(decision), decision["outcomeDesc"]) == ("AuthZconsent", f"deny: {code}")
    assert asked["outcomeDesc"] == code
    for one in (decision, asked):
        assert f"Practitioner/{shelf.dr_bose.wallet.address}" in str(one["agent"])


def test_reading_by_id_without_a_ground_is_decided(shelf: Ward) -> None:
    """J-1, J-2, F-25: what the hospital published itself, and what the session was shown before."""
    name = f"Observation/{created(shelf)['id']}"
    assert shelf.get(name).status_code == 200
    shelf.publish(glucose(2), at=shelf.world.mercy)
    other = matches(shelf.get(f"Observation?patient={shelf.ref}&date=2026-05-02"))[0]["id"]
    shelf.revoke()
    decided(shelf, shelf.get(f"Observation/{other}"), "resource-unknown")
    decided(shelf, shelf.get(name), "resource-unknown")


def test_page_whose_ground_has_ended_is_decided(shelf: Ward) -> None:
    """J-1, J-2, F-19."""
    shelf.publish(*(glucose(day) for day in (1, 2, 3)))
    following = link(shelf.get(f"Observation?patient={shelf.ref}&_count=2"), "next")
    assert following is not None
    shelf.revoke()
    decided(shelf, shelf.get(following), "page-gone")


def test_change_of_a_part_without_a_ground_is_decided(shelf: Ward) -> None:
    """J-1, J-2, F-13."""
    shelf.publish(glucose(1), glucose(1, id="o11"))
    one = matches(shelf.get(f"Observation?patient={shelf.ref}"))[0]
    shelf.revoke()
    answer = shelf.world.city.send("PUT", f"/fhir/Observation/{one['id']}", one, **shelf.headers)
    decided(shelf, answer, "resource-not-alone")


def test_another_patient_finds_the_same_trail_whether_there_is_a_resource(world: World, shelf: Ward) -> None:
    """J-2, J-6: the patient concerned hears of the attempt; whoever made it cannot tell by the own trail."""
    name, mallory = created(shelf)["id"], world.patient(world.city)
    mallory.open_session("PATRQT")
    told = []
    for one in (name, "unknown"):
        assert code_of(mallory.send("GET", f"/fhir/Observation/{one}")) == "resource-unknown"
        (event,) = events(mallory, "_count=1&action=R&type=rest")
        told.append(
            (len(events(mallory, "action=R")), shape(event), event["outcomeDesc"], len(event["entity"]))
        )
    assert told == [(1, *told[0][1:]), (2, *told[0][1:])]
    assert [one["outcomeDesc"] for one in events(shelf.alice, "_count=2")] == [
        "deny: resource-unknown",
        "resource-unknown",
    ]
