"""Which record each resource of a bundle belongs to (F-2): one encounter or day, one category, one
confidentiality.

The rules, each of which only ever makes a place stricter, so that their order does not matter:

1. a resource has its own classification (`classify.py`); 2. in a sensitive encounter (psychiatry by its
service, reason or label) everything is at least as sensitive, and what has no grade of its own takes the
encounter's: a lithium level from the psychiatric ward tells about the ward; 3. what summarises (a report its
results, a document its sections, a prescription its reason) is at least as strict as its most sensitive part:
its text tells what the part says; 4. what R4 forbids to part (`glue`) shares a place; 5. attached resources
go where the strictest one that refers to them is (a Provenance: to its strictest target).

Different confidentialities of one encounter and category become different records, so that one restricted
result neither hides the others from those who may see them nor shows itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from consentry.domain.categories import SENSITIVE, STRICTNESS, Category, Confidentiality
from consentry.fhir import dates, tables, tree
from consentry.fhir.classify import Classification, classify
from consentry.fhir.identity import Entry, Kind, Target
from consentry.fhir.tables import ResourceType
from consentry.fhir.validate import ValidBundle

UNDATED = "undated"


@dataclass(frozen=True)
class Place:
    """Where a resource goes. `occasion` is `encounter:<identity>`, `day:YYYY-MM-DD` (UTC) or `undated`."""

    category: Category
    confidentiality: Confidentiality
    occasion: str

    @property
    def order(self) -> tuple[int, int, str]:
        """Lax to strict; among equals by occasion, so that there is always one answer."""
        return STRICTNESS.index(self.category), "NRV".index(self.confidentiality), self.occasion


def place(bundle: ValidBundle) -> dict[str, Place]:
    """A place for every entry but supporting ones, by identity."""
    board = _Board(bundle)
    occasions = board.occasions()
    grades = board.grades()
    places = {
        entry.identity: Place(
            grades[entry.identity].category, grades[entry.identity].confidentiality, occasions[entry.identity]
        )
        for entry in board.clinical
    }
    for entry in board.clinical:
        for mate in board.targets(entry, board.kind(entry).glue):
            if mate in places:
                places[entry.identity] = replace(places[entry.identity], occasion=places[mate].occasion)
    return places | board.attach(places)


def outside_encounters(bundle: ValidBundle) -> tuple[str, ...]:
    """What references call the encounters that are not in the bundle, each once."""
    board = _Board(bundle)
    found = (board.outside(entry) for entry in board.clinical)
    return tuple(dict.fromkeys(one for one in found if one is not None))


def clinical_date(entry: Entry) -> dates.Interval | None:
    """When it came about, by the first of its type's date elements that is filled."""
    for path in tables.resource_types()[entry.type].dates:
        for value in tree.at(entry.resource, path):
            if isinstance(value, str) and (found := dates.interval(value)) is not None:
                return found
    return None


