"""Which record a resource goes to, rule by rule (F-2)."""

from __future__ import annotations

from typing import Any

from consentry.fhir.placing import place
from consentry.fhir.split import split
from consentry.fhir.validate import parse_bundle
from tests.app.fhir import readback
from tests.app.fhir.builders import (
    ACT_CODE,
    bundle,
    condition,
    encounter,
    in_encounter,
    labelled,
    observation,
    patient,
)

PSYCHIATRY = {"serviceType": {"coding": [{"system": "http://snomed.info/sct", "code": "394587001"}]}}


def where(*resources: dict[str, Any]) -> dict[str, tuple[str, str, str]]:
    """id → category, confidentiality, occasion."""
    places = place(parse_bundle(bundle(patient(), *resources)))
    return {
        name.split("/")[1]: (str(at.category), str(at.confidentiality), at.occasion.split("/")[-1])
        for name, at in places.items()
    }


def report(name: str, *results: str, **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "DiagnosticReport",
        "id": name,
        "status": "final",
        "code": {"text": "Panel"},
        "subject": {"reference": "Patient/p1"},
        "result": [{"reference": f"Observation/{result}"} for result in results],
        **more,
    }


def test_sensitive_encounter_makes_everything_in_it_sensitive() -> None:
    """F-2: a lithium level from the psychiatric ward tells about the ward."""
    found = where(encounter(**PSYCHIATRY), observation("o1", **in_encounter()), observation("o2"))
    assert found["e1"] == found["o1"] == ("psychiatry", "R", "e1")
    assert found["o2"] == ("laboratory", "N", "day:2025-03-04")


def test_encounter_grades_what_has_no_grade_of_its_own() -> None:
    """F-2"""
    found = where(
        encounter(meta=labelled("V")),
        observation("o1", **in_encounter()),
        observation("o2", meta=labelled("R"), **in_encounter()),
    )
    assert (found["o1"][1], found["o2"][1]) == ("V", "R")


def test_report_follows_its_most_sensitive_result() -> None:
    """F-2: its text tells what the result says; the other results stay where they are."""
    found = where(
        encounter(),
        report("d1", "hiv", "sodium"),
        observation("hiv", code="56888-1", **in_encounter()),
        observation("sodium"),
    )
    assert found["hiv"][:2] == found["d1"][:2] == ("hiv", "R")
    assert found["sodium"][:2] == ("laboratory", "N")


def test_restricted_result_restricts_its_report_only() -> None:
    """F-2"""
    found = where(report("d1", "a", "b"), observation("a", meta=labelled("V")), observation("b"))
    assert (found["d1"][1], found["a"][1], found["b"][1]) == ("V", "V", "N")


def test_prescription_follows_its_reason_and_visit_does_not() -> None:
    """F-2: one secondary diagnosis does not close a whole visit."""
    drug = {
        "resourceType": "MedicationRequest",
        "id": "m1",
        "status": "active",
        "intent": "order",
        "medicationCodeableConcept": {"text": "a tablet"},
        "subject": {"reference": "Patient/p1"},
        "reasonReference": [{"reference": "Condition/c1"}],
        **in_encounter(),
    }
    seen = encounter(
        diagnosis=[{"condition": {"reference": "Condition/c1"}}, {"condition": {"reference": "Condition/c2"}}]
    )
    visits = (seen, drug, condition("c1", "F32.1", **in_encounter()), condition("c2", **in_encounter()))
    found = where(*visits)
    assert found["m1"][0] == found["c1"][0] == "psychiatry"
    assert (found["e1"][0], found["c2"][0]) == ("visit", "problem")
    drafts = split(parse_bundle(bundle(patient(), *visits)))
    ((_, published),) = readback.homes(drafts, "Encounter/e1")
    assert "diagnosis" not in published, "R4 requires diagnosis.condition, so the diagnosis goes with it"


