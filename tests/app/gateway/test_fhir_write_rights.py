"""What writing by FHIR does not give beyond rights that the caller has (D-20, F-6, F-8, F-10, T-1)."""

from __future__ import annotations

import secrets
from typing import Any

import pytest

from tests.app.gateway.interleaving import before_it_writes
from tests.app.gateway.shelves import Ward, glucose, matches, ward
from tests.app.gateway.systems import registered
from tests.app.gateway.test_gateway_reading import code_of
from tests.app.gateway.world import World

REPLACES = "X-Consentry-Replaces"


@pytest.fixture
def shelf(world: World) -> Ward:
    return ward(world, f"W-{secrets.token_hex(4)}")


def result(shelf: Ward, **more: Any) -> dict[str, Any]:
    """As a client sends it by itself."""
    made = glucose(3, subject={"reference": f"Patient/{shelf.ref}"}, **more)
    return {key: value for key, value in made.items() if key != "id"}


def bundle_of(resource: dict[str, Any], kind: str = "transaction", **request: str) -> dict[str, Any]:
    row = {"resource": resource} | ({"request": request} if request else {})
    return {"resourceType": "Bundle", "type": kind, "entry": [row]}


def record_of(answer: Any) -> str:
    return str(answer.json["meta"]["source"].rpartition(":")[2])


@pytest.mark.parametrize("role", ["researcher", "auditor", "intern"])
def test_staff_changes_no_record_by_a_role_that_may_not_take_one_back(
    world: World, shelf: Ward, role: str
) -> None:
    """D-20, F-6: by id, by identifier, in a transaction and by naming the record."""
    created = world.city.send("POST", "/fhir/Observation", result(shelf))
    changed = created.json | {"status": "amended"}
    path, query = f"Observation/{changed['id']}", "Observation?identifier=urn:lab|L3"
    person = world.staff(world.city, role)
    other = result(shelf, status="amended")
    refused = [
        person.send("PUT", f"/fhir/{path}", changed),
        person.send("PUT", f"/fhir/{query}", other),
        person.send("POST", "/fhir", bundle_of(changed, method="PUT", url=path)),
        person.send("POST", "/fhir", bundle_of(other, method="PUT", url=query)),
        person.send("POST", "/fhir", bundle_of(other, "collection"), **{REPLACES: record_of(created)}),
    ]
    assert [(one.status_code, code_of(one)) for one in refused] == [(403, "role-writes-nothing")] * len(
        refused
    )
    assert person.send("POST", "/fhir/Observation", result(shelf)).status_code == 201


def test_staff_changes_nothing_that_came_meanwhile(
    world: World, shelf: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    """D-20, F-10: what was to be created when it was sent, and is there when it is written, is an update."""
    shelf.grant("laboratory")
    intern = world.staff(world.city, "intern")
    changed = bundle_of(
        result(shelf, status="amended"), method="PUT", url="Observation?identifier=urn:lab|L3"
    )
    before_it_writes(
        world.city, lambda: world.city.send("POST", "/fhir/Observation", result(shelf)), monkeypatch
    )
    answer = intern.send("POST", "/fhir", changed)
    assert (answer.status_code, code_of(answer)) == (403, "role-writes-nothing")
    (kept,) = matches(shelf.get(f"Observation?patient={shelf.ref}"))
    assert kept["status"] == "final"


def test_scope_to_update_creates_nothing(world: World, shelf: Ward) -> None:
    """T-1, F-10: under an id that nobody gave, nor by an identifier that nothing has."""
    his = registered(world.city).sign_in("system/Observation.u")
    for url, resource in (
        ("Observation/mine", result(shelf) | {"id": "mine"}),
        ("Observation?identifier=urn:lab|L3", result(shelf)),
    ):
        answer = his.send("POST", "/fhir", bundle_of(resource, method="PUT", url=url))
        assert (answer.status_code, code_of(answer)) == (403, "scope-insufficient"), url
    assert world.city.send("POST", "/fhir/Observation", result(shelf)).status_code == 201
    updated = bundle_of(
        result(shelf, status="amended"), method="PUT", url="Observation?identifier=urn:lab|L3"
    )
    assert his.send("POST", "/fhir", updated).status_code == 200


def test_scope_to_create_replaces_nothing(world: World, shelf: Ward) -> None:
    """T-1, D-13: naming a record is an update, whatever Bundle names it."""
    his = registered(world.city).sign_in("system/Observation.c")
    record = record_of(world.city.send("POST", "/fhir/Observation", result(shelf)))
    for sent in (
        bundle_of(result(shelf), "collection"),
        bundle_of(result(shelf), method="POST", url="Observation"),
    ):
        answer = his.send("POST", "/fhir", sent, **{REPLACES: record})
        assert (answer.status_code, code_of(answer)) == (403, "scope-insufficient")


def test_condition_about_another_patient_writes_nothing(world: World, shelf: Ward) -> None:
    """F-8: in a transaction and in an update as in a create."""
    other = ward(world, f"W-{secrets.token_hex(4)}")
    condition = f"identifier=urn:lab|L3&patient=Patient/{other.ref}"
    assert world.city.send("POST", "/fhir/Observation", result(shelf)).status_code == 201
    changed, query = result(shelf, status="amended"), f"Observation?{condition}"
    refused = [
        world.city.send("PUT", f"/fhir/{query}", changed),
        world.city.send("POST", "/fhir", bundle_of(changed, method="PUT", url=query)),
        world.city.send(
            "POST", "/fhir", bundle_of(changed, method="POST", url="Observation", ifNoneExist=condition)
        ),
    ]
    assert {(one.status_code, code_of(one)) for one in refused} == {(422, "bundle-names-two-patients")}


def test_batch_that_the_chain_refuses_is_kept_once(world: World, shelf: Ward) -> None:
    """F-10: whoever is suspended meanwhile publishes each of its entries once, when that is over."""
    shelf.grant("laboratory")
    rows = [
        bundle_of(result(shelf, valueString=one), method="POST", url="Observation")["entry"][0]
        for one in "ab"
    ]
    for row in rows:
        del row["resource"]["valueQuantity"]
    sent = {"resourceType": "Bundle", "type": "batch", "entry": rows}
    world.consortium.transact("MemberRegistry", "suspend", world.city.account.address)
    try:
        refused = world.city.send("POST", "/fhir", sent)
    finally:
        world.consortium.transact("MemberRegistry", "reinstate", world.city.account.address)
    assert (refused.status_code, code_of(refused)) == (409, "transaction-reverted")
    shelf.publish(glucose(9))
    assert len(matches(shelf.get(f"Observation?patient={shelf.ref}"))) == 3
