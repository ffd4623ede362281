"""All versions of a patient's records as one Bundle of type history (R4 bundle.html, http.html#history): each version of a record
is a version of one Bundle resource."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from consentry.domain.categories import Category
from consentry.fhir.identity import scoped_id
from consentry.fhir.jsontext import Json
from consentry.fhir.merge import AUTHOR_TAG, CATEGORY_TAG, RECORD_TAG, OpenedRecord, labels, resources

STANDING_TAG = "urn:consentry:standing"


@dataclass(frozen=True)
class RetractedVersion:
    """A version that nobody can read any more. Ids as `OpenedRecord` has them."""

    record_id: str
    first: str
    version: int
    author: str
    author_name: str
    category: Category
    date: str


def history(
    records: Iterable[OpenedRecord], gone: Iterable[RetractedVersion], patient_ref: str, base_url: str
) -> dict[str, Json]:
    """Documents by date, the latest first, and the versions of each, the newest first. Retracted ones are deletions.

    Raises NotFhir if a record's content is not what `split` makes.
    """
    base = base_url.rstrip("/")
    versions: list[OpenedRecord | RetractedVersion] = [*records, *gone]
    latest: dict[str, str] = {}
    for one in versions:
        latest[one.first] = max(one.date, latest.get(one.first, ""))
    versions.sort(key=lambda one: (latest[one.first], one.first, one.version, one.record_id), reverse=True)
    return {
        "resourceType": "Bundle",
        "type": "history",
        "total": len(versions),
        "link": [{"relation": "self", "url": f"{base}/{patient_ref}/$everything?_history=true"}],
        "entry": [_entry(one, patient_ref, base) for one in versions],
    }


def _entry(one: OpenedRecord | RetractedVersion, patient_ref: str, base: str) -> dict[str, Json]:
    name = f"Bundle/{scoped_id(one.author, one.first)}"
    etag = f'W/"{one.version}"'
    if isinstance(one, RetractedVersion):
        said = [
            {"url": AUTHOR_TAG, "valueString": one.author_name},
            {"url": CATEGORY_TAG, "valueCode": str(one.category)},
            {"url": RECORD_TAG, "valueUri": f"{RECORD_TAG}:{one.record_id}"},
            {"url": STANDING_TAG, "valueCode": "retracted"},
        ]
        request = {"method": "DELETE", "url": name}
        response = {"status": "204 No Content", "etag": etag, "extension": said}
        return {"fullUrl": f"{base}/{name}", "request": request, "response": response}
    first = one.version == 1
    return {
        "fullUrl": f"{base}/{name}",
        "resource": _bundle(one, name.rpartition("/")[2], patient_ref, base),
        "request": {"method": "POST", "url": "Bundle"} if first else {"method": "PUT", "url": name},
        "response": {"status": "201 Created" if first else "200 OK", "etag": etag},
    }


def _bundle(record: OpenedRecord, name: str, patient_ref: str, base: str) -> dict[str, Json]:
    meta = labels(record, {})
    standing = {"system": STANDING_TAG, "code": "replaced" if record.replaced else "current"}
    meta["tag"] = [*meta["tag"], standing]
    rows = []
    for resource in resources(record, patient_ref):
        if resource["resourceType"] == "Patient":
            resource["id"] = patient_ref.rpartition("/")[2]
        url = f"{base}/{resource['resourceType']}/{resource['id']}"
        rows.append({"fullUrl": url, "resource": resource})
    return {"resourceType": "Bundle", "id": name, "meta": meta, "type": "collection", "entry": rows}
