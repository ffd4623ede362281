"""An emergency while much is down, with real processes: two open and read, a third reviews, the patient is told later."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from consentry.demo.actors import Hospital, Patient, Person, resources
from consentry.domain import addresses, fields
from consentry.errors import ConsentryError, NoGround
from consentry.network.run import Network
from tests.journeys.bundles import bundle, laboratory, patient

OPENINGS = "/api/emergency/openings"
DOWN = ("gateway-mercy", "keeper-council", "keeper-trustee")


@dataclass(frozen=True)
class Team:
    """City's people on duty: `duarte` and `okoye` open, `lindqvist` reviews."""

    duarte: Person
    okoye: Person
    lindqvist: Person

    def open(self, did: str) -> dict[str, Any]:
        pair = {"first": self.duarte.wallet.address, "second": self.okoye.wallet.address}
        told = self.duarte.gateway.post(f"{OPENINGS}/proposals", {"patient": did, "seconds": 900} | pair)
        first, second = (
            fields.to_hex(one.wallet.sign_typed(told["typedData"])) for one in (self.duarte, self.okoye)
        )
        body = {"opening": told["opening"], "firstSignature": first, "secondSignature": second}
        return self.duarte.gateway.post(OPENINGS, body)

    def sign_at(self, who: Person, path: str) -> dict[str, Any]:
        typed = who.gateway.get(f"{OPENINGS}/{path}")["typedData"]
        return who.gateway.post(
            f"{OPENINGS}/{path}", {"signature": fields.to_hex(who.wallet.sign_typed(typed))}
        )


@pytest.fixture(scope="module")
def team(network: Network) -> Team:
    people = [Person.sign_in(network, slug, "city") for slug in ("dr_duarte", "nurse_okoye", "dr_lindqvist")]
    return Team(*people)


@contextmanager
def stopped(network: Network, *names: str) -> Iterator[None]:
    """These processes are dead in the meantime; the patient's device never was a process."""
    for name in names:
        network.processes[name].kill()
    try:
        yield
    finally:
        for name in names:
            network.processes[name].start()
        network.processes.await_ready()


def contact(subject: int = 1) -> dict[str, Any]:
    return {
        "resourceType": "RelatedPerson",
        "patient": {"reference": f"urn:uuid:00000000-0000-4000-8000-{subject:012d}"},
        "name": [{"family": "Okafor"}],
        "telecom": [{"system": "phone", "value": "+1 555 0100"}],
    }


def allergy(subject: int = 1) -> dict[str, Any]:
    return {
        "resourceType": "AllergyIntolerance",
        "code": {"text": "Penicillin"},
        "patient": {"reference": f"urn:uuid:00000000-0000-4000-8000-{subject:012d}"},
        "recordedDate": "2026-03-01",
    }


def read(who: Person, opening: str) -> dict[str, Any]:
    who.open_session("ETREAT")
    answer = who.gateway.exchange(
        "GET",
        "/fhir/Patient/emergency/$everything",
        None,
        headers={"X-Consentry-Opening": opening},
        seconds=120,
    )
    return dict(json.loads(answer.body))


def test_an_emergency_while_device_author_and_two_keepers_are_down(
    network: Network, mercy: Hospital, team: Team, new_patient: Callable[[], Patient]
) -> None:
    """E-12, E-14, E-15, E-17, E-19: and afterwards the patient sees all of it."""
    alice = new_patient()
    alice.open_directory(network)
    ref = mercy.link("EM-1", alice.wallet)
    mercy.publish(bundle(patient("EM-1"), laboratory(6.4), contact(), allergy()), ref)
    did = addresses.did(alice.wallet.address, network.ledger.chain_id)
    with stopped(network, *DOWN):
        opened = team.open(did)
        for who in (team.duarte, team.okoye):
            found = {one["resourceType"] for one in resources(read(who, opened["id"]))}
            assert found >= {"RelatedPerson", "Composition", "AllergyIntolerance"}
            assert "Observation" not in found
        team.sign_at(team.okoye, f"{opened['id']}/closing")
        with pytest.raises(NoGround):
            read(team.duarte, opened["id"])
        with pytest.raises(ConsentryError, match="OpeningReviewerIsOpener"):
            team.sign_at(team.duarte, f"{opened['id']}/review/justified")
        team.sign_at(team.lindqvist, f"{opened['id']}/review/justified")
        listed = team.lindqvist.gateway.get(OPENINGS)["openings"]
        assert opened["id"] not in [one["id"] for one in listed]
    again = Patient.sign_in(network, slug_of(network, alice), "city")
    (told,) = again.gateway.get("/api/notifications")["notifications"]
    assert (told["id"], told["status"], told["finding"]) == (opened["id"], "reviewed", "justified")
    again.open_session("PATRQT")
    receipts = again.gateway.get("/api/receipts")["receipts"]
    under = [one for one in receipts if one["openingId"] == opened["id"]]
    assert {one["actor"] for one in under if one["decision"] == "released"} == {
        team.duarte.wallet.address,
        team.okoye.wallet.address,
    }
    assert {one["category"] for one in under} == {"emergency"}


def test_nothing_is_opened_for_a_patient_without_a_directory(
    network: Network, team: Team, new_patient: Callable[[], Patient]
) -> None:
    """E-13: said at once, before anybody signs."""
    did = addresses.did(new_patient().wallet.address, network.ledger.chain_id)
    with pytest.raises(ConsentryError, match="no emergency summary") as refused:
        team.open(did)
    assert refused.value.code == "directory-not-open"


def slug_of(network: Network, who: Patient) -> str:
    return next(slug for slug, address in network.people.items() if address == who.wallet.address)
