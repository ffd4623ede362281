"""How a search is answered: page size, order, total, what is included (R4 search.html §3.1.1.5)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from consentry.errors import SearchInvalid, SearchUnsupported
from consentry.fhir.search_parameters import PATIENT, Kind, Parameter, parameters

PAGE = 50
MAX_PAGE = 500
MAX_ORDERS = 8
"""Parameters that one search sorts by: everything that is found is gone through for each of them."""
PROVENANCE = "Provenance:target"
_PATIENTS = Parameter(PATIENT, Kind.REFERENCE, ("subject", "patient", "beneficiary", "for"))
_SORTED = (Kind.DATE, Kind.STRING, Kind.TOKEN, Kind.URI)


class Summary(StrEnum):
    """R4 value set summary-type, as far as it changes an answer here."""

    COUNT = "count"
    DATA = "data"
    FALSE = "false"


@dataclass(frozen=True)
class Order:
    parameter: Parameter
    falling: bool


@dataclass(frozen=True)
class Shape:
    """`count` resources a page; `includes` names the parameters whose targets come along."""

    count: int = PAGE
    order: tuple[Order, ...] = ()
    summary: Summary = Summary.FALSE
    total: bool = True
    elements: frozenset[str] = frozenset()
    includes: tuple[Parameter, ...] = ()
    provenance: bool = False

    @property
    def without_text(self) -> bool:
        return self.summary is Summary.DATA

    @property
    def counts_only(self) -> bool:
        return self.summary is Summary.COUNT or self.count == 0


class ShapeReader:
    """Collects the result parameters of one search of a type."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._given: dict[str, str] = {}
        self._includes: list[Parameter] = []
        self._provenance = False
        self.ignored: list[str] = []

    def takes(self, name: str, value: str) -> bool:
        """Whether this is a result parameter; each but the includes is given once. Raises SearchInvalid."""
        if name in ("_include", "_revinclude"):
            return self._include(name, value)
        if name not in ("_count", "_sort", "_summary", "_total", "_elements"):
            return False
        if name in self._given:
            raise SearchInvalid(f"{name}: is given more than once")
        self._given[name] = value
        return True

    def shape(self, *, strict: bool) -> Shape:
        """Raises SearchInvalid, SearchUnsupported."""
        given = self._given
        summary = given.get("_summary", Summary.FALSE)
        if summary not in (*Summary, "true", "text"):
            raise SearchInvalid("_summary: must be true, text, data, count or false")
        if summary not in tuple(Summary):
            if strict:
                raise SearchUnsupported("_summary: only count, data and false are supported")
            self.ignored.append("_summary")
            summary = Summary.FALSE
        total = given.get("_total", "accurate")
        if total not in ("none", "estimate", "accurate"):
            raise SearchInvalid("_total: must be none, estimate or accurate")
        return Shape(
            self._count(),
            self._order(given["_sort"]) if "_sort" in given else (),
            Summary(summary),
            total != "none",
            self._elements(given["_elements"]) if "_elements" in given else frozenset(),
            tuple(self._includes),
            self._provenance,
        )

    def _count(self) -> int:
        text = self._given.get("_count", str(PAGE))
        if not re.fullmatch(r"[0-9]{1,9}", text):
            raise SearchInvalid("_count: must be a number, 0 or more")
        return min(int(text), MAX_PAGE)

    def _order(self, text: str) -> tuple[Order, ...]:
        known = parameters(self._kind)
        found = []
        for part in text.split(","):
            name = part.removeprefix("-")
            if name not in known or known[name].kind not in _SORTED:
                raise SearchInvalid(
                    "_sort: takes names of this type's parameters, with commas, `-` for falling"
                )
            found.append(Order(known[name], part.startswith("-")))
        if len(found) > MAX_ORDERS:
            raise SearchInvalid(f"_sort: takes at most {MAX_ORDERS} parameters")
        return tuple(found)

    def _include(self, name: str, value: str) -> bool:
        if name == "_revinclude":
            self._provenance = self._provenance or value == PROVENANCE
            return value == PROVENANCE
        kind, _, rest = value.partition(":")
        known = {**parameters(self._kind), PATIENT: _PATIENTS}
        parameter = known.get(rest.split(":")[0]) if kind == self._kind else None
        if parameter is None or parameter.kind is not Kind.REFERENCE:
            return False
        self._includes.append(parameter)
        return True

    @staticmethod
    def _elements(text: str) -> frozenset[str]:
        names = frozenset(text.split(","))
        if not all(re.fullmatch(r"[A-Za-z][A-Za-z0-9]{0,63}", name) for name in names):
            raise SearchInvalid("_elements: must be names of elements, with commas")
        return names