class _Board:
    """The entries with the links between them."""

    def __init__(self, bundle: ValidBundle) -> None:
        self._resolver = bundle.resolver
        self._labels = bundle.labels
        self._around, self._floors = bundle.around, bundle.floors
        self._entries = {entry.identity: entry for entry in bundle.entries}
        self.clinical = [entry for entry in bundle.entries if self.kind(entry).role == "clinical"]
        self._attached = [entry for entry in bundle.entries if self.kind(entry).role == "attached"]

    def kind(self, entry: Entry) -> ResourceType:
        return tables.resource_types()[entry.type]

    def targets(self, entry: Entry, paths: Iterable[str]) -> Iterator[str]:
        """Identities of the entries that references at these paths mean."""
        for path in paths:
            for found in tree.at(entry.resource, path):
                if isinstance(found, dict) and tree.is_reference(found):
                    target = self._resolver.target(found)
                    if target.kind is Kind.ENTRY and target.name in self._entries:
                        yield target.name

    def grades(self) -> dict[str, Classification]:
        """Rules 1 to 4, repeated until nothing changes. Ends: every step climbs a finite order."""
        now = {entry.identity: self._by_itself(entry) for entry in self.clinical}
        edges = [(entry.identity, *self._edges(entry, now)) for entry in self.clinical]
        changed = True
        while changed:
            changed = False
            for name, encounter, members, mates in edges:
                new = now[name]
                if encounter is not None:
                    around = now[encounter] if encounter in now else self._around[encounter]
                    new = new.raised(
                        around.category if around.category in SENSITIVE else new.category,
                        new.confidentiality if new.labelled else around.confidentiality,
                    )
                for member in members:
                    part = now[member]
                    new = new.raised(
                        part.category if part.category in SENSITIVE else new.category, part.confidentiality
                    )
                for mate in mates:
                    new = new.raised(now[mate].category, now[mate].confidentiality)
                    pulled = now[mate].raised(new.category, new.confidentiality)
                    changed |= pulled != now[mate]
                    now[mate] = pulled
                changed |= new != now[name]
                now[name] = new
        return now

    def _grade(self, entry: Entry) -> Classification:
        return classify(entry.resource, self._labels, entry.objects)

    def _by_itself(self, entry: Entry) -> Classification:
        own, least = self._grade(entry), self._floors.get(entry.identity)
        return own if least is None else own.raised(least.category, least.confidentiality)

    def _edges(
        self, entry: Entry, known: dict[str, Classification]
    ) -> tuple[str | None, list[str], list[str]]:
        kind = self.kind(entry)
        encounter = next((name for name in self.targets(entry, kind.encounter) if name in known), None)
        if encounter is None and (outside := self.outside(entry)) in self._around:
            encounter = outside
        members = [name for name in self.targets(entry, kind.members) if name in known]
        mates = [name for name in self.targets(entry, kind.glue) if name in known]
        return encounter, members, mates

    def occasions(self) -> dict[str, str]:
        """Encounter if there is one; else that of the parts, else of the whole, if these agree; else the
        day."""
        direct = {entry.identity: self._encounter(entry) for entry in self.clinical}
        parts = {
            entry.identity: {direct.get(m) for m in self.targets(entry, self.kind(entry).members)}
            for entry in self.clinical
        }
        wholes: dict[str, set[str | None]] = {}
        for entry in self.clinical:
            for member in self.targets(entry, self.kind(entry).members):
                wholes.setdefault(member, set()).add(direct[entry.identity])
        found = {}
        for entry in self.clinical:
            name = entry.identity
            choices = (direct[name], _agreed(parts[name]), _agreed(wholes.get(name, set())))
            found[name] = next((choice for choice in choices if choice), None) or _day(entry)
        return found

    def _encounter(self, entry: Entry) -> str | None:
        if entry.type == "Encounter":
            return f"encounter:{entry.identity}"
        found = self._encounter_target(entry)
        return None if found is None else f"encounter:{found.name}"

    def outside(self, entry: Entry) -> str | None:
        """What it calls its encounter, if that is not in the bundle."""
        found = self._encounter_target(entry)
        return found.name if found is not None and found.kind is Kind.OUTSIDE else None

    def _encounter_target(self, entry: Entry) -> Target | None:
        for path in self.kind(entry).encounter:
            for found in tree.at(entry.resource, path):
                if isinstance(found, dict) and tree.is_reference(found):
                    target = self._resolver.target(found)
                    if target.kind in (Kind.ENTRY, Kind.OUTSIDE) and target.type in ("Encounter", None):
                        return target
        return None

    def attach(self, places: dict[str, Place]) -> dict[str, Place]:
        """Rule 5, in rounds: what refers to an attached resource may be attached itself (an aliquot to its
        specimen)."""
        holders: dict[str, set[str]] = {entry.identity: set() for entry in self._attached}
        for entry in self._entries.values():
            for name in self._links(entry):
                if name in holders and name != entry.identity:
                    holders[name].add(entry.identity)
        for entry in self._attached:
            holders[entry.identity].update(self.targets(entry, self.kind(entry).follows))
        found: dict[str, Place] = {}
        waiting = {entry.identity: entry for entry in self._attached}
        while waiting:
            known = places | found
            ready = {name: [known[h] for h in holders[name] if h in known] for name in waiting}
            ready = {name: held for name, held in ready.items() if held} or {name: [] for name in waiting}
            for name, held in ready.items():
                found[name] = self._attached_place(waiting.pop(name), held)
        return found

    def _attached_place(self, entry: Entry, held: list[Place]) -> Place:
        own = self._grade(entry)
        if not held:
            return Place(own.category, own.confidentiality, self._encounter(entry) or _day(entry))
        at = max(held, key=lambda one: one.order)
        grade = Classification(at.category, at.confidentiality, own.labelled).raised(
            own.category if own.category in SENSITIVE else at.category, own.confidentiality
        )
        return Place(grade.category, grade.confidentiality, at.occasion)

    def _links(self, entry: Entry) -> Iterator[str]:
        for _, found in entry.references:
            target = self._resolver.target(found)
            if target.kind is Kind.ENTRY:
                yield target.name
        for url in entry.urls:
            linked = self._resolver.link(url)
            if linked is not None:
                yield linked.identity


def _agreed(choices: set[str | None]) -> str | None:
    named = choices - {None}
    return named.pop() if len(named) == 1 else None


def _day(entry: Entry) -> str:
    when = clinical_date(entry)
    return f"day:{when.start_text[:10]}" if when else UNDATED
