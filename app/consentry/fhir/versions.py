"""The versions of one resource among opened records (R4 http.html#history)."""

from __future__ import annotations

from collections.abc import Iterable

from consentry.fhir.jsontext import Json
from consentry.fhir.merge import OpenedRecord, labels, resources

CREATED, CHANGED = "POST", "PUT"


def versions(
    records: Iterable[OpenedRecord], patient_ref: str, name: str
) -> list[tuple[dict[str, Json], str]]:
    """The resource `Type/id` in each record that holds it, the newest first, each with how it came about: its first version
    that was found by POST, the others by PUT. A supporting resource is as new as its record. Raises NotFhir."""
    found: list[tuple[OpenedRecord, dict[str, Json]]] = [
        (record, {**resource, "meta": labels(record, resource.get("meta", {}))})
        for record in records
        for resource in resources(record, patient_ref)
        if f"{resource['resourceType']}/{resource['id']}" == name
    ]
    found.sort(key=lambda pair: (pair[0].version, pair[0].date, pair[0].record_id), reverse=True)
    return [
        (resource, CREATED if place == len(found) - 1 else CHANGED)
        for place, (_, resource) in enumerate(found)
    ]
