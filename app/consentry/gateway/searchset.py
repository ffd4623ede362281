"""Readings as FHIR Bundles (R4 bundle.html; operation-patient-everything)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from consentry.domain import fields, times
from consentry.domain.categories import Category, Confidentiality
from consentry.errors import NotFhir
from consentry.fhir.merge import OpenedRecord as Record
from consentry.fhir.merge import Receipt, everything
from consentry.fhir.outcome import CODE_SYSTEM
from consentry.services.reading import OpenedRecord, Reading


def searchset(reading: Reading, patient_ref: str, base_url: str) -> dict[str, Any]:
    """What a reading gave. `patient_ref` is `Patient/<id>`. What is technically missing is said, what is withheld is not."""
    records = [record(one) for one in reading.records]
    words = list(reading.incomplete)
    try:
        bundle = everything(records, patient_ref, base_url)
    except NotFhir:
        good, words = mergeable(records, words, patient_ref, base_url)
        bundle = everything(good, patient_ref, base_url)
        records = good
    if not records:
        bundle = {key: bundle[key] for key in ("resourceType", "type", "link")} | {"total": 0}
    if words or reading.lying:
        bundle["entry"] = [
            *bundle.get("entry", ()),
            {"resource": outcome(words, reading.lying), "search": {"mode": "outcome"}},
        ]
    return bundle


def record(opened: OpenedRecord) -> Record:
    header = opened.header
    return Record(
        record_id=fields.to_hex(header.record_id),
        author=header.author,
        author_name=opened.author_name,
        category=Category(header.category),
        confidentiality=Confidentiality(header.confidentiality),
        date=header.date,
        content=opened.content,
        version=header.version,
        document=fields.to_hex(opened.document or header.record_id),
        replaced=opened.replaced,
        level=header.level,
        anchored_at="" if opened.anchored_at is None else times.iso(opened.anchored_at),
        replaces="" if header.replaces is None else fields.to_hex(header.replaces),
        receipts=tuple(Receipt(one.keeper, one.seq, fields.to_hex(one.value)) for one in opened.served),
    )


def mergeable(
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


def outcome(words: Iterable[str], lying: Iterable[str] = ()) -> dict[str, Any]:
    """What is technically incomplete, and which keepers gave what does not hold, as an OperationOutcome."""
    issues = [_issue("incomplete", one, "This answer is technically incomplete.") for one in words]
    issues += [_issue("processing", one, "A keeper's answer did not hold.") for one in lying]
    return {"resourceType": "OperationOutcome", "issue": issues}


def _issue(kind: str, words: str, instead: str) -> dict[str, Any]:
    code, colon, _ = words.partition(":")
    details = {"coding": [{"system": CODE_SYSTEM, "code": code}]} if colon else {"text": instead}
    return {"severity": "warning", "code": kind, "details": details, "diagnostics": words}
