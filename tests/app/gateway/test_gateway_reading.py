"""Grounds and refusals of $everything, and the account (K-10, G-3)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from consentry.domain.ledger import KeeperInfo
from consentry.errors import KeeperUnreachable, RoleUnfit
from consentry.services.account import AskPorts, account
from tests.app.gateway.content import bundle, proposal, terms
from tests.app.gateway.people import Person
from tests.app.gateway.test_gateway_exchange import grant, resources, revoke
from tests.app.gateway.world import World


def code_of(answer: Any) -> str:
    if answer.json.get("resourceType") == "OperationOutcome":
        return str(answer.json["issue"][0]["details"]["coding"][0]["code"])
    return str(answer.json["code"])


def everything(who: Person, ref: str) -> Any:
    return who.send("GET", f"/fhir/Patient/{ref}/$everything")


def test_read_is_refused_alike_whether_anything_exists(world: World) -> None:
    """No ground is no ground: for a linked person with records, for one without (G-3). The patient's side hears of somebody
    else's reference what it hears of one that there is not (F-23)."""
    alice, bob, dr_bose = world.patient(world.mercy), world.person(world.mercy), world.staff(world.mercy)
    with_records, without = world.mercy.link("R-1", alice), world.mercy.link("R-2", bob)
    world.mercy.publish(bundle("R-1"))
    assert code_of(everything(dr_bose, with_records)) == "reading-session-missing"
    dr_bose.open_session("TREAT")
    bob.sign_in()
    bob.open_session("PATRQT")
    answers = [everything(dr_bose, with_records), everything(dr_bose, without), everything(bob, without)]
    assert {(answer.status_code, answer.text) for answer in answers} == {(403, answers[0].text)}
    assert code_of(answers[0]) == "no-ground"
    unknown = [everything(bob, with_records), everything(bob, "0" * 32), everything(dr_bose, "0" * 32)]
    assert {(answer.status_code, answer.text) for answer in unknown} == {(404, unknown[0].text)}
    assert code_of(unknown[0]) == "patient-not-linked"
    assert code_of(everything(dr_bose, "self")) == "patient-not-linked"
    assert code_of(everything(bob, "self")) == "no-ground"


def test_read_needs_practitioner_and_purpose_from_a_system(world: World) -> None:
    ref, bose = world.city.link("R-3", world.person(world.city)), world.staff(world.city).wallet.address
    cases = [
        ({}, "X-Consentry-Practitioner: is missing"),
        ({"X-Consentry-Practitioner": bose}, "X-Consentry-Purpose: is missing"),
        ({"X-Consentry-Purpose": "TREAT"}, "X-Consentry-Practitioner: is missing"),
        (
            {"X-Consentry-Practitioner": "bose", "X-Consentry-Purpose": "TREAT"},
            "X-Consentry-Practitioner: must",
        ),
        (
            {"X-Consentry-Practitioner": bose, "X-Consentry-Purpose": "FUN"},
            "X-Consentry-Purpose: must be one of",
        ),
    ]
    path = f"/fhir/Patient/{ref}/$everything"
    for headers, words in cases:
        answer = world.city.send("GET", path, **headers)
        assert (answer.status_code, code_of(answer)) == (400, "header-invalid") and words in answer.text
    right = {"X-Consentry-Practitioner": bose, "X-Consentry-Purpose": "TREAT"}
    assert code_of(world.city.send("GET", path, **right)) == "no-ground"


def test_read_unites_what_several_consents_give(world: World) -> None:
    """Two consents, one of them for another purpose; after one is revoked the other still holds."""
    alice, dr_bose = world.patient(world.city), world.staff(world.city)
    ref = world.city.link("R-4", alice)
    world.city.publish(bundle("R-4"))
    dr_bose.open_session("TREAT")
    several = [terms(("laboratory",)), terms(("laboratory", "problem", "psychiatry"), confidentiality="any")]
    ids = []
    for one in (*several, terms(("visit",), purposes=["HRESCH"])):
        shown = dr_bose.send("POST", "/api/consents/proposals", proposal(ref, terms=one)).json
        assert grant(alice, shown).status_code == 200
        ids.append(shown["id"])
    answer = everything(dr_bose, ref)
    assert [one["resourceType"] for one in resources(answer)] == ["Patient", "Condition", "Observation"]
    assert "birthDate" not in answer.text
    revoke(alice, ids[1])
    assert [one["resourceType"] for one in resources(everything(dr_bose, ref))] == ["Patient", "Observation"]
    revoke(alice, ids[0])
    assert code_of(everything(dr_bose, ref)) == "no-ground"


def test_staff_gets_no_receipts(world: World) -> None:
    """K-10."""
    dr_bose = world.staff(world.city)
    dr_bose.open_session("TREAT")
    assert code_of(dr_bose.send("GET", "/api/receipts")) == "role-unfit"
    parts = world.city.gateway
    reader = parts.sessions.readers.of(parts.signing_in.tokens.who(dr_bose.token))
    with pytest.raises(RoleUnfit):
        account(reader, parts.ledger, parts.account)


def test_account_names_seats_that_cannot_be_asked(world: World) -> None:
    """A dead keeper, and one that hands out another keeper's receipts."""
    alice = world.patient(world.city)
    ref = world.city.link("R-5", alice)
    world.city.publish(bundle("R-5"))
    alice.open_session("PATRQT")
    everything(alice, ref)
    parts = world.city.gateway
    reader = parts.sessions.readers.of(parts.signing_in.tokens.who(alice.token))

    class Partly:
        """Seat 1 is dead, seat 2 answers what seat 0 does."""

        def receipts(self, keeper: KeeperInfo, request: bytes, signature: bytes) -> Any:
            if keeper.seat == 1:
                raise KeeperUnreachable()
            asked = replace(keeper, url=seats[0].url) if keeper.seat == 2 else keeper
            return parts.account.keepers.receipts(asked, request, signature)

    committee = world.ledger.committee()
    assert committee is not None
    seats = committee.keepers
    found = account(reader, parts.ledger, AskPorts(Partly(), parts.clock))  # type: ignore[arg-type]
    assert (found.missing, found.asked) == ((1, 2), 5)
    assert {one.seat for one in found.receipts} == {0, 3, 4}
