"""The versions of one resource among opened records (R4 http.html#history)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from consentry.fhir.history import RetractedVersion
from consentry.fhir.jsontext import Json
from consentry.fhir.merge import OpenedRecord, labels, resources

CREATED, CHANGED, DELETED = "POST", "PUT", "DELETE"


@dataclass(frozen=True)
class Version:
    """`method` says how it came about; a deleted one has no resource."""

    version: int
    method: str
    resource: dict[str, Json] | None = None


def versions(
    records: Iterable[OpenedRecord], gone: Iterable[RetractedVersion], patient_ref: str, name: str
) -> list[Version]:
    """The resource `Type/id` in each record that holds it, the newest first, and the versions of its document that were
    retracted, whatever they held. The first version is a POST, others are PUTs. Raises NotFhir."""
    found: list[tuple[OpenedRecord, dict[str, Json]]] = [
        (record, {**resource, "meta": labels(record, resource.get("meta", {}))})
        for record in records
        for resource in resources(record, patient_ref)
        if f"{resource['resourceType']}/{resource['id']}" == name
    ]
    found.sort(key=lambda pair: (pair[0].version, pair[0].date, pair[0].record_id), reverse=True)
    documents = {(record.author, record.first) for record, _ in found}
    told = [
        Version(record.version, CREATED if record.version == 1 else CHANGED, resource)
        for record, resource in found
    ]
    told += [Version(one.version, DELETED) for one in gone if (one.author, one.first) in documents]
    return sorted(told, key=lambda one: one.version, reverse=True)
