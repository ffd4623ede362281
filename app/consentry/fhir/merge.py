"""Opened records as one searchset (R4 patient-operation-everything.html): the inverse of `split` for a
reader."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from consentry.domain.categories import Category, Confidentiality
from consentry.errors import NotFhir, NotJson
from consentry.fhir import jsontext, tables, tree
from consentry.fhir.classify import CONFIDENTIALITY
from consentry.fhir.identity import PATIENT_URN, scoped_id
from consentry.fhir.jsontext import Json
from consentry.fhir.validate import MAX_DEPTH

AUTHOR_TAG = "urn:consentry:author"
CATEGORY_TAG = "urn:consentry:category"
RECORD_TAG = "urn:consentry:record"
DATE_TAG = "urn:consentry:record-date"
_TAGS = (AUTHOR_TAG, CATEGORY_TAG, RECORD_TAG, DATE_TAG)
LEVEL = "urn:consentry:level"
PATIENT_LEVEL = 3


@dataclass(frozen=True)
class Receipt:
    """What a keeper wrote before it gave its share: its account, the receipt's number and Merkle value (`0x` and hex)."""

    keeper: str
    seq: int
    value: str


@dataclass(frozen=True)
class OpenedRecord:
    """A record after decryption. `record_id` is 32 bytes as `0x` and hex, `author` the author's address as
    text, `author_name` its registered name, `date` the header's, `content` the bytes that `split` made; `version` and
    `document` (the id of its first version, if another) number the versions of one document, `replaced` says that a later
    one is known. `anchored_at` is when it came on chain (`YYYY-MM-DDThh:mm:ssZ`), empty if that is not known."""

    record_id: str
    author: str
    author_name: str
    category: Category
    confidentiality: Confidentiality
    date: str
    content: bytes
    version: int = 1
    document: str = ""
    replaced: bool = False
    level: int = PATIENT_LEVEL
    anchored_at: str = ""
    replaces: str = ""
    receipts: tuple[Receipt, ...] = ()

    @property
    def first(self) -> str:
        """The id that all versions of the document share."""
        return self.document or self.record_id


@dataclass(frozen=True)
class Row:
    """A resource with the record that it comes from, under its id towards readers."""

    record: OpenedRecord
    resource: dict[str, Json]

    @property
    def name(self) -> str:
        return f"{self.resource['resourceType']}/{self.resource['id']}"

    @property
    def supporting(self) -> bool:
        return tables.resource_types()[self.resource["resourceType"]].role == "supporting"


def everything(records: Iterable[OpenedRecord], patient_ref: str, base_url: str) -> dict[str, Json]:
    """A Bundle of type searchset, equal for equal records in any order. Write it with `jsontext.write`.

    `patient_ref` (`Patient/<id>`) is how this gateway calls the person; the Patient resource comes first,
    with what records say of sex, birth date and death. Then resources by date, record, type and id;
    supporting ones once each, as `search.mode` include; `total` counts the others. Each says in meta who
    wrote it (source, tags) and how confidential its record is. Raises NotFhir if a record's content is not
    what `split` makes.
    """
    patient, found = rows(records, patient_ref)
    entries = [_entry(base_url, patient_ref, patient, "match")]
    entries += [
        _entry(base_url, row.name, row.resource, "include" if row.supporting else "match") for row in found
    ]
    return {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": sum(entry["search"]["mode"] == "match" for entry in entries),
        "link": [{"relation": "self", "url": f"{base_url.rstrip('/')}/{patient_ref}/$everything"}],
        "entry": entries,
    }


def rows(records: Iterable[OpenedRecord], patient_ref: str) -> tuple[dict[str, Json], list[Row]]:
    """The Patient, and every other resource once, labelled, in the order of `everything`. Raises NotFhir."""
    found: dict[str, Row] = {}
    demographics: dict[str, Json] = {}
    for record in sorted(records, key=lambda one: (one.date, one.record_id)):
        for resource in resources(record, patient_ref):
            if resource["resourceType"] == "Patient":
                demographics |= {key: value for key, value in resource.items() if key not in ("id", "meta")}
            else:
                # copies of a supporting resource: the latest record's counts
                row = Row(record, {**resource, "meta": labels(record, resource.get("meta", {}))})
                found[row.name] = row
    patient = {"resourceType": "Patient", **demographics, "id": patient_ref.rpartition("/")[2]}
    ordered = sorted(
        found.values(), key=lambda row: (row.supporting, row.record.date, row.record.record_id, row.name)
    )
    return patient, ordered


