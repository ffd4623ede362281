"""All versions that a reading gave, as a FHIR Bundle of type history (specification D-14)."""

from __future__ import annotations

from typing import Any

from consentry.domain import fields
from consentry.domain.categories import Category
from consentry.errors import NotFhir
from consentry.fhir.history import RetractedVersion
from consentry.fhir.history import history as history_bundle
from consentry.gateway.searchset import mergeable, outcome, record
from consentry.services.reading import Gone, Reading


def history(reading: Reading, patient_ref: str, base_url: str) -> dict[str, Any]:
    """What is technically missing is said as the outcome of an entry of its own; a history has no other place for it."""
    records, words = [record(one) for one in reading.records], list(reading.incomplete)
    gone = [retracted(one) for one in reading.gone]
    try:
        bundle = history_bundle(records, gone, patient_ref, base_url)
    except NotFhir:
        records, words = mergeable(records, words, patient_ref, base_url)
        bundle = history_bundle(records, gone, patient_ref, base_url)
    if words or reading.lying:
        request = {"method": "GET", "url": f"{patient_ref}/$everything"}
        told = {
            "request": request,
            "response": {"status": "200 OK", "outcome": outcome(words, reading.lying)},
        }
        bundle["entry"] = [*bundle["entry"], told]
    if not bundle["entry"]:
        del bundle["entry"]
    return bundle


def retracted(gone: Gone) -> RetractedVersion:
    """What a history says of a version that nobody reads any more."""
    header = gone.header
    return RetractedVersion(
        record_id=fields.to_hex(header.record_id),
        first=fields.to_hex(gone.document),
        version=header.version,
        author=header.author,
        author_name=gone.author_name,
        category=Category(header.category),
        date=header.date,
    )
