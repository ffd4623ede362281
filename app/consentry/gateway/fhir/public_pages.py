"""Searchsets of what is kept for no session: the address says where a page begins (specification F-14, F-23, F-24, N-8)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from flask import Response

from consentry.errors import SearchInvalid, SearchUnsupported
from consentry.fhir import jsontext, pages
from consentry.fhir.pages import Entry
from consentry.fhir.search_answer import MATCH, OUTCOME
from consentry.fhir.search_match import in_order
from consentry.fhir.search_query import Search
from consentry.fhir.search_subset import subset
from consentry.gateway.fhir import search, showing
from consentry.gateway.fhir.preferences import strict
from consentry.gateway.problems import FHIR_JSON

OFFSET = "_offset"
INCLUDES = ("_include", "_revinclude")
"""Nothing comes along with what is public, or known to the desk."""


def offset_of(pairs: Iterable[tuple[str, str]]) -> tuple[list[tuple[str, str]], int]:
    """The other parameters, and after how many matches the page begins. Raises SearchInvalid."""
    sent = list(pairs)
    given = [value for name, value in sent if name == OFFSET]
    if len(given) > 1 or not all(re.fullmatch(r"[0-9]{1,6}", one) for one in given):
        raise SearchInvalid(f"{OFFSET}: must be a number, once; follow the links of the page before")
    return [pair for pair in sent if pair[0] != OFFSET], int(given[0]) if given else 0


def page(matched: Iterable[dict[str, Any]], asked: Search, start: int) -> Response:
    """In the order that is asked. What was asked by a number comes in one page: no address may hold the number (F-23)."""
    asked, shape = _without(asked, *INCLUDES), asked.shape
    found = in_order(matched, shape.order)
    count = shape.count
    if not shape.counts_only and len(found) > count and any(search.is_number(name) for name, _ in asked.used):
        asked, count = _without(asked, "_count"), len(found)
    shown = [] if shape.counts_only else found[start : start + count]
    links = {"self": _at(asked, start)}
    if shown and start + count < len(found):
        links["next"] = _at(asked, start + count)
    return bundle(shown, asked, len(found) if shape.total or shape.counts_only else None, links)


def bundle(
    shown: Sequence[dict[str, Any]], asked: Search, total: int | None, links: Mapping[str, str]
) -> Response:
    """These matches, whole or in the part that is asked, and what is said of parameters that did not count."""
    base = showing.base()
    entries = [
        Entry(_written(one, asked), MATCH, f"{base}/{one['resourceType']}/{one['id']}") for one in shown
    ]
    said = [] if asked.shape.counts_only else search.ignored(asked)
    if said:
        entries.append(Entry(jsontext.write({"resourceType": "OperationOutcome", "issue": said}), OUTCOME))
    return Response(pages.page("searchset", entries, total, links), content_type=FHIR_JSON)


def _written(resource: dict[str, Any], asked: Search) -> bytes:
    shape = asked.shape
    if not shape.elements and not shape.without_text:
        return jsontext.write(resource)
    return jsontext.write(subset(resource, shape.elements, shape.without_text))


def _without(asked: Search, *names: str) -> Search:
    """The search without parameters that do not count here: ignored and said, or refused. Raises SearchUnsupported."""
    given = [name for name, _ in asked.used if name in names]
    if given and strict():
        raise SearchUnsupported(f"{given[0]}: is not supported here")
    used = tuple(pair for pair in asked.used if pair[0] not in names)
    return replace(asked, used=used, ignored=(*asked.ignored, *given))


def _at(asked: Search, start: int) -> str:
    address = search.address(asked)
    return f"{address}{'&' if '?' in address else '?'}{urlencode({OFFSET: start})}" if start else address
