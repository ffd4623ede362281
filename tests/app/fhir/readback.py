"""Comparing what was published with what lies in the records."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from consentry.fhir import tree
from consentry.fhir.identity import PATIENT_URN, local_id
from consentry.fhir.split import RecordDraft
from consentry.fhir.validate import ValidBundle

Resource = dict[str, Any]


def resources(draft: RecordDraft) -> list[Resource]:
    """Everything inside a record."""
    return [row["resource"] for row in json.loads(draft.content, parse_float=Decimal)["entry"]]


def homes(drafts: tuple[RecordDraft, ...], identity: str) -> list[tuple[RecordDraft, Resource]]:
    """The records that hold a resource, with what it became there."""
    return [
        (draft, found) for draft in drafts for found in resources(draft) if found["id"] == local_id(identity)
    ]


def without_rewritten(resource: Resource) -> Resource:
    """The resource less `id`, `meta` and every reference, with what holds nothing else (F-3)."""
    kept = {key: value for key, value in resource.items() if key not in ("id", "meta")}
    contained = [found for found in kept.pop("contained", []) if found["resourceType"] != "Patient"]
    stripped = tree.rewrite(
        kept, lambda _element, _found: None, lambda url: None if url.startswith("urn:uuid:") else url
    )
    return {**stripped, "contained": contained}


def dangling(draft: RecordDraft) -> list[str]:
    """Literal references of a record that are neither to the patient, nor inside it, nor contained."""
    inside = {f"urn:uuid:{found['id']}" for found in resources(draft)}
    literals = [
        found["reference"]
        for one in resources(draft)
        for _, found in tree.references(one)
        if "reference" in found
    ]
    return [
        text for text in literals if text != PATIENT_URN and text not in inside and not text.startswith("#")
    ]


def names(bundle: ValidBundle) -> dict[str, str]:
    """id of each entry → its identity."""
    return {entry.resource["id"]: entry.identity for entry in bundle.entries if "id" in entry.resource}
