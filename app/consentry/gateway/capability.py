"""What this FHIR endpoint can do (R4 CapabilityStatement)."""

from __future__ import annotations

from typing import Any

from consentry import __version__
from consentry.services.sign_in import Site

_EVERYTHING = "http://hl7.org/fhir/OperationDefinition/Patient-everything"
RELEASED = "2026-11-21"


def capability_statement(site: Site) -> dict[str, Any]:
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": RELEASED,
        "kind": "instance",
        "software": {"name": "Consentry", "version": __version__},
        "implementation": {"description": f"Gateway of {site.member_name}", "url": f"{site.origin}/fhir"},
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json"],
        "rest": [
            {
                "mode": "server",
                "documentation": "Bundles are published as sealed records; reading needs a ground.",
                "security": {
                    "description": "Bearer token of a person (EIP-4361) with a reading session, or a client key."
                },
                "interaction": [{"code": "transaction"}, {"code": "batch"}],
                "resource": [
                    {"type": "Patient", "operation": [{"name": "everything", "definition": _EVERYTHING}]}
                ],
            }
        ],
    }