def _entry(base_url: str, key: str, resource: dict[str, Json], mode: str) -> dict[str, Json]:
    return {"fullUrl": f"{base_url.rstrip('/')}/{key}", "resource": resource, "search": {"mode": mode}}


def _id(record: OpenedRecord, resource: dict[str, Json]) -> str:
    return reader_id(resource["resourceType"], record.author, record.first, resource["id"])


def reader_id(kind: str, author: str, first: str, local: str) -> str:
    """The id towards readers. A clinical resource is in one document, and keeps its id in all versions of it: two documents that
    use one id hold two resources, and both are shown. `first` is the record id of the document's first version, `local` the id
    inside the record."""
    shared = tables.is_context(kind)
    return scoped_id(author if shared else f"{author}/{first}", local)


def _key(record: OpenedRecord, resource: dict[str, Json]) -> str:
    return f"{resource['resourceType']}/{_id(record, resource)}"


def resources(record: OpenedRecord, patient_ref: str) -> list[dict[str, Json]]:
    """What a record holds, under ids of its own towards readers. Raises NotFhir."""
    try:
        bundle = jsontext.read(record.content, max_depth=MAX_DEPTH + 8)
        held = [row["resource"] for row in bundle["entry"]]
        if not all(_has_form(one) for one in held):
            raise NotFhir("A record holds what is no resource.")
        unknown = {one["resourceType"] for one in held} - tables.resource_types().keys()
        if unknown:
            raise NotFhir("A record holds a type that is never published.")
        names = {f"urn:uuid:{one['id']}": _key(record, one) for one in held}
    except (KeyError, NotJson, TypeError):
        raise NotFhir("A record does not hold what Consentry publishes.") from None
    names[PATIENT_URN] = patient_ref

    def reference(_element: str, found: dict[str, Json]) -> dict[str, Json]:
        literal = found.get("reference")
        return {**found, "reference": names.get(literal, literal)} if isinstance(literal, str) else found

    def url(found: str) -> str:
        return names.get(found, found)

    rewritten = []
    for resource in held:
        new = tree.rewrite(resource, reference, url)
        new["id"] = _id(record, resource)
        rewritten.append(new)
    return rewritten


def _has_form(resource: Json) -> bool:
    """What the rest here relies on, whatever an author sealed."""
    if not isinstance(resource, dict) or not isinstance(resource.get("id"), str):
        return False
    meta = resource.get("meta", {})
    if not isinstance(meta, dict):
        return False
    codings = [meta.get(name, []) for name in ("security", "tag")]
    return all(isinstance(one, list) and all(isinstance(each, dict) for each in one) for one in codings)


def labels(record: OpenedRecord, own: dict[str, Json]) -> dict[str, Json]:
    """`meta` of what a record holds: who wrote it, which version of which record it is, of which date, how confidential
    that is, and since when it is on chain."""
    replaced = (CONFIDENTIALITY, LEVEL)
    others = [label for label in own.get("security", ()) if label.get("system") not in replaced]
    return {
        **own,
        **({"lastUpdated": record.anchored_at} if record.anchored_at else {}),
        "versionId": str(record.version),
        "security": [
            *others,
            {"system": CONFIDENTIALITY, "code": str(record.confidentiality)},
            {"system": LEVEL, "code": str(record.level)},
        ],
        "tag": [
            *(tag for tag in own.get("tag", ()) if tag.get("system") not in _TAGS),
            {"system": AUTHOR_TAG, "code": record.author, "display": record.author_name},
            {"system": CATEGORY_TAG, "code": str(record.category)},
            {"system": RECORD_TAG, "code": record.record_id},
            {"system": DATE_TAG, "code": record.date},
        ],
        "source": f"{RECORD_TAG}:{record.record_id}",
    }


def unlabelled(meta: dict[str, Json]) -> dict[str, Json]:
    """`meta` without what `labels` says of the record, but for how confidential that is."""
    kept = {key: value for key, value in meta.items() if key not in ("versionId", "lastUpdated")}
    if str(kept.get("source", "")).startswith(f"{RECORD_TAG}:"):
        del kept["source"]
    for element, systems in (("tag", _TAGS), ("security", (LEVEL,))):
        if isinstance(found := kept.get(element), list):
            others = [one for one in found if not (isinstance(one, dict) and one.get("system") in systems)]
            kept = {key: value for key, value in kept.items() if key != element}
            kept |= {element: others} if others or not found else {}
    return kept
