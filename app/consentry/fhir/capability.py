"""The CapabilityStatement (R4 capabilitystatement.html), out of the table of interactions."""

from __future__ import annotations

from dataclasses import dataclass, field

from consentry.fhir.interactions import UNVERSIONED, Conditional, Interaction, Operation, Supported
from consentry.fhir.jsontext import Json

FHIR_VERSION = "4.0.1"
_FORMATS = ("application/fhir+json", "json")
_SYSTEM = ("transaction", "batch")


@dataclass(frozen=True)
class Endpoint:
    """`url` is absolute, `released` the date of the software; `security` as it stands in `rest.security`."""

    url: str
    description: str
    version: str
    released: str
    security: dict[str, Json] = field(default_factory=dict)
    operations: tuple[Operation, ...] = ()


def capability_statement(endpoint: Endpoint, rows: tuple[Supported, ...]) -> dict[str, Json]:
    """What a client reads before it asks for anything else."""
    rest: dict[str, Json] = {
        "mode": "server",
        "documentation": "What is written is sealed and anchored; reading needs a ground, and each search names one patient.",
        "security": endpoint.security,
        "resource": [_resource(row) for row in rows],
        "interaction": [{"code": code} for code in _SYSTEM],
    }
    if endpoint.operations:
        rest["operation"] = [_operation(one) for one in endpoint.operations]
    return {
        "resourceType": "CapabilityStatement",
        "url": f"{endpoint.url}/metadata",
        "name": "ConsentryGateway",
        "status": "active",
        "date": endpoint.released,
        "kind": "instance",
        "software": {"name": "Consentry", "version": endpoint.version},
        "implementation": {"description": endpoint.description, "url": endpoint.url},
        "fhirVersion": FHIR_VERSION,
        "format": list(_FORMATS),
        "rest": [rest],
    }


def _resource(row: Supported) -> dict[str, Json]:
    found: dict[str, Json] = {
        "type": row.type,
        "documentation": row.documentation,
        "interaction": [{"code": str(one)} for one in Interaction if one in row.interactions],
        **_versions(row),
        "searchInclude": list(row.includes),
        "searchRevInclude": list(row.reverse_includes),
        "searchParam": [
            _said(
                {
                    "name": one.name,
                    "definition": one.definition,
                    "type": one.type,
                    "documentation": one.documentation,
                }
            )
            for one in row.search
        ],
        "operation": [_operation(one) for one in row.operations],
    }
    return _said(found)


def _versions(row: Supported) -> dict[str, Json]:
    """Nothing about versions and conditions of a type that is not read or written by id."""
    if not row.interactions - {Interaction.SEARCH}:
        return {}
    known = "versioned-update" if Interaction.UPDATE in row.interactions else "versioned"
    found: dict[str, Json] = {"versioning": "no-version" if row.type in UNVERSIONED else known}
    if Interaction.READ in row.interactions:
        found["readHistory"] = Interaction.HISTORY in row.interactions
    if Interaction.UPDATE in row.interactions:
        found["updateCreate"] = False
    found |= {str(one): True for one in (Conditional.CREATE, Conditional.UPDATE) if one in row.conditional}
    if Conditional.DELETE in row.conditional:
        found[str(Conditional.DELETE)] = "single"
    return found


def _operation(one: Operation) -> dict[str, Json]:
    return _said({"name": one.name, "definition": one.definition, "documentation": one.documentation})


def _said(found: dict[str, Json]) -> dict[str, Json]:
    """FHIR knows no empty strings and lists."""
    return {key: value for key, value in found.items() if value not in ("", [])}
