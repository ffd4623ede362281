"""What became of a publication, as a FHIR Bundle (R4 bundle.html#transaction-response)."""

from __future__ import annotations

from typing import Any

from consentry.domain import fields
from consentry.fhir.merge import RECORD_TAG
from consentry.ports.versions import Standing
from consentry.services.publish import Published, PublishedRecord


def transaction_response(published: Published) -> dict[str, Any]:
    """One entry a record: 201 for a new one, 200 for one that had been published before, 202 for one that waits (D-9); then
    204 for each former record that was retracted, as nothing that its readers may see follows it (D-15)."""
    waiting = sum(one.waiting for one in published.records)
    return {
        "resourceType": "Bundle",
        "type": "transaction-response",
        "entry": [
            *({"response": _response(one, waiting)} for one in published.records),
            *({"response": _retracted(one)} for one in published.retracted),
        ],
    }


def _response(record: PublishedRecord, waiting: int) -> dict[str, Any]:
    if record.waiting:
        status: dict[str, Any] = {"status": "202 Accepted", "outcome": _waits(waiting)}
    else:
        status = {"status": "201 Created" if record.created else "200 OK"}
    extensions: list[dict[str, Any]] = [
        {"url": "urn:consentry:category", "valueCode": str(record.category)},
        {"url": "urn:consentry:confidentiality", "valueCode": str(record.confidentiality)},
        {"url": "urn:consentry:standing", "valueCode": str(record.standing)},
    ]
    if record.replaces is not None:
        extensions.append({"url": "urn:consentry:replaces", "valueUri": _uri(record.replaces)})
    return {
        **status,
        "location": _uri(record.record_id),
        "etag": f'W/"{record.version}"',
        "extension": extensions,
    }


def _retracted(record_id: bytes) -> dict[str, Any]:
    standing = {"url": "urn:consentry:standing", "valueCode": str(Standing.RETRACTED)}
    return {"status": "204 No Content", "location": _uri(record_id), "extension": [standing]}


def _uri(record_id: bytes) -> str:
    return f"{RECORD_TAG}:{fields.to_hex(record_id)}"


def _waits(records: int) -> dict[str, Any]:
    what = "1 record waits" if records == 1 else f"{records} records wait"
    issue = {
        "severity": "information",
        "code": "informational",
        "details": {"text": f"{what} for the patient's directory."},
        "diagnostics": "Kept encrypted by this gateway; filed and anchored by itself once the directory is open.",
    }
    return {"resourceType": "OperationOutcome", "issue": [issue]}
