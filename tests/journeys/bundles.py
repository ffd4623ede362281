"""Small FHIR bundles for journeys."""

from __future__ import annotations

import json
from typing import Any
from uuid import NAMESPACE_OID, uuid5


def bundle(*resources: dict[str, Any], kind: str = "collection") -> bytes:
    """A Bundle of these resources. The first one is urn:uuid:…001, which others refer to; the names of the others follow from
    what they hold, so that the same again is the same and anything else is no correction of it (D-13)."""
    names = ["00000000-0000-4000-8000-000000000001"]
    names += [str(uuid5(NAMESPACE_OID, json.dumps(one, sort_keys=True))) for one in resources[1:]]
    entries = [
        {"fullUrl": f"urn:uuid:{name}", "resource": resource}
        for name, resource in zip(names, resources, strict=False)
    ]
    return json.dumps({"resourceType": "Bundle", "type": kind, "entry": entries}).encode()


def patient(number: str = "T-1") -> dict[str, Any]:
    return {"resourceType": "Patient", "identifier": [{"system": "urn:test:mrn", "value": number}]}


def laboratory(value: float, day: str = "2026-03-01", subject: int = 1) -> dict[str, Any]:
    """An HbA1c result of the resource number `subject`."""
    return {
        "resourceType": "Observation",
        "status": "final",
        "category": [
            {
                "coding": [
                    {
                        "system": "http://terminology.hl7.org/CodeSystem/observation-category",
                        "code": "laboratory",
                    }
                ]
            }
        ],
        "code": {"coding": [{"system": "http://loinc.org", "code": "4548-4", "display": "HbA1c"}]},
        "subject": {"reference": f"urn:uuid:00000000-0000-4000-8000-{subject:012d}"},
        "effectiveDateTime": f"{day}T08:00:00Z",
        "valueQuantity": {"value": value, "unit": "%", "system": "http://unitsofmeasure.org", "code": "%"},
    }


def vaccination(day: str) -> dict[str, Any]:
    return {
        "resourceType": "Immunization",
        "status": "completed",
        "vaccineCode": {"coding": [{"system": "http://hl7.org/fhir/sid/cvx", "code": "09"}]},
        "patient": {"reference": "urn:uuid:00000000-0000-4000-8000-000000000001"},
        "occurrenceDateTime": day,
    }


TERMS: dict[str, Any] = {
    "roles": ["any"],
    "provisions": [
        {
            "purposes": ["TREAT"],
            "categories": ["laboratory"],
            "confidentiality": "any",
            "dataFrom": "any",
            "dataUntil": "any",
            "authors": ["any"],
            "records": ["any"],
        }
    ],
    "maxUses": 0,
}
