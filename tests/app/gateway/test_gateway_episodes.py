"""Who is in which department's care: noted by the hospital's system, asserted only where it is needed (G-11)."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from consentry.crypto.signatures import recover, typed_digest
from consentry.domain import episodes, times
from consentry.fhir.split import split
from consentry.fhir.validate import parse_bundle
from consentry.services.episodes import ASSERTED_SECONDS, NOTED_SECONDS, asserted
from consentry.services.reading_session import Reader
from tests.app.gateway.content import bundle, proposal, terms
from tests.app.gateway.people import Person
from tests.app.gateway.test_gateway_exchange import grant, resources
from tests.app.gateway.world import World


def noted(world: World, ref: str, seconds: int = 3600, department: str = "endocrinology") -> Any:
    body = {"department": department, "until": times.iso(int(time.time()) + seconds)}
    return world.city.send("PUT", f"/api/patients/links/{ref}/episodes", body)


def ended(world: World, ref: str, department: str = "endocrinology") -> Any:
    return world.city.send("DELETE", f"/api/patients/links/{ref}/episodes", {"department": department})


def reader_of(world: World, staff: Person) -> Reader:
    staff.open_session("TREAT")
    parts = world.city.gateway
    return parts.sessions.readers.of(parts.signing_in.tokens.who(staff.token))


def test_episode_is_asserted_for_readers_of_its_department_who_need_it(world: World) -> None:
    """G-11: by the system account, for 15 minutes; not for other departments, roles that need none, or former links."""
    alice = world.person(world.city)
    ref, patient, parts = world.city.link("E-1", alice), alice.wallet.address, world.city.gateway
    intern = reader_of(world, world.staff(world.city, "intern", "endocrinology"))
    others = [
        reader_of(world, world.staff(world.city, role, department))
        for role, department in (("intern", "cardiology"), ("attending", "endocrinology"))
    ]
    assert asserted(intern, patient, parts.episodes) is None
    answer = noted(world, ref)
    assert (answer.status_code, answer.json["department"]) == (200, "endocrinology")
    found = asserted(intern, patient, parts.episodes)
    assert found is not None and found.by == world.city.system
    assert 0 < found.valid_until - int(time.time()) <= ASSERTED_SECONDS
    typed = episodes.typed_data(found.about(patient, intern.actor), world.ledger.chain_id)
    assert recover(typed_digest(typed), found.signature) == world.city.system
    assert [asserted(one, patient, parts.episodes) for one in others] == [None, None]
    assert asserted(intern, world.person(world.city).wallet.address, parts.episodes) is None
    by_system = parts.system.reader(intern.actor, "TREAT")
    assert asserted(by_system, patient, parts.episodes) is not None
    world.city.send("DELETE", f"/api/patients/links/{ref}")
    assert asserted(intern, patient, parts.episodes) is None


def test_episode_lasts_until_its_time_or_its_end(world: World) -> None:
    """G-11: noting it again moves the time; its end bites at once."""
    alice = world.person(world.city)
    ref, parts = world.city.link("E-2", alice), world.city.gateway
    intern = reader_of(world, world.staff(world.city, "resident", "endocrinology"))
    noted(world, ref, NOTED_SECONDS - 10)
    assert noted(world, ref, 100).status_code == 200
    found = asserted(intern, alice.wallet.address, parts.episodes)
    assert found is not None and found.valid_until <= int(time.time()) + 100
    assert ended(world, ref).status_code == 204
    assert asserted(intern, alice.wallet.address, parts.episodes) is None
    assert (ended(world, ref).status_code, ended(world, ref).json["code"]) == (404, "episode-not-noted")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"department": "endocrinology", "until": "2020-01-01T00:00:00Z"}, "until"),
        ({"department": "endocrinology", "until": "2199-01-01T00:00:00Z"}, "until"),
        ({"department": "endocrinology", "until": "tomorrow"}, "until"),
        ({"department": "intensive care", "until": ""}, "until"),
        ({"department": "endocrinology"}, "until"),
    ],
)
def test_episode_is_refused_when_malformed(world: World, body: dict[str, Any], field: str) -> None:
    ref = world.city.link(f"E-{body}", world.person(world.city))
    answer = world.city.send("PUT", f"/api/patients/links/{ref}/episodes", body)
    assert (answer.status_code, answer.json["code"]) == (400, "layout-invalid")
    assert field in answer.json["detail"]


def test_episode_is_the_hospital_systems_word_alone(world: World) -> None:
    """G-11: neither staff nor strangers, and only about who is linked here."""
    alice, intern = world.person(world.city), world.staff(world.city, "intern", "endocrinology")
    ref = world.city.link("E-9", alice)
    body = {"department": "endocrinology", "until": times.iso(int(time.time()) + 60)}
    path = f"/api/patients/links/{ref}/episodes"
    assert intern.send("PUT", path, body).json["code"] == "role-unfit"
    assert intern.send("DELETE", path, {"department": "endocrinology"}).json["code"] == "role-unfit"
    assert world.city.client.put(path, json=body).json["code"] == "not-signed-in"
    assert noted(world, "0" * 32).json["code"] == "patient-not-linked"
    assert ended(world, "0" * 32).json["code"] == "patient-not-linked"
    wrong = body | {"department": "intensive care"}
    assert world.city.send("PUT", path, wrong).json["code"] == "layout-invalid"


def test_read_by_an_intern_lasts_as_long_as_the_episode(world: World) -> None:
    """G-11, K-14: nothing before it, the own department's records during it, nothing after it; receipts name who said so."""
    alice = world.patient(world.city)
    ref = world.city.link("E-20", alice)
    assert world.city.publish(bundle("E-20")).status_code == 200
    (draft, *_) = split(parse_bundle(json.dumps(bundle("E-20")).encode()), received_at=times.iso(0))
    intern = world.staff(world.city, "intern", draft.department)
    intern.open_session("TREAT")
    offered = {**terms(("laboratory",)), "roles": ["intern"]}
    shown = world.city.send("POST", "/api/consents/proposals", proposal(ref, terms=offered)).json
    assert grant(alice, shown).status_code == 200

    def read() -> Any:
        return intern.send("GET", f"/fhir/Patient/{ref}/$everything")

    assert read().status_code == 403
    assert noted(world, ref, department=draft.department).status_code == 200
    during = read()
    assert during.status_code == 200, during.text
    assert [one["resourceType"] for one in resources(during)] == ["Patient", "Observation"]
    assert ended(world, ref, draft.department).status_code == 204
    assert read().status_code == 403
    alice.open_session("PATRQT")
    receipts = alice.send("GET", "/api/receipts").json["receipts"]
    named = {(one["decision"], one["episode"]) for one in receipts if one["actor"] == intern.wallet.address}
    assert named == {("released", world.city.system), ("refused", None)}
