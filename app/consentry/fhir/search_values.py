"""What a resource holds at a search parameter's paths, in the form that matching compares (R4 search.html §3.1.1.4)."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from consentry.fhir import dates, tree
from consentry.fhir.dates import Interval
from consentry.fhir.jsontext import Json
from consentry.fhir.search_parameters import Parameter

ALWAYS = sys.maxsize
"""The end of a period that has none; its negative: the start of one that has none."""


@dataclass(frozen=True)
class Token:
    """`system` is None for plain codes (`status`), whose system R4 implies; empty where the data gives none."""

    system: str | None
    code: str


@dataclass(frozen=True)
class Named:
    """A reference: its literal, as it stands, and its logical identifier."""

    literal: str
    identifier: Token | None


def tokens(resource: dict[str, Json], parameter: Parameter) -> Iterator[Token]:
    for found in _at(resource, parameter):
        yield from _tokens(found)


def intervals(resource: dict[str, Json], parameter: Parameter) -> Iterator[Interval]:
    for found in _at(resource, parameter):
        yield from _intervals(found)


def references(resource: dict[str, Json], parameter: Parameter) -> Iterator[Named]:
    for found in _at(resource, parameter):
        if isinstance(found, str):
            yield Named(found, None)
        elif isinstance(found, dict):
            literal, known = found.get("reference"), found.get("identifier")
            token = next(_tokens(known), None) if isinstance(known, dict) else None
            if isinstance(literal, str) or token is not None:
                yield Named(literal if isinstance(literal, str) else "", token)


def strings(resource: dict[str, Json], parameter: Parameter) -> Iterator[str]:
    """Texts, and the parts of names."""
    for found in _at(resource, parameter):
        if isinstance(found, str):
            yield found
        elif isinstance(found, dict):
            for name in ("text", "family", "given", "prefix", "suffix"):
                yield from (part for part in tree.at(found, name) if isinstance(part, str))


def folded(text: str) -> str:
    """Without case and accents, as R4 compares strings."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(one for one in plain if not unicodedata.combining(one)).casefold()


def holds_any(resource: dict[str, Json], parameter: Parameter) -> bool:
    return next(_at(resource, parameter), None) is not None


def _at(resource: dict[str, Json], parameter: Parameter) -> Iterator[Json]:
    for path in parameter.paths:
        yield from tree.at(resource, path)


def _tokens(found: Json) -> Iterator[Token]:
    if isinstance(found, bool):
        yield Token(None, "true" if found else "false")
    elif isinstance(found, str):
        yield Token(None, found)
    elif isinstance(found, dict):
        if "coding" in found:  # CodeableConcept
            for coding in tree.at(found, "coding"):
                yield from _tokens(coding)
        else:  # Coding and Identifier; a ContactPoint's system is no namespace
            code = found.get("code", found.get("value"))
            if isinstance(code, str):
                system = found.get("system", "")
                yield Token(system if isinstance(system, str) else "", code)


def _intervals(found: Json) -> Iterator[Interval]:
    if isinstance(found, str):
        whole = dates.interval(found)
        if whole is not None:
            yield whole
    elif isinstance(found, dict) and ("start" in found or "end" in found):
        yield _period(found)
    elif isinstance(found, dict):  # Timing
        events = [one for event in tree.at(found, "event") for one in _intervals(event)]
        bounds = [one for bound in tree.at(found, "repeat.boundsPeriod") for one in _intervals(bound)]
        if events or bounds:
            yield Interval(
                min(one.start for one in (*events, *bounds)), max(one.end for one in (*events, *bounds))
            )


def _period(period: dict[str, Json]) -> Interval:
    start, end = (dates.interval(str(period.get(name, ""))) for name in ("start", "end"))
    return Interval(-ALWAYS if start is None else start.start, ALWAYS if end is None else end.end)