def test_report_without_encounter_joins_that_of_its_results() -> None:
    """F-2"""
    found = where(encounter(), report("d1", "a"), observation("a", **in_encounter()))
    assert found["d1"] == ("laboratory", "N", "e1")
    found = where(encounter(), report("d1", "a", **in_encounter()), observation("a"))
    assert found["a"] == ("laboratory", "N", "e1")


def test_encounter_outside_the_bundle_still_groups() -> None:
    """F-2"""
    found = where(
        observation("a", **in_encounter("e9")), observation("b", **in_encounter("e9")), observation("c")
    )
    assert found["a"] == found["b"] == ("laboratory", "N", "e9")
    assert found["c"][2] == "day:2025-03-04"


def test_specimen_goes_with_the_strictest_result_and_provenance_with_its_target() -> None:
    """F-2"""
    specimen = {"resourceType": "Specimen", "id": "s1", "subject": {"reference": "Patient/p1"}}
    aliquot = {**specimen, "id": "s2", "parent": [{"reference": "Specimen/s1"}]}
    provenance = {
        "resourceType": "Provenance",
        "id": "v1",
        "recorded": "2025-03-04T12:00:00Z",
        "agent": [{"who": {"display": "Dr Bose"}}],
        "target": [{"reference": "Observation/plain"}, {"reference": "Observation/hiv"}],
    }
    resources = (
        specimen,
        aliquot,
        provenance,
        observation("plain", specimen={"reference": "Specimen/s2"}),
        observation("hiv", code="56888-1", specimen={"reference": "Specimen/s2"}),
    )
    found = where(*resources)
    assert found["s2"] == found["hiv"] == found["v1"] == ("hiv", "R", "day:2025-03-04")
    assert found["s1"] == found["s2"]
    drafts = split(parse_bundle(bundle(patient(), *resources)))
    ((_, published),) = readback.homes(drafts, "Provenance/v1")
    assert len(published["target"]) == 1
    ((_, plain),) = readback.homes(drafts, "Observation/plain")
    assert "specimen" not in plain


def test_device_and_its_use_stay_together() -> None:
    """F-2: R4 requires DeviceUseStatement.device."""
    implant = {
        "resourceType": "Device",
        "id": "d1",
        "patient": {"reference": "Patient/p1"},
        "meta": labelled("R"),
    }
    use = {
        "resourceType": "DeviceUseStatement",
        "id": "u1",
        "status": "active",
        "subject": {"reference": "Patient/p1"},
        "device": {"reference": "Device/d1"},
        "recordedOn": "2025-03-04",
    }
    found = where(implant, use)
    assert found["d1"] == found["u1"] == ("device", "R", "undated")


def test_binary_goes_with_the_document_that_links_it() -> None:
    """F-2"""
    scan = {"resourceType": "Binary", "id": "b1", "contentType": "text/plain", "data": "5LiK"}
    document = {
        "resourceType": "DocumentReference",
        "id": "d1",
        "status": "current",
        "date": "2025-03-04T10:00:00Z",
        "meta": labelled("PSY", ACT_CODE),
        "content": [{"attachment": {"contentType": "text/plain", "url": "Binary/b1"}}],
    }
    found = where(scan, document)
    assert found["b1"] == found["d1"] == ("psychiatry", "R", "day:2025-03-04")
    drafts = split(parse_bundle(bundle(patient(), scan, document)))
    ((draft, published),) = readback.homes(drafts, "DocumentReference/d1")
    inside = {f"urn:uuid:{one['id']}" for one in readback.resources(draft)}
    assert published["content"][0]["attachment"]["url"] in inside


def test_links_in_narratives_lose_their_target() -> None:
    """F-2"""
    div = (
        '<div xmlns="http://www.w3.org/1999/xhtml"><a href="Condition/c1">see</a> <a href="#x">here</a></div>'
    )
    told = observation("o1", text={"status": "generated", "div": div})
    drafts = split(parse_bundle(bundle(patient(), told, condition("c1", "F32.1"))))
    ((_, published),) = readback.homes(drafts, "Observation/o1")
    assert published["text"]["div"] == div.replace("Condition/c1", "#")
