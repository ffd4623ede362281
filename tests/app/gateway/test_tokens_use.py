"""What an access token is good for, and until when (T-1, T-4, T-5, T-9)."""

from __future__ import annotations

import secrets
import time
from typing import Any

import pytest

from consentry.domain import addresses
from consentry.domain.sessions import SessionKind
from tests.app.gateway.content import bundle, proposal
from tests.app.gateway.people import Person
from tests.app.gateway.systems import System, registered
from tests.app.gateway.test_gateway_exchange import grant, resources
from tests.app.gateway.test_gateway_reading import code_of
from tests.app.gateway.test_gateway_sign_in import Hands
from tests.app.gateway.world import World


@pytest.fixture
def his(world: World) -> System:
    return registered(world.city)


@pytest.fixture
def dr_bose(world: World) -> Person:
    return world.staff(world.city)


@pytest.fixture
def ref(world: World, dr_bose: Person) -> str:
    """Of a patient with a record at City Hospital, whose consent City Hospital has."""
    alice, number = world.patient(world.city), secrets.token_hex(4)
    made = world.city.link(number, alice)
    assert world.city.publish(bundle(number)).status_code == 200
    dr_bose.open_session("TREAT")
    shown = dr_bose.send("POST", "/api/consents/proposals", proposal(made)).json
    assert grant(alice, shown).status_code == 200
    return made


def read(his: System, ref: str, **headers: str) -> Any:
    return his.send("GET", f"/fhir/Patient/{ref}/$everything", **headers)


def named(person: Person, purpose: str = "TREAT") -> dict[str, str]:
    return {"X-Consentry-Practitioner": person.wallet.address, "X-Consentry-Purpose": purpose}


@pytest.mark.parametrize("form", ["account", "did"])
@pytest.mark.parametrize("before", ["", "urn:oid:2.16.840.1.113883.5.8#"])
def test_system_reads_as_its_token_says(
    his: System, dr_bose: Person, ref: str, form: str, before: str
) -> None:
    """T-5: who asks and why stand in the token; no header is needed."""
    subject = dr_bose.wallet.address if form == "account" else dr_bose.did
    his.sign_in(purpose_of_use=[f"{before}TREAT"], subject_id=subject)
    assert resources(read(his, ref))


def test_headers_say_what_the_token_leaves_open_and_nothing_else(
    world: World, his: System, dr_bose: Person, ref: str
) -> None:
    """T-5."""
    other = world.staff(world.city)
    his.sign_in()
    assert "X-Consentry-Practitioner: is missing" in read(his, ref).text
    assert resources(read(his, ref, **named(dr_bose)))
    his.sign_in(purpose_of_use=["TREAT"])
    assert "X-Consentry-Practitioner: is missing" in read(his, ref).text
    assert resources(read(his, ref, **named(dr_bose)))
    his.sign_in(purpose_of_use=["TREAT"], subject_id=dr_bose.wallet.address)
    assert resources(read(his, ref, **named(dr_bose)))
    for headers in (named(dr_bose, "HRESCH"), named(other)):
        answer = read(his, ref, **headers)
        assert (answer.status_code, code_of(answer)) == (400, "header-invalid")
        assert "token is bound to" in answer.text


@pytest.mark.parametrize(
    "context",
    [
        {"purpose_of_use": []},
        {"purpose_of_use": ["TREAT", "HRESCH"]},
        {"purpose_of_use": ["FUN"]},
        {"purpose_of_use": "TREAT"},
        {"purpose_of_use": [1]},
        {"subject_id": "dr bose"},
        {"subject_id": 7},
        {"subject_id": "0x" + "11" * 20},
        {"subject_id": "did:ethr:0x1:0x" + "11" * 20},
        {"version": "2"},
        {"version": None},
    ],
)
def test_token_is_refused_when_it_cannot_be_bound(his: System, context: dict[str, Any]) -> None:
    """T-5: several purposes would leave open for which of them something was read."""
    extensions = {"hl7-b2b": {"version": "1"} | context}
    answer = his.ask(his.assertion(extensions=extensions))
    assert (answer.status_code, answer.json["error"]) == (400, "invalid_grant"), answer.text


def test_token_is_refused_for_a_practitioner_of_another_member(
    world: World, his: System, dr_bose: Person
) -> None:
    """T-5: and once dismissed; keepers would refuse both as well."""
    stranger = world.staff(world.mercy).wallet.address
    mine = dr_bose.wallet.address
    world.city.account.transact("MemberRegistry", "dismiss", mine)
    for subject in (stranger, addresses.did(stranger, world.ledger.chain_id), mine):
        answer = his.ask(his.assertion(extensions={"hl7-b2b": {"version": "1", "subject_id": subject}}))
        assert answer.json["error"] == "invalid_grant" and subject not in answer.text


def test_scopes_bound_what_a_token_does(world: World, dr_bose: Person, ref: str) -> None:
    """T-1: publishing needs `c` of each type in the Bundle; the refusal is an OperationOutcome, whatever exists."""
    his = registered(world.city)
    number = secrets.token_hex(4)
    world.city.link(number, world.patient(world.city))
    sent = bundle(number)
    types = {one["resource"]["resourceType"] for one in sent["entry"]} - {"Patient"}
    everyone = " ".join(f"system/{one}.c" for one in types)
    his.sign_in("system/*.rs")
    answer = his.send("POST", "/fhir", sent)
    assert (answer.status_code, code_of(answer)) == (403, "scope-insufficient")
    his.sign_in(" ".join(everyone.split(" ")[1:]))
    assert code_of(his.send("POST", "/fhir", sent)) == "scope-insufficient"
    his.sign_in(everyone)
    assert his.send("POST", "/fhir", sent).status_code in (200, 202)
    for unseen in (ref, "0" * 32):
        assert code_of(read(his, unseen, **named(dr_bose))) == "scope-insufficient"


def test_token_is_good_under_fhir_alone(his: System) -> None:
    """T-9."""
    his.sign_in()
    for method, path in (("POST", "/api/patients/links"), ("GET", "/api/me"), ("GET", "/api/consents")):
        answer = his.send(method, path, {"mrn": "1"} if method == "POST" else None)
        assert (answer.status_code, answer.json["code"]) == (403, "scope-insufficient")


def test_token_ends_and_what_was_opened_under_it_is_dropped(his: System, dr_bose: Person, ref: str) -> None:
    """T-4: after 300 seconds, whoever asks; another token of the same client keeps what is its own."""
    parts = his.hospital.gateway
    tokens, working = parts.backend.tokens, parts.everything.working
    asked: dict[str, Any] = {"purpose_of_use": ["TREAT"], "subject_id": dr_bose.wallet.address}

    def holders() -> set[bytes]:
        return {key.holder for key in working._held[SessionKind.SYSTEM]}

    clock, before = Hands(int(time.time())), tokens._clock
    first = his.sign_in(**asked).token
    assert resources(read(his, ref))
    digests = [tokens.who(first).digest]
    second = his.sign_in(**asked).token
    assert resources(read(his, ref))
    digests.append(tokens.who(second).digest)
    assert set(digests) <= holders()
    tokens.end(tokens.who(first))
    assert holders() & set(digests) == {digests[1]}
    tokens._clock = clock
    try:
        clock.time = tokens.who(second).expires_at - 1
        parts.scanning._attempt()
        assert digests[1] in holders() and read(his, ref).status_code == 200
        clock.time += 1
        assert read(his, ref).status_code == 401
        parts.scanning._attempt()
        assert not holders() & set(digests)
    finally:
        tokens._clock = before
