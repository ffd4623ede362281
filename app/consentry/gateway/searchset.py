"""Readings and publications as FHIR Bundles (R4 bundle.html; operation-patient-everything)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from consentry.domain import fields
from consentry.domain.categories import Category, Confidentiality
from consentry.errors import NotFhir
from consentry.fhir.merge import OpenedRecord as Record
from consentry.fhir.merge import everything
from consentry.fhir.outcome import CODE_SYSTEM
from consentry.services.publish import Published, PublishedRecord
from consentry.services.reading import OpenedRecord, Reading


def searchset(reading: Reading, patient_ref: str, base_url: str) -> dict[str, Any]:
    """What a reading gave. `patient_ref` is `Patient/<id>`. What is technically missing is said, what is withheld is not."""
    records = [_record(one) for one in reading.records]
    words = list(reading.incomplete)
    try:
        bundle = everything(records, patient_ref, base_url)
    except NotFhir:
        good, words = _mergeable(records, words, patient_ref, base_url)
        bundle = everything(good, patient_ref, base_url)
        records = good
    if not records:
        bundle = {key: bundle[key] for key in ("resourceType", "type", "link")} | {"total": 0}
    if words:
        bundle["entry"] = [*bundle.get("entry", ()), _warning(words)]
    return bundle


def transaction_response(published: Published) -> dict[str, Any]:
    """One entry a record: 201 for a new one, 200 for one that had been published before, 202 for one that waits (D-9)."""
    waiting = sum(one.waiting for one in published.records)
    return {
        "resourceType": "Bundle",
        "type": "transaction-response",
        "entry": [{"response": _response(one, waiting)} for one in published.records],
    }


def _response(record: PublishedRecord, waiting: int) -> dict[str, Any]:
    if record.waiting:
        status: dict[str, Any] = {"status": "202 Accepted", "outcome": _waits(waiting)}
    else:
        status = {"status": "201 Created" if record.created else "200 OK"}
    return {
        **status,
        "location": f"urn:consentry:record:{fields.to_hex(record.record_id)}",
        "extension": [
            {"url": "urn:consentry:category", "valueCode": str(record.category)},
            {"url": "urn:consentry:confidentiality", "valueCode": str(record.confidentiality)},
        ],
    }


def _waits(records: int) -> dict[str, Any]:
    what = "1 record waits" if records == 1 else f"{records} records wait"
    issue = {
        "severity": "information",
        "code": "informational",
        "details": {"text": f"{what} for the patient's directory."},
        "diagnostics": "Kept encrypted by this gateway; filed and anchored by itself once the directory is open.",
    }
    return {"resourceType": "OperationOutcome", "issue": [issue]}


def _record(opened: OpenedRecord) -> Record:
    header = opened.header
    return Record(
        record_id=fields.to_hex(header.record_id),
        author=header.author,
        author_name=opened.author_name,
        category=Category(header.category),
        confidentiality=Confidentiality(header.confidentiality),
        date=header.date,
        content=opened.content,
    )


def _mergeable(
    records: Iterable[Record], words: list[str], patient_ref: str, base_url: str
) -> tuple[list[Record], list[str]]:
    """One author's bad record must not hide everybody else's."""
    good, said = [], list(words)
    for record in records:
        try:
            everything([record], patient_ref, base_url)
        except NotFhir as problem:
            said.append(
                f"{problem.code}: a record of {record.author_name} does not hold FHIR as Consentry writes it"
            )
        else:
            good.append(record)
    return good, said


def _warning(words: Iterable[str]) -> dict[str, Any]:
    issues = [
        {
            "severity": "warning",
            "code": "incomplete",
            "details": {"coding": [{"system": CODE_SYSTEM, "code": one.partition(":")[0]}]}
            if one.partition(":")[1]
            else {"text": "This answer is technically incomplete."},
            "diagnostics": one,
        }
        for one in words
    ]
    return {"resource": {"resourceType": "OperationOutcome", "issue": issues}, "search": {"mode": "outcome"}}
