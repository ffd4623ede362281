"""The FHIR routes as OpenAPI, made from what a gateway's CapabilityStatement says: for tools that make up requests.

`/openapi.json` names each route once, for whatever type; here each type has its own addresses and search parameters.
"""

from __future__ import annotations

from typing import Any

VALUES = {
    "date": ["2026", "ge2026-01", "lt2026-03-01T08:00:00Z", "ap2026-02-30", "sa", "2026-13"],
    "reference": ["Patient/1", "Patient/", "urn:uuid:0", "http://example.org/fhir/Patient/1", "#a", ""],
    "token": ["http://loinc.org|4548-4", "|final", "final", "a|", "||", "\\|", "final,amended"],
    "string": ["a", "%", "\\", "é", "a,b", ","],
    "uri": ["http://example.org", "urn:oid:1.2.3", ":"],
}
"""Values that could be right, and that can't: beside whatever else is made up."""

RESULT = {
    "_count": ["0", "1", "500", "501", "-1", "9" * 12, "x"],
    "_sort": ["date", "-date", "_id,-_lastUpdated", "-", "nothing"],
    "_total": ["none", "accurate", "x"],
    "_summary": ["count", "true", "data", "text", "x"],
    "_elements": ["status", "code,subject", ","],
    "_include": ["Observation:patient", "*", "a:b:c:d"],
    "_revinclude": ["Provenance:target", "x"],
}
ANSWER = {
    "default": {
        "description": "a resource, or nothing",
        "content": {
            "application/fhir+json": {
                "schema": {
                    "type": "object",
                    "required": ["resourceType"],
                    "properties": {"resourceType": {"type": "string"}},
                }
            }
        },
    }
}


def document(statement: dict[str, Any], ref: str, most: int) -> dict[str, Any]:
    """Of the `most` types with most parameters; searches name the patient `ref`, and so do resources that are sent."""
    resources = statement["rest"][0]["resource"]
    searched = [one for one in resources if any(p["name"] == "patient" for p in one.get("searchParam", []))]
    chosen = sorted(searched, key=lambda one: (-len(one["searchParam"]), one["type"]))[:most]
    paths: dict[str, Any] = {}
    for one in chosen:
        paths |= _paths(one, ref)
    return {
        "openapi": "3.1.0",
        "info": {"title": "FHIR routes", "version": statement["fhirVersion"]},
        "paths": paths,
    }


def _paths(resource: dict[str, Any], ref: str) -> dict[str, Any]:
    kind = resource["type"]
    query = [_query(each["name"], VALUES[each["type"]]) for each in resource["searchParam"]]
    query = [each for each in query if each["name"] not in ("patient", "subject")]
    query += [_query(name, values) for name, values in RESULT.items()]
    people = [{"name": "patient", "in": "query", "required": True, "schema": {"enum": [ref]}}]
    name = {"name": "name", "in": "path", "required": True, "schema": {"type": "string"}}
    body = {"required": True, "content": {"application/fhir+json": {"schema": _body(kind, ref)}}}
    paths = {
        f"/fhir/{kind}": {"get": _operation(people + query), "post": _operation([], body)},
        f"/fhir/{kind}/{{name}}": {"get": _operation([name]), "put": _operation([name], body)},
        f"/fhir/{kind}/{{name}}/_history": {"get": _operation([name])},
        f"/fhir/{kind}/$validate": {"post": _operation([], body)},
    }
    interactions = {each["code"] for each in resource["interaction"]}
    if "create" not in interactions:
        del paths[f"/fhir/{kind}"]["post"], paths[f"/fhir/{kind}/{{name}}"]["put"]
    return paths


def _query(name: str, values: list[str]) -> dict[str, Any]:
    schema = {"anyOf": [{"enum": values}, {"type": "string"}]}
    return {"name": name, "in": "query", "required": False, "schema": schema}


def _body(kind: str, ref: str) -> dict[str, Any]:
    """Enough to get past the first check, and anything else."""
    about = {"type": "object", "properties": {"reference": {"enum": [f"Patient/{ref}", "Patient/x", "#p"]}}}
    properties = {"resourceType": {"enum": [kind]}, "status": {"enum": ["final", "active", "x"]}}
    return {
        "type": "object",
        "required": ["resourceType", "subject"],
        "properties": properties | {"subject": about, "patient": about},
    }


def _operation(parameters: list[dict[str, Any]], body: dict[str, Any] | None = None) -> dict[str, Any]:
    made: dict[str, Any] = {"parameters": parameters, "responses": ANSWER}
    return made if body is None else made | {"requestBody": body}
