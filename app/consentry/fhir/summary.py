"""The emergency summary of one author for one patient: what matters first, out of that author's current records (E-19, E-20).

A document like the International Patient Summary (LOINC 60591-5): allergies, medication, problems and devices that hold now.
Directives and contacts are records of category `emergency` themselves and are not repeated. A section for which the author
has nothing says that it has nothing, never that there is nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cache, cached_property
from itertools import groupby
from typing import Any, Final

from consentry.domain.categories import SENSITIVE, Category, Confidentiality, stricter_confidentiality
from consentry.fhir import departments, jsontext, tables, tree
from consentry.fhir.classify import PATIENT_LEVEL
from consentry.fhir.identity import PATIENT_URN, local_id
from consentry.fhir.jsontext import Json
from consentry.fhir.split import RecordDraft

LOINC: Final = "http://loinc.org"
_EMPTY: Final = "http://terminology.hl7.org/CodeSystem/list-empty-reason"
_NEVER: Final = frozenset(("refuted", "entered-in-error"))
_SECTIONS: Final = (
    ("48765-2", "Allergies and intolerances", ("AllergyIntolerance",)),
    ("10160-0", "Medication", ("MedicationRequest", "MedicationStatement")),
    ("11450-4", "Problems", ("Condition",)),
    ("46264-8", "Devices", ("DeviceUseStatement", "Device")),
)
MAIN: Final = frozenset(kind for _, _, kinds in _SECTIONS for kind in kinds)
_WANTED: Final = MAIN | {"Patient"}
_HOLDS: Final[Mapping[str, frozenset[str]]] = {
    "AllergyIntolerance": frozenset(("active",)),
    "Condition": frozenset(("active", "recurrence", "relapse")),
    "MedicationRequest": frozenset(("active", "on-hold")),
    "MedicationStatement": frozenset(("active", "intended", "on-hold", "unknown")),
    "DeviceUseStatement": frozenset(("active", "intended", "on-hold")),
    "Device": frozenset(("active", "unknown")),
}


@dataclass(frozen=True)
class Source:
    """What one current record says that may matter in an emergency: resources as `split` wrote them, with those that they
    refer to. `said`: of each resource a digest of its statement, whatever it is called (hex)."""

    category: Category
    confidentiality: Confidentiality
    date: str
    resources: tuple[dict[str, Json], ...]
    said: tuple[str, ...] = field(compare=False)

    @property
    def sensitive(self) -> bool:
        """Whether it takes the patient's own word to show it in an emergency."""
        return self.category in SENSITIVE or self.confidentiality is not Confidentiality.NORMAL

    @cached_property
    def written(self) -> bytes:
        """Canonical JSON: of two sources the order that follows from what they say."""
        return jsontext.write({one.name: getattr(self, one.name) for one in fields(self)})

    @classmethod
    def read(cls, written: bytes) -> Source:
        """From what `written` gave, and would give again: kept by this author, sealed under its own key."""
        made = cls.from_json(jsontext.read_written(written))
        vars(made)["written"] = written
        return made

    @classmethod
    def from_json(cls, obj: dict[str, Any]) -> Source:
        """As authors kept it before there was `said`, too."""
        grade, resources = Confidentiality(obj["confidentiality"]), tuple(obj["resources"])
        said = tuple(obj["said"]) if "said" in obj else tuple(map(_said, resources))
        return cls(Category(obj["category"]), grade, obj["date"], resources, said)


def source_of(draft: RecordDraft) -> Source | None:
    """What a record has for the summary, if anything."""
    if draft.category is Category.EMERGENCY or _WANTED.isdisjoint(kind for kind, _ in draft.resource_types):
        return None
    rows = [row["resource"] for row in jsontext.read_written(draft.content)["entry"]]
    wanted = [one for one in rows if one["resourceType"] in _WANTED]
    by_name = {f"urn:uuid:{one['id']}": one for one in rows}
    held = tuple(_with_needed(wanted, by_name))
    return Source(draft.category, draft.confidentiality, draft.date, held, tuple(map(_said, held)))


def _with_needed(
    wanted: list[dict[str, Json]], by_name: Mapping[str, dict[str, Json]]
) -> list[dict[str, Json]]:
    """These, and the products that they mean: a prescription without its medicine tells nothing."""
    found = {f"urn:uuid:{one['id']}": one for one in wanted}
    waiting = list(wanted) if any(map(_is_product, by_name.values())) else []
    while waiting:
        for _, reference in tree.references(waiting.pop()):
            name = str(reference.get("reference"))
            target = by_name.get(name)
            if name not in found and target is not None and _is_product(target):
                found[name] = target
                waiting.append(target)
    return list(found.values())


def _is_product(resource: dict[str, Json]) -> bool:
    return resource["resourceType"] in ("Medication", "Substance", "Device")


