"""One Bundle in, records out: no resource twice, none lost, nothing that points from one record at another
(F-2, F-3).

What leaves the hospital differs from what was sent in this only:

* the Patient resource stays at home. Name, number, address identify; the DID and the link at each gateway do
  that job. Sex, birth date and death (results read differently by them) become a small record of category
  `visit`, of its own, so that publishing again finds it unchanged;
* references to the patient become `urn:consentry:patient`, without display or number; contained Patients go;
* ids become UUIDs made from the sender's (consecutive numbers would show that something lies between them);
* references to what is in another record, or may be, are removed: a dangling reference says that there is
  something. A reference to a practitioner or place that wasn't sent along keeps its words and loses its
  address;
* supporting resources are copied into each record that refers to them; unreferenced ones go to a `visit`
  record.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from consentry.domain.categories import Category, Confidentiality
from consentry.errors import DateMissing
from consentry.fhir import dates, departments, jsontext, naming, tables, tree
from consentry.fhir.classify import PATIENT_LEVEL
from consentry.fhir.identity import Entry, identifiers, local_id
from consentry.fhir.jsontext import Json
from consentry.fhir.placing import UNDATED, Place, clinical_date, place
from consentry.fhir.rewriting import Rewriter
from consentry.fhir.validate import ValidBundle

_VISIT = Place(Category.VISIT, Confidentiality.NORMAL, UNDATED)


@dataclass(frozen=True)
class Held:
    """A resource that one record alone holds, as its sender called it: `identity` in the Bundle,
    `name` what later Bundles call it by (`naming`); `identifiers` are its business identifiers, (system, value)."""

    type: str
    identity: str
    name: str
    identifiers: tuple[tuple[str, str], ...]

    @property
    def local(self) -> str:
        """Its id inside the record."""
        return local_id(self.identity)


@dataclass(frozen=True)
class RecordDraft:
    """A record before sealing.

    `date` is `YYYY-MM-DDThh:mm:ssZ`: the encounter's start, else the earliest date in it; of a partial date
    the first instant. `content` is the canonical JSON of a Bundle of type collection; equal content gives
    equal bytes whatever the order of the entries was. `resource_types` counts what is inside, supporting
    copies included, sorted by type. `held`: the resources that only this record holds, and `names` what the hospital
    calls them; none for the patient's sex, birth date and death, which every record may repeat.
    """

    category: Category
    level: int
    confidentiality: Confidentiality
    department: str
    date: str
    content: bytes
    resource_types: tuple[tuple[str, int], ...]
    held: tuple[Held, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        return frozenset(one.name for one in self.held)


def split(bundle: ValidBundle, *, received_at: str | None = None) -> tuple[RecordDraft, ...]:
    """All records of a bundle, by date, category, confidentiality and content.

    `received_at` (`YYYY-MM-DDThh:mm:ssZ`) dates what nothing else does. Raises DateMissing if it would be
    needed, NotFhir if a resource is not valid R4 without a reference that must go.
    """
    places = place(bundle)
    grouped: dict[Place, list[Entry]] = {}
    for entry in bundle.entries:
        if entry.identity in places:
            grouped.setdefault(places[entry.identity], []).append(entry)
    helpers = _Supporting(bundle)
    unused = helpers.all - {name for members in grouped.values() for name in helpers.needed_by(members)}
    if unused:
        # a practitioner or place that nothing refers to has no occasion of its own
        grouped.setdefault(_VISIT, []).extend(helpers.entries(unused))
    calendar = _Calendar(bundle, received_at)
    drafts = [_draft(bundle, at, members, helpers, calendar) for at, members in grouped.items()]
    if bundle.patient.demographics is not None:
        drafts.append(_demographics(bundle.patient.demographics, calendar))
    return tuple(sorted(drafts, key=lambda one: (one.date, one.category, one.confidentiality, one.content)))


def one_record(
    bundle: ValidBundle, category: Category, confidentiality: Confidentiality, department: str, date: str
) -> RecordDraft:
    """All of a bundle as one record of this place, department and date: the next version of a record that was opened.
    Practitioners and places that nothing refers to stay where `split` puts them, and nowhere else."""
    helpers = _Supporting(bundle)
    members = [entry for entry in bundle.entries if entry.identity not in helpers.all]
    if category is Category.VISIT:
        members += helpers.entries(helpers.all - helpers.needed_by(members))
    at = Place(category, confidentiality, UNDATED)
    draft = _draft(bundle, at, members, helpers, _Calendar(bundle, date))
    return replace(draft, department=department, date=date)


def _draft(
    bundle: ValidBundle, at: Place, members: list[Entry], helpers: _Supporting, calendar: _Calendar
) -> RecordDraft:
    copied = helpers.entries(helpers.needed_by(members) - {entry.identity for entry in members})
    inside = [*members, *copied]
    rewriter = Rewriter(bundle.resolver, frozenset(entry.identity for entry in inside))
    rows = [(local_id(entry.identity), rewriter.published(entry)) for entry in inside]
    encounter = bundle.resolver.by_alias.get(at.occasion.removeprefix("encounter:"))
    said = [encounter.resource] if encounter is not None else []
    ordered = sorted(
        inside, key=lambda entry: (entry.type not in ("Encounter", "DocumentReference"), entry.identity)
    )
    return RecordDraft(
        category=at.category,
        level=PATIENT_LEVEL,
        confidentiality=at.confidentiality,
        department=departments.department([*said, *(entry.resource for entry in ordered)]),
        date=calendar.date(encounter, members),
        content=_content(rows),
        resource_types=tuple(sorted(Counter(entry.type for entry in inside).items())),
        held=tuple(_held(entry, at) for entry in sorted(members, key=lambda one: one.identity)),
    )


def _held(entry: Entry, at: Place) -> Held:
    name = naming.resource_name(entry, at.occasion)
    return Held(entry.type, entry.identity, name, identifiers(entry.resource))


def _demographics(patient: dict[str, Json], calendar: _Calendar) -> RecordDraft:
    return RecordDraft(
        category=Category.VISIT,
        level=PATIENT_LEVEL,
        confidentiality=Confidentiality.NORMAL,
        department=departments.ANY,
        date=calendar.date(None, []),
        content=_content([(local_id("patient"), {**patient, "id": local_id("patient")})]),
        resource_types=(("Patient", 1),),
    )


def _content(rows: Iterable[tuple[str, dict[str, Json]]]) -> bytes:
    entries: list[dict[str, Json]] = [
        {"fullUrl": f"urn:uuid:{name}", "resource": resource} for name, resource in rows
    ]
    entries.sort(key=lambda row: (row["resource"]["resourceType"], row["fullUrl"]))
    return jsontext.write({"resourceType": "Bundle", "type": "collection", "entry": entries})


class _Supporting:
    """Practitioners, organisations, places, products, and who needs them."""

    def __init__(self, bundle: ValidBundle) -> None:
        self._resolver = bundle.resolver
        roles = tables.resource_types()
        self._entries = {
            entry.identity: entry for entry in bundle.entries if roles[entry.type].role == "supporting"
        }
        self.all = frozenset(self._entries)
        self._near: dict[int, frozenset[str]] = {}

    def entries(self, names: Iterable[str]) -> list[Entry]:
        return [self._entries[name] for name in sorted(names)]

    def needed_by(self, members: Iterable[Entry]) -> set[str]:
        """Supporting entries that these refer to, directly or through one another."""
        needed: set[str] = set()
        waiting = list(members)
        while waiting:
            found = self._named_by(waiting.pop()) - needed
            needed |= found
            waiting += (self._entries[name] for name in found)
        return needed

    def _named_by(self, entry: Entry) -> frozenset[str]:
        """Supporting entries that this one refers to itself; asked for more than once."""
        if entry.index not in self._near:
            names = (self._resolver.target(found).name for _, found in entry.references)
            self._near[entry.index] = self.all.intersection(names)
        return self._near[entry.index]


class _Calendar:
    """Dates for records. What has none gets the Bundle's timestamp, the latest date in it, or the time of
    receipt."""

    def __init__(self, bundle: ValidBundle, received_at: str | None) -> None:
        known = [when for entry in bundle.entries if (when := clinical_date(entry)) is not None]
        stamped = dates.interval(bundle.timestamp) if bundle.timestamp else None
        received = dates.interval(received_at) if received_at else None
        self._fallback = stamped or max(known, key=lambda one: one.start, default=received)

    def date(self, encounter: Entry | None, members: list[Entry]) -> str:
        started = clinical_date(encounter) if encounter is not None else None
        found = [when for entry in members if (when := clinical_date(entry)) is not None]
        when = (
            started
            or min(found, key=lambda one: one.start, default=None)
            or self._updated(members)
            or self._fallback
        )
        if when is None:
            raise DateMissing(expression=tuple(entry.path for entry in members[:1]))
        return when.start_text

    def _updated(self, members: list[Entry]) -> dates.Interval | None:
        texts = (text for entry in members for text in tree.at(entry.resource, "meta.lastUpdated"))
        found = [when for text in texts if (when := dates.interval(str(text))) is not None]
        return min(found, key=lambda one: one.start, default=None)
