"""What tests publish and propose."""

from __future__ import annotations

import time
from typing import Any

from consentry.domain import times

DAY = 86_400


def terms(categories: tuple[str, ...] = ("laboratory",), **more: Any) -> dict[str, Any]:
    """What a gateway proposes, without what it fills in."""
    provision = {
        "purposes": ["TREAT"],
        "categories": list(categories),
        "confidentiality": "R",
        "dataFrom": "any",
        "dataUntil": "any",
        "authors": ["any"],
        "records": ["any"],
    } | more
    return {"roles": ["attending", "system"], "provisions": [provision], "maxUses": 0}


def proposal(patient: str, days: int = 30, **more: Any) -> dict[str, Any]:
    now = int(time.time()) - 60
    window = {"validFrom": times.iso(now), "validUntil": times.iso(now + days * DAY)}
    return {"patient": patient, "terms": terms(), **window} | more


def bundle(mrn: str, note: str = "空腹血糖偏高") -> dict[str, Any]:
    """A visit: a laboratory result and a psychiatric diagnosis. `note` tells contents apart."""
    subject = {"reference": "Patient/p1"}
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": "2026-05-04T10:00:00Z",
        "entry": [
            {
                "resource": {
                    "resourceType": "Patient",
                    "id": "p1",
                    "identifier": [{"system": "urn:mrn", "value": mrn}],
                    "name": [{"family": "Liddell", "given": ["Alice"]}],
                    "gender": "female",
                    "birthDate": "1985-05-04",
                }
            },
            {
                "resource": {
                    "resourceType": "Observation",
                    "id": "o1",
                    "status": "final",
                    "category": [{"coding": [{"system": OBSERVATION, "code": "laboratory"}]}],
                    "code": {"coding": [{"system": "http://loinc.org", "code": "2339-0"}], "text": "Glucose"},
                    "subject": subject,
                    "effectiveDateTime": "2026-05-04T08:00:00Z",
                    "valueQuantity": {"value": 7.10, "unit": "mmol/L"},
                    "note": [{"text": note}],
                }
            },
            {
                "resource": {
                    "resourceType": "Condition",
                    "id": "c1",
                    "clinicalStatus": {"coding": [{"system": CLINICAL, "code": "active"}]},
                    "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": "F32.1"}]},
                    "subject": subject,
                    "recordedDate": "2026-05-04",
                    "note": [{"text": f"psychiatric {note}"}],
                }
            },
        ],
    }


OBSERVATION = "http://terminology.hl7.org/CodeSystem/observation-category"
CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
