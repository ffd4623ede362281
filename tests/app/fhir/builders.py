"""Small bundles for tests, in the shapes that hospital systems send."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

LOINC = "http://loinc.org"
ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
CONFIDENTIALITY = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
MRN = "https://mercy.example/fhir/NamingSystem/mrn"

Resource = dict[str, Any]


def patient(**more: Any) -> Resource:
    name = [{"family": "Liang", "given": ["Alice"]}]
    mrn = [{"system": MRN, "value": "MRN17"}]
    return {"resourceType": "Patient", "id": "p1", "identifier": mrn, "name": name, **more}


def encounter(name: str = "e1", start: str = "2025-03-04T09:00:00Z", **more: Any) -> Resource:
    return {
        "resourceType": "Encounter",
        "id": name,
        "status": "finished",
        "class": {"system": ACT_CODE, "code": "AMB"},
        "subject": {"reference": "Patient/p1"},
        "period": {"start": start},
        **more,
    }


def observation(name: str, kind: str = "laboratory", code: str = "2951-2", **more: Any) -> Resource:
    system = "http://terminology.hl7.org/CodeSystem/observation-category"
    return {
        "resourceType": "Observation",
        "id": name,
        "status": "final",
        "category": [{"coding": [{"system": system, "code": kind}]}],
        "code": {"coding": [{"system": LOINC, "code": code}]},
        "subject": {"reference": "Patient/p1"},
        "effectiveDateTime": "2025-03-04T09:10:00Z",
        **more,
    }


def condition(name: str, code: str = "E11.9", **more: Any) -> Resource:
    return {
        "resourceType": "Condition",
        "id": name,
        "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": code}]},
        "subject": {"reference": "Patient/p1"},
        "recordedDate": "2025-03-04",
        **more,
    }


def practitioner(name: str = "dr", **more: Any) -> Resource:
    return {"resourceType": "Practitioner", "id": name, "name": [{"text": "Dr Bose"}], **more}


def labelled(code: str, system: str = CONFIDENTIALITY) -> Resource:
    return {"security": [{"system": system, "code": code}]}


def bundle(*resources: Resource, **more: Any) -> bytes:
    entries = [{"resource": resource} for resource in resources]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries, **more}).encode()


def in_encounter(name: str = "e1") -> Resource:
    return {"encounter": {"reference": f"Encounter/{name}"}}


@st.composite
def resource_lists(draw: Any) -> list[Resource]:
    """A patient's resources with random categories, labels, encounters, and references all over the place."""
    count = draw(st.integers(1, 9))
    names = [f"r{index}" for index in range(count)]
    services = [None, "394587001", "394583002"]
    found = [patient(gender="female"), practitioner()]
    for index in range(draw(st.integers(0, 2))):
        service = draw(st.sampled_from(services))
        extra = (
            {"serviceType": {"coding": [{"system": "http://snomed.info/sct", "code": service}]}}
            if service
            else {}
        )
        found.append(encounter(f"e{index}", f"2025-0{index + 1}-04T09:00:00Z", **extra))
    for name in names:
        more: Resource = {}
        if draw(st.booleans()):
            more["encounter"] = {"reference": f"Encounter/e{draw(st.integers(0, 2))}"}
        if draw(st.booleans()):
            more["meta"] = labelled(draw(st.sampled_from("NRV")))
        if draw(st.booleans()):
            more["meta"] = labelled(draw(st.sampled_from(["PSY", "HIV", "ETH", "STD", "SDV"])), ACT_CODE)
        others = draw(st.lists(st.sampled_from([*names, "elsewhere"]), max_size=3, unique=True))
        if draw(st.booleans()):
            kind = draw(st.sampled_from(["laboratory", "vital-signs", "imaging", "survey"]))
            members = [{"reference": f"Observation/{other}", "display": f"see {other}"} for other in others]
            more |= {"hasMember": members} if members else {}
            more["performer"] = [{"reference": "Practitioner/dr"}]
            found.append(observation(name, kind, **more))
        else:
            evidence = [{"detail": [{"reference": f"Condition/{other}"}]} for other in others]
            more |= {"evidence": evidence} if evidence else {}
            found.append(condition(name, draw(st.sampled_from(["E11.9", "F32.1", "B20", "I10"])), **more))
    return found
