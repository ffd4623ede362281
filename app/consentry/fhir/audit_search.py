"""A search for audit events (R4 auditevent.html#search): which values of which parameters, and between which times (J-6)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from consentry.errors import SearchInvalid, SearchUnsupported
from consentry.fhir.audit_facts import EVENT_ID_BYTES
from consentry.fhir.search_dates import DateTest, Prefix
from consentry.fhir.search_parameters import Kind
from consentry.fhir.search_query import Criterion, Search, Test, TokenTest

TYPE = "AuditEvent"
AFTER = "_after"
"""Our own parameter: the id of the last event of the page before."""

MAX_COUNT = 200
FOUND_BY = frozenset(
    ("_id", "_lastUpdated", "action", "agent", "date", "entity", "outcome", "patient", "subtype", "type")
)
_TIMES = ("date", "_lastUpdated")
_ID = re.compile(rf"[0-9a-f]{{{2 * EVENT_ID_BYTES}}}")


@dataclass(frozen=True)
class AuditSearch:
    """`choices`: by search parameter, the values of which one must fit; `since` and before `until` in seconds; `after`
    the id of the last event of the page before, or empty."""

    choices: tuple[tuple[str, tuple[str, ...]], ...] = ()
    since: int | None = None
    until: int | None = None
    after: str = ""
    count: int = 50


def audit_search(search: Search, after: str) -> AuditSearch:
    """What the trail is asked. Newest first is the one order there is. Raises SearchInvalid, SearchUnsupported."""
    if after and not _ID.fullmatch(after):
        raise SearchInvalid(f"{AFTER}: must be taken from a page's next link")
    shape = search.shape
    if any(not one.falling or one.parameter.name not in _TIMES for one in shape.order):
        raise SearchUnsupported("_sort: audit events come newest first; -date is the one order there is")
    if shape.includes or shape.provenance or shape.elements:
        raise SearchUnsupported(f"_include, _revinclude and _elements: are not supported for {TYPE}")
    choices = []
    since: list[int] = []
    until: list[int] = []
    for one in search.criteria:
        typed = one.parameter.kind is Kind.REFERENCE and one.missing is None
        if one.parameter.name not in FOUND_BY or (one.modifier and not typed):
            name = f"{one.parameter.name}:{one.modifier}".rstrip(":")
            raise SearchUnsupported(f"{name}: is not supported for {TYPE}")
        if one.parameter.name in _TIMES:
            _bound(one, since, until)
        else:
            choices.append((one.parameter.name, tuple(map(_value, one.tests))))
    count = 0 if shape.counts_only else min(shape.count, MAX_COUNT)
    return AuditSearch(
        tuple(sorted(choices, key=_selective)),
        max(since, default=None),
        min(until, default=None),
        after,
        count,
    )


def _value(test: Test) -> str:
    if isinstance(test, TokenTest):
        if test.code is None:
            raise SearchUnsupported("a system without a code is not searched for")
        return f"{test.system}|{test.code}" if test.system else test.code
    assert isinstance(test, str)
    return test


def _bound(one: Criterion, since: list[int], until: list[int]) -> None:
    """An event is of one second: each test is a bound or two."""
    if len(one.tests) != 1 or not isinstance(one.tests[0], DateTest):
        raise SearchUnsupported(
            f"{one.parameter.name}: takes one date; give it twice for a beginning and an end"
        )
    test = one.tests[0]
    asked, prefix = test.asked, test.prefix
    if prefix is Prefix.NE:
        raise SearchUnsupported(f"{one.parameter.name}: ne is not supported for {TYPE}")
    if prefix in (Prefix.EQ, Prefix.GE, Prefix.AP):
        since.append(asked.start - test.about)
    if prefix in (Prefix.EQ, Prefix.LE, Prefix.AP):
        until.append(asked.end + test.about)
    if prefix in (Prefix.GT, Prefix.SA):
        since.append(asked.end)
    if prefix in (Prefix.LT, Prefix.EB):
        until.append(asked.start)


def _selective(choice: tuple[str, tuple[str, ...]]) -> int:
    """The rarest first: the trail is led by it."""
    order = ("_id", "patient", "entity", "agent")
    return order.index(choice[0]) if choice[0] in order else len(order)
