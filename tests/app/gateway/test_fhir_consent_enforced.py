"""What Consents permit and deny, as keepers and contracts decide it: read under, not looked at (N-2, N-3, G-3)."""

from __future__ import annotations

from typing import Any

import pytest

from consentry.fhir.consent_showing import TO_GRANT, TO_REVOKE
from tests.app.gateway.consent_forms import REASONS, consent, sent, signed
from tests.app.gateway.content import bundle
from tests.app.gateway.people import Person
from tests.app.gateway.world import World

KIND = "urn:consentry:category"
HELD = ("Observation", "Condition")
LAB, BOTH, NOTHING = {"Observation"}, {"Observation", "Condition"}, set[str]()


@pytest.fixture(scope="module")
def alice(world: World) -> Person:
    return world.patient(world.city)


@pytest.fixture(scope="module")
def ref(world: World, alice: Person) -> str:
    number = f"N-{alice.wallet.address[-12:]}"
    made = world.city.link(number, alice)
    # a laboratory result and a psychiatric diagnosis, both of 4 May 2026
    assert world.city.publish(bundle(number)).status_code == 200
    return made


@pytest.fixture(scope="module")
def doctor(world: World, ref: str) -> Person:
    person = world.staff(world.city)
    assert person.open_session("TREAT").status_code == 201
    return person


def kinds(*codes: str) -> list[dict[str, str]]:
    return [{"system": KIND, "code": code} for code in codes]


def deny(**rule: Any) -> dict[str, Any]:
    return {"provision": [{"type": "deny", **rule}]}


def by(world: World) -> list[dict[str, Any]]:
    reference = {"reference": f"Organization/{world.city.account.address}"}
    return [{"meaning": "authoredby", "reference": reference}]


CASES: dict[str, tuple[Any, set[str]]] = {
    "everything": (lambda world: {}, BOTH),
    "class": (lambda world: {"class": kinds("laboratory")}, LAB),
    "dates": (lambda world: {"dataPeriod": {"start": "2026-05-04", "end": "2026-05-04"}}, BOTH),
    "earlier dates": (lambda world: {"dataPeriod": {"end": "2026-05-03"}}, NOTHING),
    "grade": (lambda world: {"securityLabel": [{"system": GRADES, "code": "N"}]}, LAB),
    "author": (lambda world: {"data": by(world)}, BOTH),
    "another purpose": (lambda world: {"purpose": [{"system": REASONS, "code": "HRESCH"}]}, NOTHING),
    "not psychiatry": (lambda world: deny(**{"class": kinds("psychiatry")}), LAB),
    "not that day": (lambda world: deny(dataPeriod={"start": "2026-05-04", "end": "2026-05-04"}), NOTHING),
    "not another day": (lambda world: deny(dataPeriod={"start": "2026-05-05"}), BOTH),
    "not by the author": (lambda world: deny(data=by(world)), NOTHING),
    "psychiatry not for research": (
        lambda world: {
            "purpose": [{"system": REASONS, "code": code} for code in ("TREAT", "HRESCH")],
            **deny(**{"class": kinds("psychiatry"), "purpose": [{"system": REASONS, "code": "HRESCH"}]}),
        },
        BOTH,
    ),
}
GRADES = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"


def read_under(world: World, alice: Person, doctor: Person, ref: str, provision: dict[str, Any]) -> set[str]:
    """The types that the doctor reads of what was published, while this Consent holds."""
    made = sent(world.city, "POST", "Consent", consent(ref, **provision))
    assert made.status_code == 201, made.text
    path = f"Consent/{made.json['id']}"
    granted = sent(world.city, "PUT", path, signed(alice, made.json, TO_GRANT, "active"))
    assert granted.status_code == 200, granted.text
    entries = doctor.send("GET", f"/fhir/Patient/{ref}/$everything").json.get("entry", [])
    found = {one["resource"]["resourceType"] for one in entries} & set(HELD)
    assert (
        sent(world.city, "PUT", path, signed(alice, granted.json, TO_REVOKE, "inactive")).status_code == 200
    )
    return found


@pytest.mark.parametrize("name", CASES)
def test_consent_permits_what_it_says(
    world: World, alice: Person, doctor: Person, ref: str, name: str
) -> None:
    """N-2, N-3, G-3"""
    made, expected = CASES[name]
    assert read_under(world, alice, doctor, ref, made(world)) == expected


def test_consent_for_one_resource_permits_that_one(
    world: World, alice: Person, doctor: Person, ref: str
) -> None:
    """N-2: a resource that is a record of its own can be named; one beside others is refused, for it would permit them too."""
    alone = bundle("")["entry"][1]["resource"] | {"subject": {"reference": f"Patient/{ref}"}}
    del alone["id"]
    created = sent(world.city, "POST", "Observation", alone)
    assert created.status_code == 201, created.text
    named = [{"meaning": "instance", "reference": {"reference": f"Observation/{created.json['id']}"}}]
    assert read_under(world, alice, doctor, ref, {"data": named}) == LAB
    absolute = {"reference": f"{world.city.gateway.site.origin}/fhir/Observation/{created.json['id']}"}
    assert read_under(
        world, alice, doctor, ref, {"data": [{"meaning": "instance", "reference": absolute}]}
    ) == (LAB)
    unknown = [{"meaning": "instance", "reference": {"reference": "Observation/nobody"}}]
    refused = sent(world.city, "POST", "Consent", consent(ref, data=unknown))
    assert refused.json["issue"][0]["expression"] == ["Consent.provision.data[0].reference"]
