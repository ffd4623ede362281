"""Which resources a search means, and in which order (R4 search.html §3.1.1.4 and §3.1.1.5.1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from consentry.fhir import search_values
from consentry.fhir.jsontext import Json
from consentry.fhir.search_dates import DateTest, fits
from consentry.fhir.search_parameters import Kind, Parameter
from consentry.fhir.search_query import Criterion, TokenTest
from consentry.fhir.search_results import Order
from consentry.fhir.search_values import Named, Token, folded

Resource = dict[str, Json]


def matches(resource: Resource, criteria: Iterable[Criterion]) -> bool:
    """Whether it fits all of them."""
    return all(_fits(resource, one) for one in criteria)


def in_order(resources: Iterable[Resource], order: Sequence[Order]) -> list[Resource]:
    """Sorted by these parameters, stably; what lacks one comes after what has it, in either direction."""
    found = list(resources)
    for one in reversed(order):
        keyed = [(_sort_key(resource, one), resource) for resource in found]
        having = [(key, resource) for key, resource in keyed if key is not None]
        having.sort(key=lambda pair: pair[0], reverse=one.falling)
        found = [resource for _, resource in having] + [resource for key, resource in keyed if key is None]
    return found


def targets(resource: Resource, parameters: Iterable[Parameter]) -> list[str]:
    """The literals that these reference parameters hold, `Type/id`."""
    return [
        named.literal
        for one in parameters
        for named in search_values.references(resource, one)
        if named.literal
    ]


def _fits(resource: Resource, criterion: Criterion) -> bool:
    parameter = criterion.parameter
    if criterion.missing is not None:
        return search_values.holds_any(resource, parameter) is not criterion.missing
    if parameter.kind is Kind.TOKEN:
        found = list(search_values.tokens(resource, parameter))
        held = any(_same(token, test) for test in criterion.tests for token in found)
        return held is not (criterion.modifier == "not")
    if parameter.kind is Kind.DATE:
        return any(
            isinstance(test, DateTest) and fits(one, test)
            for one in search_values.intervals(resource, parameter)
            for test in criterion.tests
        )
    if parameter.kind is Kind.REFERENCE:
        return any(
            _means(one, test)
            for one in search_values.references(resource, parameter)
            for test in criterion.tests
        )
    return any(
        _reads(text, test, criterion)
        for text in search_values.strings(resource, parameter)
        for test in criterion.tests
    )


def _same(token: Token, test: object) -> bool:
    """Codes without case: R4 finds too much the lesser harm. A plain code's system is implied, and so any."""
    if not isinstance(test, TokenTest):
        return False
    if test.system is not None and token.system is not None and token.system != test.system:
        return False
    return test.code is None or token.code.casefold() == test.code.casefold()


def _means(named: Named, test: object) -> bool:
    if isinstance(test, TokenTest):
        return named.identifier is not None and _same(named.identifier, test)
    literal = named.literal
    return bool(literal) and (literal == test or literal.rpartition("/")[2] == test)


def _reads(text: str, test: object, criterion: Criterion) -> bool:
    asked = str(test)
    if criterion.parameter.kind is Kind.URI:
        return text.startswith(asked) if criterion.modifier == "below" else text == asked
    if criterion.modifier == "exact":
        return text == asked
    return asked in folded(text) if criterion.modifier == "contains" else folded(text).startswith(asked)


def _sort_key(resource: Resource, order: Order) -> tuple[int, str] | None:
    """Rising by the first, falling by the last of several values."""
    choose = max if order.falling else min
    if order.parameter.kind is Kind.DATE:
        found = list(search_values.intervals(resource, order.parameter))
        return (choose(one.start for one in found), "") if found else None
    if order.parameter.kind is Kind.TOKEN:
        texts = [token.code for token in search_values.tokens(resource, order.parameter)]
    else:
        texts = [folded(text) for text in search_values.strings(resource, order.parameter)]
    return (0, choose(texts)) if texts else None
