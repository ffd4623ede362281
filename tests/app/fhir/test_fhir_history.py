"""All versions as a Bundle of type history (D-14, G-12)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle

from consentry.domain.categories import Category, Confidentiality
from consentry.errors import NotFhir
from consentry.fhir.history import RetractedVersion, history
from consentry.fhir.merge import OpenedRecord, everything

FIRST, SECOND, OTHER = ("0x" + digit * 64 for digit in "abc")


def content(value: float) -> bytes:
    subject = {"reference": "urn:consentry:patient"}
    observation = {
        "resourceType": "Observation",
        "id": "o",
        "status": "final",
        "code": {"text": "x"},
        "subject": subject,
    }
    observation |= {"valueQuantity": {"value": value}}
    patient = {"resourceType": "Patient", "id": "q", "gender": "female"}
    rows = [{"fullUrl": f"urn:uuid:{one['id']}", "resource": one} for one in (observation, patient)]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": rows}).encode()


def opened(record_id: str, version: int, **more: Any) -> OpenedRecord:
    return OpenedRecord(
        record_id=record_id,
        author="0x" + "1" * 40,
        author_name="Mercy Hospital",
        category=Category.LABORATORY,
        confidentiality=Confidentiality.NORMAL,
        date="2026-05-04T08:00:00Z",
        content=more.pop("content", content(float(version))),
        version=version,
        **more,
    )


RETRACTED = RetractedVersion(
    OTHER, OTHER, 1, "0x" + "1" * 40, "Mercy Hospital", Category.PROBLEM, "2026-06-01T00:00:00Z"
)


def test_history_is_valid_r4_with_one_name_for_all_versions() -> None:
    """G-12: the latest document first, of each the newest version first; deletions have no resource."""
    versions = [opened(FIRST, 1, replaced=True), opened(SECOND, 2, document=FIRST)]
    told = history(versions, [RETRACTED], "Patient/alice", "https://gw.test/fhir")
    Bundle.model_validate(told)
    gone, second, first = told["entry"]
    assert (gone["request"]["method"], second["request"]["method"], first["request"]["method"]) == (
        "DELETE",
        "PUT",
        "POST",
    )
    assert "resource" not in gone and second["fullUrl"] == first["fullUrl"] != gone["fullUrl"]
    assert [one["resource"]["meta"]["versionId"] for one in (second, first)] == ["2", "1"]
    standings = [one["resource"]["meta"]["tag"][-1]["code"] for one in (second, first)]
    assert standings == ["current", "replaced"]
    inside = {one["resource"]["resourceType"]: one["resource"] for one in second["resource"]["entry"]}
    assert inside["Patient"]["id"] == "alice"
    assert inside["Observation"]["subject"] == {"reference": "Patient/alice"}
    assert told == history(versions[::-1], [RETRACTED], "Patient/alice", "https://gw.test/fhir")


def test_resource_keeps_its_id_from_version_to_version() -> None:
    """D-14."""
    ids = [
        everything([one], "Patient/alice", "https://gw.test/fhir")["entry"][1]["resource"]["id"]
        for one in (opened(FIRST, 1), opened(SECOND, 2, document=FIRST), opened(OTHER, 1))
    ]
    assert ids[0] == ids[1] != ids[2]


def test_history_refuses_content_that_is_no_record() -> None:
    with pytest.raises(NotFhir):
        history(
            [opened(FIRST, 1, content=b'{"resourceType":"Bundle"}')],
            [],
            "Patient/alice",
            "https://gw.test/fhir",
        )
