"""The CapabilityStatement: public, valid, and true (F-4)."""

from __future__ import annotations

from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class

from consentry.fhir import interactions
from consentry.fhir.interactions import Interaction, Operation, SearchParameter, Supported
from tests.app.gateway.world import World

ADDRESSES = {
    Interaction.READ: ("GET", "/fhir/{type}/x"),
    Interaction.VREAD: ("GET", "/fhir/{type}/x/_history/1"),
    Interaction.UPDATE: ("PUT", "/fhir/{type}/x"),
    Interaction.DELETE: ("DELETE", "/fhir/{type}/x"),
    Interaction.HISTORY: ("GET", "/fhir/{type}/x/_history"),
    Interaction.CREATE: ("POST", "/fhir/{type}"),
    Interaction.SEARCH: ("GET", "/fhir/{type}"),
}
OPERATIONS = {
    "everything": ("GET", "/fhir/{type}/x/$everything"),
    "receipt": ("GET", "/fhir/{type}/x/$receipt"),
    "validate": ("POST", "/fhir/{type}/$validate"),
}


def statement(world: World) -> dict[str, Any]:
    answer = world.mercy.client.get("/fhir/metadata")
    assert (answer.status_code, answer.mimetype) == (200, "application/fhir+json")
    return dict(answer.json)


def test_statement_is_public_valid_and_names_its_own_address(world: World) -> None:
    """F-4: absolute addresses, R4 4.0.1, JSON."""
    told = statement(world)
    get_fhir_model_class("CapabilityStatement").model_validate(told)
    assert told["implementation"]["url"] == f"{world.mercy.gateway.site.origin}/fhir"
    assert told["fhirVersion"] == "4.0.1" and "application/fhir+json" in told["format"]
    (rest,) = told["rest"]
    assert [one["type"] for one in rest["resource"]] == [row.type for row in interactions.rows()]


@pytest.mark.parametrize("row", interactions.rows(), ids=lambda row: row.type)
def test_what_is_declared_has_a_route(world: World, row: Supported) -> None:
    """F-4: asked without a sign-in, each answers something else than that there is nothing at the address."""
    asked = [ADDRESSES[one] for one in sorted(row.interactions)]
    asked += [("POST", "/fhir/{type}/_search")] if Interaction.SEARCH in row.interactions else []
    asked += [OPERATIONS[one.name] for one in row.operations]
    for method, path in asked:
        answer = world.mercy.client.open(path.format(type=row.type), method=method)
        code = answer.json["issue"][0]["details"]["coding"][0]["code"]
        assert code not in ("route-unknown", "method-unsupported"), (method, path)


def test_versions_are_declared_where_there_are_any(world: World) -> None:
    """F-4, F-20: a Patient has none; an AuditEvent has one, for ever."""
    (rest,) = statement(world)["rest"]
    said = {one["type"]: one.get("versioning") for one in rest["resource"]}
    assert [said[one] for one in ("Patient", "AuditEvent", "Practitioner", "Observation")] == [
        "no-version",
        "versioned",
        "versioned",
        "versioned-update",
    ]
    alice = world.patient(world.mercy)
    ref = world.mercy.link(f"C-{alice.wallet.address[-8:]}", alice)
    read = world.mercy.send("GET", f"/fhir/Patient/{ref}")
    assert read.status_code == 200 and "ETag" not in read.headers and "meta" not in read.json


def test_rows_of_one_type_are_united() -> None:
    """Areas that know nothing of each other add to the same row."""
    one = Supported("Observation", frozenset((Interaction.READ,)), search=(SearchParameter("code", "token"),))
    other = Supported(
        "Observation", frozenset((Interaction.CREATE,)), operations=(Operation("x", "http://x"),)
    )
    both = one.united(other)
    assert both.interactions == {Interaction.READ, Interaction.CREATE}
    assert [found.name for found in both.search] == ["code"] and len(both.operations) == 1
