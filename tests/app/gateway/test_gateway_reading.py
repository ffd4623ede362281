"""Reading sessions, grounds and refusals of $everything, and the account (K-2, K-10, G-3)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from consentry.crypto.signatures import session_signer
from consentry.domain import fields, times
from consentry.domain.ledger import KeeperInfo
from consentry.domain.sessions import MAX_SESSION_SECONDS, SessionKind
from consentry.errors import KeeperUnreachable, RoleUnfit
from consentry.services.account import AccountPorts, account
from consentry.services.discover import Seeds
from consentry.services.everything import WorkingSet
from consentry.services.reading_session import MARGIN_SECONDS, RENEW_SECONDS, SystemSession
from tests.app.gateway.content import bundle, proposal, terms
from tests.app.gateway.people import Person
from tests.app.gateway.test_gateway_exchange import grant, resources, revoke
from tests.app.gateway.test_gateway_sign_in import Hands
from tests.app.gateway.world import World


def code_of(answer: Any) -> str:
    if answer.json.get("resourceType") == "OperationOutcome":
        return str(answer.json["issue"][0]["details"]["coding"][0]["code"])
    return str(answer.json["code"])


def everything(who: Person, ref: str) -> Any:
    return who.send("GET", f"/fhir/Patient/{ref}/$everything")


def test_session_opens_only_by_the_persons_own_signature(world: World) -> None:
    dr_bose, ines, mallory = world.staff(world.city), world.staff(world.city), world.person(world.city)
    made = dr_bose.send("POST", "/api/reading-sessions/challenges", {"purpose": "TREAT"}).json
    message = made["typedData"]["message"]
    assert (message["member"], message["purpose"]) == (world.city.name, "TREAT")
    foreign = fields.to_hex(mallory.wallet.sign_typed(made["typedData"]))
    own = {"ref": made["ref"], "signature": fields.to_hex(dr_bose.wallet.sign_typed(made["typedData"]))}
    for body, code in (
        (own | {"signature": foreign}, "signature-invalid"),
        (own | {"ref": "x"}, "challenge-unknown"),
    ):
        assert code_of(dr_bose.send("POST", "/api/reading-sessions", body)) == code
    assert code_of(ines.send("POST", "/api/reading-sessions", own)) == "challenge-unknown"
    opened = dr_bose.send("POST", "/api/reading-sessions", own)
    assert opened.status_code == 201 and times.seconds(opened.json["expiresAt"]) > 0
    assert code_of(dr_bose.send("POST", "/api/reading-sessions", own)) == "challenge-unknown"
    dr_bose.send("DELETE", "/api/sign-in")
    assert code_of(everything(dr_bose, "x")) == "not-signed-in"


def test_session_is_for_a_purpose_that_fits_the_person(world: World) -> None:
    dr_bose, alice = world.staff(world.city), world.person(world.city)
    alice.sign_in()
    for who, purpose in ((dr_bose, "any"), (dr_bose, "FUN"), (alice, "TREAT"), (alice, "x" * 40)):
        answer = who.send("POST", "/api/reading-sessions/challenges", {"purpose": purpose})
        assert (answer.status_code, code_of(answer)) == (400, "layout-invalid")


def test_system_session_signs_itself_and_is_renewed_in_time(world: World) -> None:
    """Kind system, any purpose, at most eight hours on a keeper's clock too."""
    clock, site = Hands(1_800_000_000), world.city.gateway.site
    system = SystemSession(b"\x07" * 32, site, clock)
    first = system.reader(world.city.account.address, "TREAT")
    certificate = first.certificate
    assert (certificate.kind, certificate.fields.purpose) == (SessionKind.SYSTEM, "any")
    assert session_signer(certificate, site.chain_id) == system.account == first.actor
    assert certificate.is_live(clock.now() - MARGIN_SECONDS)
    clock.time += MAX_SESSION_SECONDS - MARGIN_SECONDS - RENEW_SECONDS
    assert system.reader(world.city.account.address, "TREAT").certificate is certificate
    clock.time += 1
    assert system.reader(world.city.account.address, "TREAT").certificate is not certificate


def test_read_is_refused_alike_whether_anything_exists(world: World) -> None:
    """No ground is no ground: for a linked person with records, for one without, for another's session (G-3)."""
    alice, bob, dr_bose = world.patient(world.mercy), world.person(world.mercy), world.staff(world.mercy)
    with_records, without = world.mercy.link("R-1", alice), world.mercy.link("R-2", bob)
    world.mercy.publish(bundle("R-1"))
    assert code_of(everything(dr_bose, with_records)) == "reading-session-missing"
    dr_bose.open_session("TREAT")
    bob.sign_in()
    bob.open_session("PATRQT")
    answers = [everything(who, ref) for who in (dr_bose, bob) for ref in (with_records, without)]
    assert {(answer.status_code, answer.text) for answer in answers} == {(403, answers[0].text)}
    assert code_of(answers[0]) == "no-ground"
    assert code_of(everything(dr_bose, "0" * 32)) == "patient-not-linked"
    assert code_of(everything(dr_bose, "self")) == "patient-not-linked"
    assert code_of(everything(bob, "self")) == "no-ground"


def test_read_needs_practitioner_and_purpose_from_a_system(world: World) -> None:
    ref, bose = world.city.link("R-3", world.person(world.city)), world.staff(world.city).wallet.address
    cases = [
        ({}, "reading-session-missing"),
        ({"X-Consentry-Practitioner": bose}, "reading-session-missing"),
        ({"X-Consentry-Practitioner": "bose", "X-Consentry-Purpose": "TREAT"}, "layout-invalid"),
        ({"X-Consentry-Practitioner": bose, "X-Consentry-Purpose": "FUN"}, "layout-invalid"),
        ({"X-Consentry-Practitioner": bose, "X-Consentry-Purpose": "TREAT"}, "no-ground"),
    ]
    for headers, code in cases:
        assert code_of(world.city.send("GET", f"/fhir/Patient/{ref}/$everything", **headers)) == code


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
        account(reader, parts.account)


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
    found = account(reader, AccountPorts(parts.ledger, Partly(), parts.clock))  # type: ignore[arg-type]
    assert found.missing == (1, 2)
    assert {one.seat for one in found.receipts} == {0, 3, 4}


def test_working_set_forgets_after_a_quarter_of_an_hour() -> None:
    clock = Hands(1_800_000_000)
    working = WorkingSet(clock, most=2)
    first = working.of(("a",))
    assert working.of(("a",)) is first and isinstance(first, Seeds)
    clock.time += 899
    assert working.of(("a",)) is first
    clock.time += 1
    assert working.of(("a",)) is not first
    second = working.of(("b",))
    working.of(("c",))
    assert working.of(("b",)) is second
