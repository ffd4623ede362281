"""The file with which a patient takes the record along (W-41, W-124)."""

from __future__ import annotations

from typing import Any

from fhir.resources.R4B.bundle import Bundle

from tests.browser.node import evaluate
from tests.browser.portraits import ALICE, LOINC, SNOMED, coded, condition, record

EXPORT = """
import { exported } from "./app/browser/patient/portrait/exporting";
declare const given: { records: any; patient: any };
exported(given.records, given.patient, 1337, "2026-05-28T00:00:00Z").then((one) => console.log(JSON.stringify(one)));
"""


SUMMARY = {
    "resourceType": "Composition", "id": "s", "status": "final", "type": coded(LOINC, "60591-5"), "title": "Summary",
    "date": "2026-01-05T09:00:00Z", "author": [{"display": "Mercy Hospital"}],
    "section": [{"title": "Problems", "entry": [{"reference": "urn:uuid:b"}]}],
}  # fmt: skip


def condition_named(name: str) -> dict[str, Any]:
    subject = {"reference": "urn:consentry:patient"}
    return condition(coded(SNOMED, "38341003", "Hypertension")) | {"id": name, "subject": subject}


def test_summaries_are_not_told_twice() -> None:
    """W-124, W-41: what an emergency summary repeats stands in the file once, and the file is valid R4."""
    records = [
        record(condition_named("a")),
        record(SUMMARY, condition_named("b"), category="emergency", number=2),
    ]
    made = evaluate(EXPORT, {"records": records, "patient": ALICE})
    assert [one["resource"]["resourceType"] for one in made["entry"]] == ["Patient", "Condition"]
    Bundle.model_validate(made)


def test_a_hospitals_own_patient_summary_is_taken_along() -> None:
    """W-124: it is no emergency summary, though it has the same code (IPS)."""
    records = [record(SUMMARY, condition_named("b"), category="document")]
    made = evaluate(EXPORT, {"records": records, "patient": ALICE})
    assert [one["resource"]["resourceType"] for one in made["entry"]] == [
        "Patient",
        "Composition",
        "Condition",
    ]
