"""The emergency summary, out of what records say (E-19, E-20)."""

from __future__ import annotations

import json
from typing import Any

from fhir.resources.R4B import get_fhir_model_class

from consentry.domain.categories import Category
from consentry.fhir.identity import PATIENT_URN
from consentry.fhir.split import RecordDraft, split
from consentry.fhir.summary import Source, compose, source_of
from consentry.fhir.validate import parse_bundle
from tests.app.fhir.builders import bundle, condition, observation, patient

SUBJECT = {"reference": "Patient/p1"}
CLINICAL = "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical"
VERIFIED = "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification"


def coded(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code}]}


def allergy(name: str = "a1", status: str = "active", **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "AllergyIntolerance",
        "id": name,
        "clinicalStatus": coded(CLINICAL, status),
        "code": {"text": "Penicillin"},
        "patient": SUBJECT,
        "recordedDate": "2025-03-04",
        **more,
    }


def prescription(status: str = "active") -> dict[str, Any]:
    return {
        "resourceType": "MedicationRequest",
        "id": "m1",
        "status": status,
        "intent": "order",
        "medicationReference": {"reference": "Medication/x1"},
        "subject": SUBJECT,
        "authoredOn": "2025-03-05",
        "reasonReference": [{"reference": "Condition/c1"}],
        "requester": {"reference": "Practitioner/far", "display": "Dr Far"},
    }


MEDICINE = {"resourceType": "Medication", "id": "x1", "code": {"text": "Warfarin 2.50 mg"}}


def sources(*resources: Any) -> list[Source]:
    """What the records of one bundle have for the summary."""
    raw = bundle(patient(birthDate="1985-05-04"), *resources)
    found = (source_of(draft) for draft in split(parse_bundle(raw)))
    return [one for one in found if one is not None]


def content(draft: RecordDraft | None) -> dict[str, Any]:
    assert draft is not None
    return dict(json.loads(draft.content))


def of(made: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [row["resource"] for row in made["entry"] if row["resource"]["resourceType"] == kind]


def test_summary_holds_what_holds_now_and_stands_alone() -> None:
    """E-19: valid R4, its sections and references lead to what is in it and to the patient, and nowhere else."""
    found = sources(allergy(), prescription(), MEDICINE, condition("c1"), observation("o1"))
    draft = compose(found, with_sensitive=False)
    made = content(draft)
    assert draft is not None
    assert (draft.category, draft.confidentiality, draft.level) == (Category.EMERGENCY, "N", 3)
    inside = {row["fullUrl"] for row in made["entry"]} | {PATIENT_URN}
    for row in made["entry"]:
        get_fhir_model_class(row["resource"]["resourceType"]).model_validate(row["resource"])
        assert row["fullUrl"] == f"urn:uuid:{row['resource']['id']}"
        for literal in literals(row["resource"]):
            assert literal in inside, literal
    (composition,) = of(made, "Composition")
    assert composition["type"]["coding"][0]["code"] == "60591-5"
    sections = {one["code"]["coding"][0]["code"]: one for one in composition["section"]}
    assert [len(sections[code]["entry"]) for code in ("48765-2", "10160-0", "11450-4")] == [1, 1, 1]
    assert sections["46264-8"]["emptyReason"]["coding"][0]["code"] == "unavailable"
    assert of(made, "Medication")[0]["code"]["text"] == "Warfarin 2.50 mg"
    assert of(made, "Patient")[0]["birthDate"] == "1985-05-04"
    assert not of(made, "Observation")


def literals(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["reference"]] if isinstance(node.get("reference"), str) else []
        return own + [one for value in node.values() for one in literals(value)]
    return [one for item in node for one in literals(item)] if isinstance(node, list) else []


def test_summary_leaves_out_what_is_over_or_was_never_so() -> None:
    """E-19"""
    refuted = allergy("a2", verificationStatus=coded(VERIFIED, "refuted"))
    for gone in (allergy(status="resolved"), refuted, prescription("stopped"), prescription("completed")):
        assert compose(sources(gone, MEDICINE), with_sensitive=False) is None
    unknown = allergy("a3")
    del unknown["clinicalStatus"]
    assert compose(sources(unknown), with_sensitive=False) is not None
    assert compose([], with_sensitive=True) is None
    assert compose(sources(observation("o1")), with_sensitive=True) is None


def test_sensitive_sources_need_the_patients_word() -> None:
    """E-20: psychiatric ones, and ordinary ones that are graded restricted."""
    restricted = allergy("a2", code={"text": "Latex"}, meta={"security": [coded_label("R")]})
    found = sources(allergy(), restricted, condition("c2", "F32.1"))
    without = content(compose(found, with_sensitive=False))
    assert (len(of(without, "AllergyIntolerance")), of(without, "Condition")) == (1, [])
    draft = compose(found, with_sensitive=True)
    assert draft is not None and draft.confidentiality == "R"
    assert len(of(content(draft), "AllergyIntolerance")) == 2
    assert len(of(content(draft), "Condition")) == 1


def coded_label(code: str) -> dict[str, str]:
    return {"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": code}


def test_summary_is_the_same_whatever_the_order_and_says_each_thing_once() -> None:
    """E-19: else it would be published anew for nothing."""
    one, two = sources(allergy("a1")), sources(allergy("a9"), condition("c1"))
    first = compose([*one, *two], with_sensitive=False)
    assert first == compose([*two, *one], with_sensitive=False)
    assert len(of(content(first), "AllergyIntolerance")) == 1
    kept = [Source.read(source.written) for source in (*one, *two)]
    assert compose(kept, with_sensitive=False) == first


def test_a_later_record_says_what_became_of_a_resource() -> None:
    """E-19: by its id, also if the former record is still current."""
    healed = allergy(status="inactive", recordedDate="2026-01-01")
    assert compose([*sources(allergy()), *sources(healed)], with_sensitive=False) is None


def test_directives_and_contacts_are_records_of_their_own() -> None:
    """E-19"""
    contact = {"resourceType": "RelatedPerson", "id": "r1", "patient": SUBJECT}
    raw = bundle(patient(), contact)
    found = {
        draft.category: source_of(draft)
        for draft in split(parse_bundle(raw), received_at="2026-01-01T00:00:00Z")
    }
    assert found[Category.EMERGENCY] is None


def test_a_source_reads_back_as_it_was_written() -> None:
    """E-19: what an author keeps between publications, also as it was kept before statements had digests."""
    for one in sources(allergy(), prescription(), MEDICINE, condition("c1")):
        again = Source.read(one.written)
        assert (again, again.said, again.written) == (one, one.said, one.written)
        kept = json.loads(one.written)
        assert kept.pop("said") == list(one.said)
        assert Source.from_json(kept) == one and Source.from_json(kept).written == one.written
