"""What the clinicians' page makes of codes, of a gateway's answer and of texts to sign, without a browser."""

from __future__ import annotations

from typing import Any

import pytest

from consentry.fhir.tables import resource_types
from tests.browser.node import evaluate

ALICE = "0x" + "a1" * 20
DIDS = """
import { didIn } from "./app/browser/clinician/dids";
declare const given: string[];
console.log(JSON.stringify(given.map((text) => didIn(text, 1337))));
"""
GIVEN = """
import { given as read } from "./app/browser/clinician/searchset";
declare const given: unknown[];
console.log(JSON.stringify(read(given)));
"""
TYPES = """
import { RESOURCE_TYPES } from "./app/browser/clinician/reading";
console.log(JSON.stringify(RESOURCE_TYPES));
"""


def test_a_code_holds_a_did_of_this_chain_or_is_refused() -> None:
    """W-73: in whatever case and company, in its one form; of another chain or none it says so."""
    own = f"did:ethr:0x539:{ALICE}"
    asked = [own, own.upper().replace("DID:ETHR", "did:ethr"), f"  https://card.example/?{own}  "]
    assert evaluate(DIDS, asked) == [own] * 3
    wrong = [f"did:ethr:0x1:{ALICE}", f"did:ethr:0x539:{ALICE}00", "did:web:example", "", ALICE]
    assert evaluate(DIDS, wrong) == ["other-chain", *["other-code"] * 4]


def labelled(kind: str, record: str, author: str = "0xm", date: str = "", **more: Any) -> dict[str, Any]:
    tags = [
        {"system": "urn:consentry:author", "code": author, "display": "Mercy Hospital"},
        {"system": "urn:consentry:category", "code": "laboratory"},
        {"system": "urn:consentry:record", "code": record},
        {"system": "urn:consentry:record-date", "code": date},
    ]
    return {"resourceType": kind, "id": f"{kind}-{record}", "meta": {"tag": tags, "versionId": "2"}, **more}


def test_an_answer_is_told_by_records_again() -> None:
    """W-75: each with its hospital and category; who is referred to stands in each; what is missing and receipts apart."""
    first = labelled("Observation", "0x01", date="2026-03-01T00:00:00Z")
    second = labelled("Observation", "0x02", date="2026-04-01T08:00:00Z")
    doctor = labelled("Practitioner", "0x02", name=[{"family": "Bose"}])
    elsewhere = labelled("Practitioner", "0x03", author="0xc")
    outcome = {
        "resourceType": "OperationOutcome",
        "issue": [
            {
                "details": {"coding": [{"system": "urn:consentry:error", "code": "index-behind"}]},
                "diagnostics": "index-behind: x",
            }
        ],
    }
    receipt = {"system": "urn:consentry:receipt", "value": "0xff"}
    provenance = {
        "resourceType": "Provenance",
        "agent": [
            {"who": {"reference": "Organization/0xm"}},
            {"who": {"identifier": {"system": "urn:consentry:account", "value": "0xk"}}},
        ],
        "entity": [
            {"role": "source", "what": {"identifier": {"system": "urn:consentry:record", "value": "0x01"}}},
            {"role": "source", "what": {"identifier": receipt, "display": "Receipt 7 of keeper 0xk"}},
        ],
    }
    patient = {"resourceType": "Patient", "id": "ref", "gender": "female"}
    pages = [[patient, first, second], [doctor, elsewhere, provenance, outcome, "no resource", None]]
    bundles = [{"resourceType": "Bundle", "entry": [{"resource": one} for one in page]} for page in pages]
    told = evaluate(GIVEN, bundles)
    newest, oldest = told["records"]
    assert (newest["recordId"], newest["date"], newest["hospital"]) == (
        "0x02",
        "2026-04-01T08:00:00Z",
        "Mercy Hospital",
    )
    assert (oldest["date"], oldest["category"], oldest["version"]) == (
        "2026-03-01T00:00:00Z",
        "laboratory",
        2,
    )
    assert [one["resourceType"] for one in oldest["resources"]] == ["Observation", "Patient", "Practitioner"]
    assert told["issues"] == [{"code": "index-behind", "words": "index-behind: x"}]
    assert told["receipts"] == [
        {"recordId": "0x01", "keeper": "0xk", "words": "Receipt 7 of keeper 0xk", "value": "0xff"}
    ]


def test_a_record_stands_under_its_own_date() -> None:
    """W-75: the summary of today repeats what began years ago, and is of today."""
    today = "2026-11-20T09:30:00Z"
    summary = [
        labelled("Composition", "0x01", date=today),
        labelled("Condition", "0x01", date=today, onsetDateTime="2023-05-04", recordedDate="2024-01-09"),
    ]
    (record,) = evaluate(GIVEN, [{"entry": [{"resource": one} for one in summary]}])["records"]
    assert record["date"] == today


PURPOSE_WORDS = """
import { changeLanguage } from "./app/browser/core/language";
import { PURPOSES } from "./app/browser/layouts/words";
import { readersPurpose } from "./app/browser/text/clinic_purposes";
console.log(JSON.stringify((["en", "zh"] as const).map((language) => {
  changeLanguage(language);
  return PURPOSES.map((code) => [code, readersPurpose(code)]);
})));
"""


def test_each_purpose_is_worded_for_who_reads() -> None:
    """W-75: in both languages, each in words of its own."""
    for pairs in evaluate(PURPOSE_WORDS):
        assert all(code != words for code, words in pairs)
        assert len({words for _, words in pairs}) == len(pairs)


@pytest.mark.parametrize("answer", [[], [None], [{}], [{"entry": 7}], [{"entry": [{"resource": {}}]}]])
def test_what_is_no_answer_holds_nothing(answer: list[Any]) -> None:
    """W-75"""
    assert evaluate(GIVEN, answer) == {"records": [], "issues": [], "receipts": []}


def test_all_types_are_asked_for() -> None:
    """W-75: whatever Consentry takes into records."""
    assert evaluate(TYPES) == sorted(resource_types())
