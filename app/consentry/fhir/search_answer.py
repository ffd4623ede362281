"""What a search gives out of a patient's opened records (R4 search.html §3.1.1.5 to §3.1.1.7): matches, and what comes along."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from consentry.domain.categories import Category
from consentry.fhir.jsontext import Json
from consentry.fhir.merge import CATEGORY_TAG, OpenedRecord, Row, rows
from consentry.fhir.provenance import provenance
from consentry.fhir.search_match import in_order, matches, targets
from consentry.fhir.search_query import Search, TokenTest
from consentry.fhir.search_results import Shape
from consentry.fhir.search_subset import subset

MATCH, INCLUDE, OUTCOME = "match", "include", "outcome"
Allows = Callable[[str], bool]


@dataclass(frozen=True)
class Item:
    """A resource of an answer with its record, None for the Patient; `whole` unless elements were left out."""

    resource: dict[str, Json]
    record: OpenedRecord | None
    whole: bool = True

    @property
    def name(self) -> str:
        return f"{self.resource['resourceType']}/{self.resource['id']}"


@dataclass(frozen=True)
class Answer:
    """`items` are all that was read, and what was made for this answer; `pages` name them by place, with their modes."""

    items: tuple[Item, ...]
    total: int
    pages: tuple[tuple[tuple[int, str], ...], ...]


def answer(search: Search, records: Iterable[OpenedRecord], patient_ref: str, allows: Allows) -> Answer:
    """The pages of a search. `allows` says of a type whether the caller may be given it at all. Raises NotFhir."""
    patient, found = rows(records, patient_ref)
    if search.type == "Provenance" or search.shape.provenance:
        found += _provenances(found, patient_ref)
    items = [Item(patient, None), *(Item(row.resource, row.record) for row in found)]
    items = [one for one in items if allows(one.resource["resourceType"])]
    places = {one.name: place for place, one in enumerate(items)}
    witnesses: dict[str, list[int]] = {}
    for place, one in enumerate(items if search.shape.provenance else ()):
        if one.record is not None and one.resource["resourceType"] == "Provenance":
            witnesses.setdefault(_record_key(one.record), []).append(place)
    typed = [one.resource for one in items if one.resource["resourceType"] == search.type and one.record]
    matched = in_order((one for one in typed if matches(one, search.criteria)), search.shape.order)
    lines = [_line(one, search.shape, items, places, witnesses) for one in matched]
    return Answer(tuple(items), len(lines), _pages(lines, search.shape))


def categories_named(search: Search) -> frozenset[Category] | None:
    """The categories that `_tag` leaves, if it names any: no other record could fit, so that none need be opened."""
    left: frozenset[Category] | None = None
    for one in search.criteria:
        codes = {
            test.code.lower()
            for test in one.tests
            if isinstance(test, TokenTest) and test.system == CATEGORY_TAG and test.code
        }
        if (
            one.parameter.name == "_tag"
            and one.modifier == ""
            and one.tests
            and len(codes) == len(set(one.tests))
        ):
            named = frozenset(each for each in Category if each in codes)
            left = named if left is None else left & named
    return left


@dataclass(frozen=True)
class Part:
    """Which part of everything: the types that `wanted` says, with or without `provenances` of our own, changed since a time
    (`YYYY-MM-DDThh:mm:ssZ`, or empty), so many resources a page; with 0 the total alone."""

    wanted: Allows
    provenances: bool
    since: str
    count: int


def everything_pages(records: Iterable[OpenedRecord], patient_ref: str, part: Part) -> Answer:
    """The pages of `$everything`; `total` counts as it does there. Raises NotFhir."""
    patient, found = rows(records, patient_ref)
    if part.provenances:
        found += _provenances(found, patient_ref)
    items = [Item(patient, None), *(Item(row.resource, row.record) for row in found)]
    items = [one for one in items if part.wanted(one.resource["resourceType"])]
    lines = [
        (place, INCLUDE if row_is_supporting(one) else MATCH)
        for place, one in enumerate(items)
        if one.record is None or not one.record.anchored_at or one.record.anchored_at >= part.since
    ]
    total = sum(mode == MATCH for _, mode in lines)
    starts = range(0, len(lines), part.count) if part.count else ()
    return Answer(tuple(items), total, tuple(tuple(lines[at : at + part.count]) for at in starts))


def row_is_supporting(item: Item) -> bool:
    return item.record is not None and Row(item.record, item.resource).supporting


def _line(
    resource: dict[str, Json],
    shape: Shape,
    items: list[Item],
    places: Mapping[str, int],
    witnesses: Mapping[str, list[int]],
) -> list[tuple[int, str]]:
    """A match, and what comes along with it."""
    place = places[f"{resource['resourceType']}/{resource['id']}"]
    record = items[place].record
    along = [places[one] for one in targets(resource, shape.includes) if one in places]
    if record is not None:
        along += [at for at in witnesses.get(_record_key(record), ()) if at != place]
    if shape.elements or shape.without_text:
        items.append(Item(subset(resource, shape.elements, shape.without_text), record, whole=False))
        place = len(items) - 1
    return [(place, MATCH), *((at, INCLUDE) for at in along)]


def _pages(lines: Sequence[list[tuple[int, str]]], shape: Shape) -> tuple[tuple[tuple[int, str], ...], ...]:
    """So many matches a page; what comes along with several of them is there once."""
    if shape.counts_only:
        return ()
    pages = []
    for at in range(0, len(lines), shape.count):
        group = lines[at : at + shape.count]
        own = {line[0][0] for line in group}
        along = dict.fromkeys(pair for line in group for pair in line[1:] if pair[0] not in own)
        pages.append((*(line[0] for line in group), *along))
    return tuple(pages)


def _provenances(found: Sequence[Row], patient_ref: str) -> list[Row]:
    """One for each record; of records that hold nothing else their patient is the target."""
    names: dict[str, list[str]] = {}
    records: dict[str, OpenedRecord] = {}
    for row in found:
        records[_record_key(row.record)] = row.record
        names.setdefault(_record_key(row.record), []).append(row.name)
    return [Row(record, provenance(record, names[key] or [patient_ref])) for key, record in records.items()]


def _record_key(record: OpenedRecord) -> str:
    return f"{record.author}/{record.record_id}"
