"""The health portrait, from records to what a patient reads: pure TypeScript, run under Node."""

from __future__ import annotations

from typing import Any

from consentry.demo.bundles import demo_bundles
from tests.browser.portraits import (
    CITY,
    LOINC,
    SNOMED,
    coded,
    condition,
    portrait,
    published,
    record,
)

ICD = "http://hl7.org/fhir/sid/icd-10"
DIABETES = coded(ICD, "E11.9", "Type 2 diabetes mellitus")
PENICILLIN = coded(SNOMED, "91936005", "Allergy to penicillin", "Penicillin")


def names(told: list[dict[str, Any]]) -> list[str]:
    return [one["name"]["words"] for one in told]


def test_one_condition_is_told_once_when_two_hospitals_say_it() -> None:
    """W-35: by code, or by the same words where one of them has no code."""
    drawn = portrait(
        [
            record(condition(DIABETES, recordedDate="2024-01-02"), number=1),
            record(condition({"text": "type 2  Diabetes mellitus"}), author=CITY, number=2),
            record(condition(coded(ICD, "E11.9", words="糖尿病")), author=CITY, number=3),
        ]
    )
    assert len(drawn["conditions"]) == 1
    (told,) = drawn["conditions"]
    assert sorted(told["hospitals"]) == ["City Hospital", "Mercy Hospital"]
    assert len(told["said"]) == 3 and told["standing"] == "current" and not told["differ"]


def test_conditions_are_told_apart_when_codes_differ_or_nothing_names_them() -> None:
    """W-35: two codes of one system are two things whatever they are called, and so are two without a name."""
    drawn = portrait(
        [
            record(condition(coded(ICD, "E11.9", words="Diabetes")), number=1),
            record(condition(coded(ICD, "E10.9", words="Diabetes")), number=2),
            record(condition(None), condition(None), number=3),
        ]
    )
    assert sorted(names(drawn["conditions"])) == ["", "", "Diabetes", "Diabetes"]


def test_condition_is_current_and_differs_when_hospitals_disagree() -> None:
    """W-35: what one hospital still counts on is told as such, and that another does not."""
    drawn = portrait(
        [
            record(condition(DIABETES, recordedDate="2024-01-02"), number=1),
            record(condition(DIABETES, "resolved", recordedDate="2025-06-01"), author=CITY, number=2),
        ]
    )
    (told,) = drawn["conditions"]
    assert told["differ"] and told["standing"] == "current"
    assert [one["standing"] for one in told["said"]] == ["past", "current"]


def test_same_hospital_later_word_counts() -> None:
    """W-35: one hospital that says something else later does not disagree with itself."""
    drawn = portrait(
        [
            record(condition(DIABETES, recordedDate="2024-01-02"), number=1),
            record(condition(DIABETES, "resolved", recordedDate="2025-06-01"), number=2),
        ]
    )
    (told,) = drawn["conditions"]
    assert not told["differ"] and told["standing"] == "past"


def test_wrong_and_refuted_statements_are_not_told_as_conditions() -> None:
    """W-35: what was entered in error is not told, what was ruled out is told as that, a former version not at all."""
    wrong = condition(DIABETES, verificationStatus={"coding": [{"code": "entered-in-error"}]})
    refuted = condition(coded(ICD, "I10"), verificationStatus={"coding": [{"code": "refuted"}]})
    former = {**record(condition(coded(ICD, "J45")), number=9), "replaced": True}
    drawn = portrait([record(wrong, refuted), former])
    assert [(one["name"]["words"], one["standing"]) for one in drawn["conditions"]] == [("I10", "ruled-out")]


def test_high_risk_allergy_comes_first_and_none_is_known_as_such() -> None:
    """W-35: what may kill stands first; “no known allergy” is marked, so that a page can say that others differ."""
    drawn = portrait(
        [
            record(
                {
                    "resourceType": "AllergyIntolerance",
                    "code": coded(SNOMED, "716186003", "No known allergy"),
                },
                {"resourceType": "AllergyIntolerance", "code": PENICILLIN, "criticality": "high"},
                category="allergy",
            )
        ]
    )
    first, second = drawn["allergies"]
    assert first["name"]["words"] == "Penicillin" and not first["newest"]["detail"]["none"]
    assert second["newest"]["detail"]["none"]


def test_summary_repeats_and_adds_no_hospital() -> None:
    """W-35: an emergency summary is told as a repetition of its author's other records."""
    summary = {"resourceType": "Composition", "type": coded(LOINC, "60591-5")}
    drawn = portrait(
        [
            record(condition(DIABETES, recordedDate="2024-01-02"), number=1),
            record(summary, condition(DIABETES, recordedDate="2024-01-02"), category="emergency", number=2),
        ]
    )
    (told,) = drawn["conditions"]
    assert [one["repeated"] for one in told["said"]] == [False, True]
    assert not told["newest"]["repeated"] and told["hospitals"] == ["Mercy Hospital"]


def test_demo_patient_is_told_whole() -> None:
    """W-35, W-36, W-40: a year of care at a hospital, as its gateway publishes it."""
    drawn = portrait(published(demo_bundles(7)["alice"]))
    assert "Penicillin" in names(drawn["allergies"]) and "Peanut" in names(drawn["allergies"])
    assert any("diabetes" in name for name in names(drawn["conditions"]))
    metformin = [one for one in drawn["medicines"] if "metformin" in one["name"]["words"]]
    assert len(metformin) == 1 and metformin[0]["newest"]["detail"]["by"]
    assert "Atorvastatin 20 mg tablet" in names(drawn["medicines"])
    pressure = next(one for one in drawn["series"] if len(one["lines"]) == 2)
    assert [one["codes"][0]["code"] for one in pressure["lines"]] == ["8480-6", "8462-4"]
    assert len(pressure["points"]) == 5
    assert sum(one["visit"] is not None for one in drawn["occasions"]) == 7
    assert drawn["contacts"][0]["name"] == "梁建国" and drawn["about"]["gender"] == "female"
