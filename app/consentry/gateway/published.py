"""What became of a publication, as a FHIR Bundle (R4 bundle.html#transaction-response)."""

from __future__ import annotations

from typing import Any

from consentry.domain import fields
from consentry.fhir.merge import RECORD_TAG, OpenedRecord, labels, resources
from consentry.ports.versions import Standing
from consentry.services.publish import Published, PublishedRecord
from consentry.services.sign_in import Site

BESIDE = (
    "This record stays, beside what was published now.",
    "It holds an earlier state of something in the Bundle, and something else that the Bundle does not hold. "
    "Name it in X-Consentry-Replaces if the Bundle takes its place.",
)


def transaction_response(published: Published) -> dict[str, Any]:
    """One entry a record: 201 for a new one, 200 for one that had been published before, 202 for one that waits (D-9); then
    204 for each former record that was retracted, as nothing that its readers may see follows it (D-15), and 304 for each that
    stays although something of it was published anew (D-13)."""
    waiting = sum(one.waiting for one in published.records)
    return {
        "resourceType": "Bundle",
        "type": "transaction-response",
        "entry": [
            *({"response": _response(one, waiting)} for one in published.records),
            *({"response": _former(one, Standing.RETRACTED)} for one in published.retracted),
            *({"response": _former(one, Standing.CURRENT)} for one in published.beside),
        ],
    }


def _response(record: PublishedRecord, waiting: int) -> dict[str, Any]:
    if record.waiting:
        status: dict[str, Any] = {"status": "202 Accepted", "outcome": _waits(waiting)}
    else:
        status = {"status": "201 Created" if record.created else "200 OK"}
    return {
        **status,
        "location": _uri(record.record_id),
        "etag": f'W/"{record.version}"',
        "extension": labels_of(record),
    }


def labels_of(record: PublishedRecord) -> list[dict[str, Any]]:
    """Extensions that say where a record went, what it replaces and what has become of it."""
    extensions: list[dict[str, Any]] = [
        {"url": "urn:consentry:category", "valueCode": str(record.category)},
        {"url": "urn:consentry:confidentiality", "valueCode": str(record.confidentiality)},
        {"url": "urn:consentry:standing", "valueCode": str(record.standing)},
    ]
    if record.replaces is not None:
        extensions.append({"url": "urn:consentry:replaces", "valueUri": _uri(record.replaces)})
    return extensions


def _former(record_id: bytes, standing: Standing) -> dict[str, Any]:
    told: dict[str, Any] = {
        "location": _uri(record_id),
        "extension": [{"url": "urn:consentry:standing", "valueCode": str(standing)}],
    }
    if standing is Standing.RETRACTED:
        return told | {"status": "204 No Content"}
    return told | {"status": "304 Not Modified", "outcome": _outcome(*BESIDE)}


def _uri(record_id: bytes) -> str:
    return f"{RECORD_TAG}:{fields.to_hex(record_id)}"


def _waits(records: int) -> dict[str, Any]:
    what = "1 record waits" if records == 1 else f"{records} records wait"
    return _outcome(
        f"{what} for the patient's directory.",
        "Kept encrypted by this gateway; filed and anchored by itself once the directory is open.",
    )


def _outcome(text: str, diagnostics: str) -> dict[str, Any]:
    issue = {
        "severity": "information",
        "code": "informational",
        "details": {"text": text},
        "diagnostics": diagnostics,
    }
    return {"resourceType": "OperationOutcome", "issue": [issue]}


def shown(
    record: PublishedRecord, kind: str, name: str, patient_ref: str, site: Site, anchored_at: str = ""
) -> dict[str, Any]:
    """A resource of a record, as its readers will see it; `anchored_at` (`YYYY-MM-DDThh:mm:ssZ`) is empty if it was not just
    now."""
    opened = OpenedRecord(
        record_id=fields.to_hex(record.record_id),
        author=site.member,
        author_name=site.member_name,
        category=record.draft.category,
        confidentiality=record.draft.confidentiality,
        date=record.draft.date,
        content=record.draft.content,
        version=record.version,
        document=fields.to_hex(record.first),
        anchored_at=anchored_at,
    )
    (found,) = (
        one for one in resources(opened, patient_ref) if (one["resourceType"], one["id"]) == (kind, name)
    )
    return {**found, "meta": labels(opened, found.get("meta", {}))}
