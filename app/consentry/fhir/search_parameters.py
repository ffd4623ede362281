"""Which search parameters there are, by type: the one table behind search, CapabilityStatement and docs/fhir.md.

`data/search_parameters.json` takes names, kinds and paths from R4 (search-parameters.json). A path such as `code` or
`effectivePeriod` steps through lists; of a choice element each type that R4 allows is named. Left out are the kinds `quantity`,
`number`, `composite` and `special`, addresses, and chains (`_has`, `a.b`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from consentry.fhir import tables

COMMON = "*"
PATIENT = "patient"
SUBJECT = "subject"
BENEFICIARY = "beneficiary"
OWN_TYPES = frozenset(("Consent", "AuditEvent"))
"""Types with routes and parameters of their own."""


class Kind(StrEnum):
    """Search parameter types (R4 valueset-search-param-type) that are matched here."""

    DATE = "date"
    REFERENCE = "reference"
    STRING = "string"
    TOKEN = "token"
    URI = "uri"


@dataclass(frozen=True)
class Parameter:
    name: str
    kind: Kind
    paths: tuple[str, ...]


RESULT_PARAMETERS = (
    "_count",
    "_elements",
    "_include",
    "_revinclude",
    "_sort",
    "_summary",
    "_total",
)
"""What says how to answer, not what matches (R4 search.html §3.1.1.5)."""


def clinical(kind: str) -> bool:
    """Whether a type is about a patient, so that a search of it names one."""
    known = tables.resource_types().get(kind)
    return known is not None and known.role in ("clinical", "attached") and kind not in OWN_TYPES


@cache
def searchable_types() -> tuple[str, ...]:
    """Clinical, attached and supporting types that the table knows, by name: what a record holds but for the Patient."""
    return tuple(sorted(_table().keys() - {COMMON, "Patient"} - OWN_TYPES))


@cache
def parameters(kind: str) -> Mapping[str, Parameter]:
    """By name: those of every type, and those of this one. Empty for a type that is not searched."""
    table = _table()
    if kind not in table:
        return MappingProxyType({})
    rows = table[COMMON] | table[kind]
    return MappingProxyType({name: _parameter(name, row) for name, row in rows.items()})


def patient_names(kind: str) -> tuple[str, ...]:
    """The parameters that name the patient of a clinical type: `patient` for all, and what else R4 calls the person."""
    others = (SUBJECT, BENEFICIARY)
    return (PATIENT, *(name for name in others if name in parameters(kind))) if clinical(kind) else ()


def _parameter(name: str, row: str) -> Parameter:
    kind, _, paths = row.partition(" ")
    return Parameter(name, Kind(kind), tuple(paths.split("|")))


@cache
def _table() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = tables.load("search_parameters.json")
    return found
