"""What this FHIR endpoint does with which type: the one table that the CapabilityStatement, docs/fhir.md and their tests follow.

Each area gives its rows (`_AREAS`); rows of one type are united. Whoever adds a route adds its row: a test asks every
interaction that is declared, and one that has no route fails it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from consentry.fhir import tables
from consentry.fhir.audit_search import FOUND_BY
from consentry.fhir.audit_search import TYPE as AUDIT_EVENT
from consentry.fhir.search_parameters import PATIENT, Kind, parameters, searchable_types
from consentry.fhir.search_results import PROVENANCE

EVERYTHING = "http://hl7.org/fhir/OperationDefinition/Patient-everything"
RECEIPT = "urn:consentry:operation:consent-receipt"
UNVERSIONED = ("Patient",)
"""What the desk knows now, with what a session was shown: no `meta.versionId` and no ETag."""
VALIDATE = "http://hl7.org/fhir/OperationDefinition/Resource-validate"


class Interaction(StrEnum):
    """R4 value set type-restful-interaction, in its order."""

    READ = "read"
    VREAD = "vread"
    UPDATE = "update"
    DELETE = "delete"
    HISTORY = "history-instance"
    CREATE = "create"
    SEARCH = "search-type"


class Conditional(StrEnum):
    """Interactions that may name a resource by its identifier in place of its id."""

    CREATE = "conditionalCreate"
    UPDATE = "conditionalUpdate"
    DELETE = "conditionalDelete"


@dataclass(frozen=True)
class SearchParameter:
    """`type` is a code of R4 search-param-type, `definition` the canonical of the standard's parameter or empty."""

    name: str
    type: str
    documentation: str = ""
    definition: str = ""


@dataclass(frozen=True)
class Operation:
    """`name` without the dollar sign, `definition` a canonical."""

    name: str
    definition: str
    documentation: str = ""


@dataclass(frozen=True)
class Supported:
    """One type's row, or an area's part of it."""

    type: str
    interactions: frozenset[Interaction] = frozenset()
    conditional: frozenset[Conditional] = frozenset()
    search: tuple[SearchParameter, ...] = ()
    operations: tuple[Operation, ...] = ()
    includes: tuple[str, ...] = ()
    reverse_includes: tuple[str, ...] = ()
    documentation: str = ""

    def united(self, other: Supported) -> Supported:
        """Both rows of one type as one."""
        return Supported(
            self.type,
            self.interactions | other.interactions,
            self.conditional | other.conditional,
            tuple(dict.fromkeys(self.search + other.search)),
            tuple(dict.fromkeys(self.operations + other.operations)),
            tuple(dict.fromkeys(self.includes + other.includes)),
            tuple(dict.fromkeys(self.reverse_includes + other.reverse_includes)),
            " ".join(one for one in (self.documentation, other.documentation) if one),
        )


def rows() -> tuple[Supported, ...]:
    """One row a type, by its name."""
    found: dict[str, Supported] = {}
    for area in _AREAS:
        for row in area():
            found[row.type] = found[row.type].united(row) if row.type in found else row
    return tuple(found[name] for name in sorted(found))


def written_types() -> tuple[str, ...]:
    """Types that are created by themselves. Attached and supporting ones (a specimen, a practitioner) come with what refers to
    them, in a Bundle or contained; a Consent is proposed (design §6)."""
    known = tables.resource_types().values()
    return tuple(sorted(one.name for one in known if one.role == "clinical" and one.name != "Consent"))


def _everything() -> Iterable[Supported]:
    found = tuple(SearchParameter(one.name, str(one.kind)) for one in parameters("Patient").values())
    yield Supported(
        "Patient",
        frozenset((Interaction.READ, Interaction.SEARCH)),
        search=tuple(one for one in found if one.name in ("_id", "identifier")),
        operations=(Operation("everything", EVERYTHING),),
        documentation="Found by a number that was linked at this hospital's desk.",
    )


def _writing() -> Iterable[Supported]:
    for name in written_types():
        yield Supported(
            name,
            frozenset((Interaction.CREATE, Interaction.UPDATE, Interaction.DELETE)),
            frozenset(Conditional),
        )


def _checking() -> Iterable[Supported]:
    for name in (*tables.resource_types(), "Bundle"):
        yield Supported(name, operations=(Operation("validate", VALIDATE),))


_WITHOUT_PATIENT = {
    "Organization": "At most one: whose records are searched. Without, the consortium's members.",
    "Practitioner": "At most one: whose records are searched. Without, enrolled staff, by accounts as _id or identifier.",
}


def _reading() -> Iterable[Supported]:
    every = (Interaction.READ, Interaction.VREAD, Interaction.HISTORY, Interaction.SEARCH)
    for name in searchable_types():
        known = parameters(name)
        said = _WITHOUT_PATIENT.get(name, "Exactly one: whose records are searched.")
        people = SearchParameter(PATIENT, "reference", said)
        others = [SearchParameter(one.name, str(one.kind)) for one in known.values()]
        includes = [f"{name}:{one.name}" for one in known.values() if one.kind is Kind.REFERENCE]
        yield Supported(
            name,
            frozenset(every),
            search=(people, *others),
            includes=tuple(sorted({f"{name}:{PATIENT}", *includes})),
            reverse_includes=(PROVENANCE,),
        )


def _consents() -> Iterable[Supported]:
    people = SearchParameter(PATIENT, "reference", "Exactly one; by a patient's token, that patient.")
    by_number = SearchParameter(f"{PATIENT}.identifier", "token", "In the body of a _search only.")
    others = [SearchParameter(one.name, str(one.kind)) for one in parameters("Consent").values()]
    yield Supported(
        "Consent",
        frozenset((Interaction.CREATE, Interaction.READ, Interaction.UPDATE, Interaction.SEARCH)),
        frozenset((Conditional.CREATE,)),
        search=(people, by_number, *others),
        operations=(Operation("receipt", RECEIPT, "Shaped after ISO/IEC TS 27560, for the patient."),),
        documentation="Proposed to the patient, whose wallet's signature grants (active) and revokes (inactive).",
    )


_OF_EVENTS = {PATIENT: "Whom events concern; none need be named.", "_lastUpdated": "The same as date."}


def _audit() -> Iterable[Supported]:
    yield Supported(
        AUDIT_EVENT,
        frozenset((Interaction.READ, Interaction.SEARCH)),
        search=tuple(
            SearchParameter(one.name, str(one.kind), _OF_EVENTS.get(one.name, ""))
            for one in parameters(AUDIT_EVENT).values()
            if one.name in FOUND_BY
        ),
        documentation="Patients find what concerns them, auditors of the member or the regulator everything; newest first. "
        "Neither ne nor :not nor :missing is taken.",
    )


_AREAS: tuple[Callable[[], Iterable[Supported]], ...] = (
    _everything,
    _writing,
    _checking,
    _reading,
    _consents,
    _audit,
)