def compose(sources: Iterable[Source], *, with_sensitive: bool) -> RecordDraft | None:
    """The summary record, or None if nothing in these sources holds now. Equal sources in any order give equal bytes.

    `with_sensitive`: the patient wants sources of sensitive or restricted records in it (E-20).
    """
    chosen = _in_order(one for one in sources if with_sensitive or not one.sensitive)
    latest: dict[tuple[str, str], tuple[dict[str, Json], Source, str]] = {}
    for source in chosen:
        for resource, said in zip(source.resources, source.said, strict=True):
            latest[resource["resourceType"], resource["id"]] = (resource, source, said)
    main = list(_distinct(one for one in latest.values() if _holds(one[0])))
    if not main:
        return None
    patients = [resource for resource, *_ in latest.values() if resource["resourceType"] == "Patient"]
    products = [resource for resource, *_ in latest.values() if _is_product(resource)]
    inside = _needed([resource for resource, _ in main], products)
    names = {f"urn:uuid:{one['id']}": f"urn:uuid:{_new_id(one)}" for one in inside}
    rows = [_rewritten(one, names) for one in (*inside, *patients[-1:])]
    date = max(source.date for _, source in main)
    composition = _composition(rows, date)
    grade = Confidentiality.NORMAL
    for _, source in main:
        grade = stricter_confidentiality(grade, source.confidentiality)
    held = sorted((composition, *rows), key=lambda one: (one["resourceType"], one["id"]))
    entries = [{"fullUrl": f"urn:uuid:{one['id']}", "resource": one} for one in held]
    content = jsontext.write({"resourceType": "Bundle", "type": "collection", "entry": entries})
    kinds = [one["resourceType"] for one in held]
    return RecordDraft(
        category=Category.EMERGENCY,
        level=PATIENT_LEVEL,
        confidentiality=grade,
        department=departments.ANY,
        date=date,
        content=content,
        resource_types=tuple(sorted((kind, kinds.count(kind)) for kind in set(kinds))),
    )


def _in_order(sources: Iterable[Source]) -> Iterator[Source]:
    """By date; those of one date in an order that follows from what they say."""
    by_date = sorted(sources, key=lambda one: one.date)
    for _, of_one_date in groupby(by_date, key=lambda one: one.date):
        these = list(of_one_date)
        yield from these if len(these) == 1 else sorted(these, key=lambda one: one.written)


def _holds(resource: dict[str, Json]) -> bool:
    """Whether it is so now, as far as its author says; a missing status counts as holding, a missing item may kill."""
    kind = resource["resourceType"]
    if kind not in MAIN or _codes(resource.get("verificationStatus")) & _NEVER:
        return False
    status = _codes(resource.get("clinicalStatus")) or {str(resource.get("status", ""))} - {""}
    return not status or bool(status & _HOLDS[kind])


def _codes(concept: Json) -> set[str]:
    return {str(one.get("code")) for one in tree.at(concept, "coding") if isinstance(one, dict)}


def _distinct(
    found: Iterable[tuple[dict[str, Json], Source, str]],
) -> Iterator[tuple[dict[str, Json], Source]]:
    """Each statement once, though several visits repeat it under new ids."""
    seen: set[str] = set()
    for resource, source, said in found:
        if said not in seen:
            seen.add(said)
            yield resource, source


def _said(resource: dict[str, Json]) -> str:
    said = {key: value for key, value in resource.items() if key not in ("id", "meta", "text")}
    return hashlib.sha256(jsontext.write(said)).hexdigest()


def _needed(main: Sequence[dict[str, Json]], products: Sequence[dict[str, Json]]) -> list[dict[str, Json]]:
    by_name = {f"urn:uuid:{one['id']}": one for one in (*products, *main)}
    return _with_needed(list(main), by_name)


def _new_id(resource: dict[str, Json]) -> str:
    """Another one than in the record that it is from: no record refers to another (F-2)."""
    return local_id(f"emergency-summary {resource['resourceType']} {resource['id']}")


def _rewritten(resource: dict[str, Json], names: Mapping[str, str]) -> dict[str, Json]:
    """With ids of the summary's own; references to what is not in it go."""
    supporting = _supporting()

    def reference(_element: str, found: dict[str, Json]) -> dict[str, Json] | None:
        literal = found.get("reference")
        if literal is None:
            return found if found.get("type") in (None, *supporting) else None
        if literal == PATIENT_URN or str(literal).startswith("#"):
            return found
        return {**found, "reference": names[literal]} if literal in names else None

    def url(found: str) -> str | None:
        return None if found.startswith("urn:uuid:") else found

    new: dict[str, Json] = tree.rewrite(resource, reference, url)
    return {**new, "id": _new_id(resource)}


@cache
def _supporting() -> frozenset[str]:
    return frozenset(name for name, kind in tables.resource_types().items() if kind.role == "supporting")


def _composition(rows: Sequence[dict[str, Json]], date: str) -> dict[str, Json]:
    return {
        "resourceType": "Composition",
        "id": local_id("emergency-summary Composition"),
        "status": "final",
        "type": {"coding": [{"system": LOINC, "code": "60591-5", "display": "Patient summary Document"}]},
        "subject": {"reference": PATIENT_URN},
        "date": date,
        "author": [{"display": "Composed from this author's current records"}],
        "title": "Emergency summary",
        "section": [_section(code, title, kinds, rows) for code, title, kinds in _SECTIONS],
    }


def _section(
    code: str, title: str, kinds: tuple[str, ...], rows: Sequence[dict[str, Json]]
) -> dict[str, Json]:
    entries = sorted(f"urn:uuid:{one['id']}" for one in rows if one["resourceType"] in kinds)
    section: dict[str, Json] = {"title": title, "code": {"coding": [{"system": LOINC, "code": code}]}}
    if entries:
        return section | {"entry": [{"reference": one} for one in entries]}
    return section | {"emptyReason": {"coding": [{"system": _EMPTY, "code": "unavailable"}]}}
