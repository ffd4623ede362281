"""Categories and confidentialities of single resources (F-2)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consentry.domain.categories import (
    SENSITIVE,
    STRICTNESS,
    Category,
    Confidentiality,
    stricter,
    stricter_confidentiality,
)
from consentry.fhir import categories, tables
from consentry.fhir.classify import PATIENT_LEVEL, classify
from tests.app.fhir.builders import (
    ACT_CODE,
    CONFIDENTIALITY,
    LOINC,
    condition,
    encounter,
    labelled,
    observation,
)

ATC = "http://www.whocc.no/atc"
V2 = "http://terminology.hl7.org/CodeSystem/v2-0074"


def concept(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code}]}


def drug(code: str) -> dict[str, Any]:
    return {"resourceType": "MedicationRequest", "medicationCodeableConcept": concept(ATC, code)}


def report(**more: Any) -> dict[str, Any]:
    return {"resourceType": "DiagnosticReport", "status": "final", "code": {"text": "Report"}, **more}


def note(**more: Any) -> dict[str, Any]:
    return {"resourceType": "DocumentReference", "status": "current", "content": [], **more}


CASES: list[tuple[dict[str, Any], str, str]] = [
    (observation("o"), "laboratory", "N"),
    (observation("o", "vital-signs", "8867-4"), "vitals", "N"),
    (observation("o", "social-history", "72166-2"), "visit", "N"),
    (observation("o", "unknown-desk", "8867-4"), "vitals", "N"),
    (observation("o", code="56888-1"), "hiv", "R"),
    (observation("o", "survey", "44261-6"), "psychiatry", "R"),
    (observation("o", "survey", "76504-0"), "violence", "R"),
    (condition("c"), "problem", "N"),
    (condition("c", "F32.1"), "psychiatry", "R"),
    (condition("c", "F10.2"), "substance", "R"),
    (condition("c", "F17.2"), "problem", "N"),
    (condition("c", "F64.0"), "sexual-health", "R"),
    (condition("c", "B20"), "hiv", "R"),
    (condition("c", "A51.0"), "sexual-health", "R"),
    (condition("c", "T74.1"), "violence", "R"),
    (condition("c", "E84.0"), "genetics", "R"),
    (drug("C10AA05"), "medication", "N"),
    (drug("N06AB06"), "psychiatry", "R"),
    (drug("N07BC02"), "substance", "R"),
    (drug("J05AR10"), "hiv", "R"),
    (report(), "laboratory", "N"),
    (report(category=[concept(V2, "CT")]), "imaging", "N"),
    (report(category=[concept(V2, "GE")]), "genetics", "R"),
    (report(code=concept(LOINC, "81247-9")), "genetics", "R"),
    (note(type=concept(LOINC, "11488-4")), "document", "N"),
    (note(type=concept(LOINC, "34788-0")), "psychiatry", "R"),
    (note(type=concept(LOINC, "42348-3")), "emergency", "N"),
    (note(type={"text": "精神科门诊病历"}), "psychiatry", "R"),
    (note(type={"text": "内分泌科门诊病历"}), "document", "N"),
    (note(securityLabel=[concept(CONFIDENTIALITY, "V")]), "document", "V"),
    ({"resourceType": "Composition", "confidentiality": "R", "section": []}, "document", "R"),
    (
        {
            "resourceType": "Consent",
            "scope": concept("http://terminology.hl7.org/CodeSystem/consentscope", "adr"),
        },
        "emergency",
        "N",
    ),
    ({"resourceType": "Consent"}, "consent", "N"),
    (encounter(reasonCode=[concept("http://hl7.org/fhir/sid/icd-10-cm", "F20.0")]), "psychiatry", "R"),
    (observation("o", meta=labelled("PSYTHPN", ACT_CODE)), "psychiatry", "V"),
    (observation("o", meta=labelled("CEL", ACT_CODE)), "laboratory", "V"),
    (observation("o", meta=labelled("L")), "laboratory", "N"),
    (condition("c", "F32.1", meta=labelled("N")), "psychiatry", "R"),
    (
        observation(
            "o",
            contained=[{"resourceType": "Condition", "code": concept("http://snomed.info/sct", "86406008")}],
        ),
        "hiv",
        "R",
    ),
    (observation("o", valueCodeableConcept={"text": "hives after therapeutic dose"}), "laboratory", "N"),
]


@pytest.mark.parametrize(("resource", "category", "confidentiality"), CASES)
def test_classify(resource: dict[str, Any], category: str, confidentiality: str) -> None:
    """F-2"""
    found = classify(resource)
    assert (str(found.category), str(found.confidentiality)) == (category, confidentiality)


@pytest.mark.parametrize(
    ("label", "category"),
    [
        ("ETH", "substance"),
        ("ETHUD", "substance"),
        ("OPIOIDUD", "substance"),
        ("PSY", "psychiatry"),
        ("SDV", "violence"),
        ("HIV", "hiv"),
        ("STD", "sexual-health"),
        ("GDIS", "genetics"),
    ],
)
def test_classify_believes_sensitivity_labels(label: str, category: str) -> None:
    """F-2: the labels that IHE PCF Advanced names, and two more."""
    assert str(classify(observation("o", meta=labelled(label, ACT_CODE))).category) == category
    assert str(classify(observation("o"), labelled(label, ACT_CODE)["security"]).category) == category


def test_classify_takes_the_bundles_grade_only_without_an_own_one() -> None:
    """F-2: a Bundle's confidentiality is a high-water mark."""
    around = labelled("V")["security"]
    assert str(classify(observation("o"), around).confidentiality) == "V"
    assert str(classify(observation("o", meta=labelled("R")), around).confidentiality) == "R"


def test_level_is_sensitive_for_every_patient() -> None:
    """Design, words: levels 1 and 2 are never a patient's."""
    assert PATIENT_LEVEL == 3


@given(*[st.sampled_from(list(Category))] * 3)
def test_stricter_is_a_total_order(a: Category, b: Category, c: Category) -> None:
    """F-2"""
    assert stricter(a, b) == stricter(b, a)
    assert stricter(a, stricter(b, c)) == stricter(stricter(a, b), c)
    assert stricter(a, a) == a


def test_vocabularies_are_closed() -> None:
    """F-2: every category has its rank; the sensitive ones are the strictest; tables name nothing else."""
    assert sorted(STRICTNESS) == sorted(Category)
    assert set(STRICTNESS[-len(SENSITIVE) :]) == SENSITIVE
    assert stricter_confidentiality(Confidentiality.RESTRICTED, Confidentiality.VERY_RESTRICTED) == "V"
    named = {kind.category for kind in tables.resource_types().values() if kind.category}
    named |= set(tables.category_codes().values())
    named |= {label.category for label in tables.labels().values() if label.category}
    assert named <= set(Category)
    assert categories.label_of({"system": "http://loinc.org", "code": "HIV"}) is None
