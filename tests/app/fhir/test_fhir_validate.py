"""What is refused, and how (F-1)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from consentry import errors
from consentry.fhir.validate import parse_bundle
from tests.app.fhir.builders import (
    MRN,
    bundle,
    condition,
    encounter,
    labelled,
    observation,
    patient,
    practitioner,
)


def test_parse_bundle_finds_the_patient_by_all_names() -> None:
    """F-1"""
    found = parse_bundle(bundle(patient(), observation("o1"), timestamp="2025-03-05T00:00:00Z")).patient
    assert found.identifiers == ((MRN, "MRN17"),)
    assert found.references == ("Patient/p1",)


def test_parse_bundle_accepts_a_patient_known_only_by_number() -> None:
    """F-1"""
    who = {"type": "Patient", "identifier": {"system": MRN, "value": "MRN17"}}
    found = parse_bundle(bundle(observation("o1", subject=who), condition("c1", subject=who)))
    assert found.patient.identifiers == ((MRN, "MRN17"),) and found.patient.demographics is None


def test_parse_bundle_joins_contained_patient_by_identifier() -> None:
    """F-1"""
    inner = {"resourceType": "Patient", "id": "me", "identifier": [{"system": MRN, "value": "MRN17"}]}
    raw = bundle(patient(), observation("o1", contained=[inner], subject={"reference": "#me"}))
    assert len(parse_bundle(raw).entries) == 1


OTHER = {"reference": "Patient/p2"}
TWO_PATIENTS = {
    "two entries": (patient(), {**patient(), "id": "p2", "identifier": [{"system": MRN, "value": "MRN18"}]}),
    "foreign subject": (patient(), observation("o1", subject=OTHER)),
    "foreign focus": (patient(), observation("o1", focus=[OTHER])),
    "foreign number": (
        patient(),
        observation("o1", subject={"identifier": {"value": "MRN18"}, "type": "Patient"}),
    ),
    "unresolvable subject": (
        patient(),
        observation("o1", subject={"reference": "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6"}),
    ),
    "contained stranger": (
        patient(),
        observation("o1", contained=[{"resourceType": "Patient", "id": "x"}], subject={"reference": "#x"}),
    ),
}


@pytest.mark.parametrize("resources", TWO_PATIENTS.values(), ids=TWO_PATIENTS.keys())
def test_parse_bundle_refuses_two_patients(resources: tuple[dict[str, Any], ...]) -> None:
    """F-1"""
    with pytest.raises(errors.BundleNamesTwoPatients):
        parse_bundle(bundle(*resources))


REFUSED: dict[str, tuple[type[errors.ConsentryError], bytes]] = {
    "not a bundle": (errors.NotFhir, b'{"resourceType":"Patient"}'),
    "an array": (errors.NotFhir, b"[]"),
    "no entries": (errors.BundleEmpty, b'{"resourceType":"Bundle","type":"collection"}'),
    "empty entries": (errors.BundleEmpty, b'{"resourceType":"Bundle","type":"collection","entry":[]}'),
    "a bare patient": (errors.BundleEmpty, bundle(patient())),
    "no patient": (errors.BundleNamesNoPatient, bundle(practitioner())),
    "a history": (errors.BundleTypeUnsupported, bundle(observation("o1"), type="history")),
    "a group": (
        errors.SubjectNotPatient,
        bundle(patient(), observation("o1", subject={"reference": "Group/g"})),
    ),
    "a value set": (
        errors.ResourceTypeUnsupported,
        bundle(patient(), {"resourceType": "ValueSet", "status": "draft"}),
    ),
    "an unknown type": (errors.ResourceTypeUnsupported, bundle(patient(), {"resourceType": "Spell"})),
    "a contained unknown": (
        errors.ResourceTypeUnsupported,
        bundle(patient(), observation("o1", contained=[{"resourceType": "Spell", "id": "s"}])),
    ),
    "a genome": (
        errors.LevelCoreNotSupported,
        bundle(patient(), {"resourceType": "MolecularSequence", "coordinateSystem": 0}),
    ),
    "a variant file": (
        errors.LevelCoreNotSupported,
        bundle(
            patient(),
            {
                "resourceType": "DocumentReference",
                "status": "current",
                "content": [{"attachment": {"contentType": "text/vcf; charset=utf-8", "url": "file.vcf"}}],
            },
        ),
    ),
    "the same id twice": (errors.NotFhir, bundle(patient(), observation("o1"), observation("o1"))),
}


@pytest.mark.parametrize(("error", "raw"), REFUSED.values(), ids=REFUSED.keys())
def test_parse_bundle_refuses(error: type[errors.ConsentryError], raw: bytes) -> None:
    """F-1"""
    with pytest.raises(error):
        parse_bundle(raw)


INVALID: dict[str, dict[str, Any]] = {
    "unknown element": {"colour": "red"},
    "bad status": {"status": "bogus"},
    "null for a required element": {"code": None},
    "null": {"note": None},
    "empty array": {"note": []},
    "empty object": {"valueQuantity": {}},
    "empty string": {"valueString": ""},
    "control character": {"valueString": "a\u0000b"},
    "text for a number": {"valueQuantity": {"value": "1.1"}},
    "text for a boolean": {"valueBoolean": "true"},
    "number for a date": {"effectiveDateTime": 20250304},
    "JSON in a string": {"subject": '{"reference": "Patient/p1"}'},
    "a Python name": {"status__ext": {"extension": [{"url": "x", "valueCode": "y"}]}},
    "a comment": {"fhir_comments": "hi"},
    "two values": {"valueString": "a", "valueInteger": 1},
    "impossible date": {"effectiveDateTime": "2025-02-30"},
    "long id": {"id": "x" * 65},
    "bad base64": {
        "extension": [{"url": "x", "valueAttachment": {"contentType": "text/plain", "data": "?!"}}]
    },
    "nested array": {"note": [[{"text": "a"}]]},
    "a list for one": {"subject": [{"reference": "Patient/p1"}]},
}


@pytest.mark.parametrize("more", INVALID.values(), ids=INVALID.keys())
def test_parse_bundle_names_the_invalid_element(more: dict[str, Any]) -> None:
    """F-1: the refusal says where, and never what."""
    with pytest.raises(errors.NotFhir) as caught:
        parse_bundle(bundle(patient(), {**observation("o1"), **more}))
    assert caught.value.expression and all("entry[1]" in path for path in caught.value.expression)
    assert "colour" not in str(caught.value.expression)


def test_parse_bundle_refuses_deletions() -> None:
    """F-1: publishing only adds."""
    rows = [{"resource": observation("o1"), "request": {"method": "DELETE", "url": "Observation/o1"}}]
    raw = json.dumps({"resourceType": "Bundle", "type": "transaction", "entry": rows}).encode()
    with pytest.raises(errors.BundleTypeUnsupported):
        parse_bundle(raw)


def test_parse_bundle_refuses_beyond_its_limits() -> None:
    """F-1"""
    raw = bundle(patient(), encounter(), observation("o1", meta=labelled("R")))
    with pytest.raises(errors.BundleTooLarge):
        parse_bundle(raw, max_bytes=len(raw) - 1)
    with pytest.raises(errors.BundleTooLarge):
        parse_bundle(raw, max_entries=2)
    with pytest.raises(errors.NotJson):
        parse_bundle(raw, max_depth=4)
    assert len(parse_bundle(raw, max_bytes=len(raw), max_entries=3).entries) == 2


@pytest.mark.parametrize("odd", [{"fullUrl": 7}, {"request": {"method": "POST"}}, {"link": []}])
def test_parse_bundle_names_the_row_that_is_odd(odd: dict[str, Any]) -> None:
    """F-1: one among many rows that are written alike, by its own number."""
    rows = [
        {"fullUrl": f"urn:uuid:00000000-0000-4000-8000-{at:012}", "resource": one}
        for at, one in enumerate([patient(), *(condition(f"c{at}") for at in range(4))])
    ]
    tree = {"resourceType": "Bundle", "type": "collection", "entry": rows}
    assert len(parse_bundle(json.dumps(tree).encode()).entries) == 4
    rows[3] |= odd
    with pytest.raises(errors.NotFhir) as caught:
        parse_bundle(json.dumps(tree).encode())
    assert all(one.startswith("Bundle.entry[3]") for one in caught.value.expression)
