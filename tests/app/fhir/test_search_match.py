"""What fits a search, by R4's rules for each kind of parameter (F-16)."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consentry.domain import times
from consentry.fhir.search_match import in_order, matches, targets
from consentry.fhir.search_parameters import Kind, parameters, patient_names, searchable_types
from consentry.fhir.search_query import Context, parse_search
from consentry.fhir.search_results import Order

NOW = times.seconds("2026-01-01T00:00:00Z")


def fits(query: str, resource: dict[str, Any], kind: str = "Observation") -> bool:
    search = parse_search(kind, parse_qsl(f"patient=a&{query}"), Context("https://c.example/fhir", NOW))
    return matches({"resourceType": kind, **resource}, search.criteria)


@pytest.mark.parametrize(
    ("asked", "instants", "days", "open_period"),
    [
        # R4 search.html §3.1.1.4.2: an instant, a day, and a period from that day without an end
        ("2025-03-04", True, True, False),
        ("eq2025-03", True, True, False),
        ("eq2025-03-04T09:00:00Z", True, False, False),
        ("ne2025-03-04", False, False, True),
        ("gt2025-03-04", False, False, True),
        ("gt2025-03-03", True, True, True),
        ("lt2025-03-04", False, False, False),
        ("lt2025-03-04T09:00:00Z", False, True, True),
        ("ge2025-03-04", True, True, True),
        ("ge2025-03-05", False, False, True),
        ("le2025-03-04", True, True, False),
        ("le2025-03-03", False, False, False),
        ("sa2025-03-03", True, True, True),
        ("sa2025-03-04", False, False, False),
        ("eb2025-03-05", True, True, False),
        ("eb2025-03-04", False, False, False),
        ("ap2025-03-20", True, True, True),
        ("ap2025-08", False, False, True),
        ("2025-03-04T17:00:00+08:00", True, False, False),
        ("2025", True, True, False),
    ],
)
def test_dates_compare_as_intervals(asked: str, instants: bool, days: bool, open_period: bool) -> None:  # noqa: FBT001 - a table
    """F-16"""
    query = "date=" + asked.replace("+", "%2B")
    assert fits(query, {"effectiveDateTime": "2025-03-04T09:00:00Z"}) is instants
    assert fits(query, {"effectiveDateTime": "2025-03-04"}) is days
    assert fits(query, {"effectivePeriod": {"start": "2025-03-04"}}) is open_period
    assert not fits(query, {})


def test_dates_are_found_in_timings_and_periods_without_start() -> None:
    """F-16"""
    timing = {"event": ["2025-01-01", "2025-02-01"], "repeat": {"boundsPeriod": {"end": "2025-03-01"}}}
    assert fits("date=le2025-01-01", {"effectiveTiming": timing})
    assert not fits("date=gt2025-04", {"effectiveTiming": timing})
    assert fits("date=eb2025-04", {"effectivePeriod": {"end": "2025-03-01"}})
    assert not fits("date=2025", {"effectiveTiming": {"code": {"text": "daily"}}, "effectivePeriod": {}})


def test_tokens_compare_system_and_code() -> None:
    """F-16: codes without case; plain codes have the system that R4 implies."""
    coded = {"code": {"coding": [{"system": "urn:s", "code": "Abc"}, {"code": "bare"}]}, "status": "final"}
    for query in (
        "code=abc",
        "code=urn:s|ABC",
        "code=urn:s|",
        "code=|bare",
        "code=x,abc",
        "status=final",
        "status=http://hl7.org/fhir/observation-status|final",
        "code:not=other",
        "category:not=laboratory",
        "category:missing=true",
    ):
        assert fits(query, coded), query
    for query in ("code=urn:t|abc", "code=|abc", "code=ab", "code:not=abc", "code=abc&status=amended"):
        assert not fits(query, coded), query
    listed = {"identifier": [{"system": "urn:lab", "value": "7"}], "active": True}
    assert fits("identifier=urn:lab|7&active=true", listed, "PractitionerRole")
    assert not fits("active=false", listed, "PractitionerRole")


def test_references_compare_by_id_type_and_identifier() -> None:
    """F-16"""
    seen = {"encounter": {"reference": "Encounter/e-1", "identifier": {"system": "urn:v", "value": "9"}}}
    for query in (
        "encounter=e-1",
        "encounter=Encounter/e-1",
        "encounter:Encounter=e-1",
        "encounter=https://c.example/fhir/Encounter/e-1",
        "encounter:identifier=urn:v|9",
    ):
        assert fits(query, seen), query
    for query in ("encounter=e-2", "encounter=Visit/e-1", "encounter:identifier=8", "encounter:missing=true"):
        assert not fits(query, seen), query
    assert fits("encounter:identifier=9", {"encounter": {"identifier": {"value": "9"}}})
    asked = {"questionnaire": "https://forms.example/q|1"}
    assert fits(r"questionnaire=https://forms.example/q\|1", asked, "QuestionnaireResponse")


def test_strings_compare_beginnings_without_case_and_accents() -> None:
    """F-16"""
    named = {"name": [{"family": "Müller", "given": ["Zoë"], "text": "Dr. Zoë Müller"}]}
    for query in ("name=mull", "name=ZOE", "name:contains=llER", "name:exact=Müller", "family=mü"):
        assert fits(query, named, "Practitioner"), query
    for query in ("name=uller", "name:exact=muller", "given=Müller"):
        assert not fits(query, named, "Practitioner"), query
    device = {"url": "https://d.example/one"}
    assert fits("url:below=https://d.example", device, "Device") and fits(
        "url=https://d.example/one", device, "Device"
    )
    assert not fits("url=https://d.example", device, "Device")


def test_order_puts_what_lacks_the_parameter_last() -> None:
    """F-16: rising by the first of several values, falling by the last."""
    rows: list[dict[str, Any]] = [
        {"id": "a", "effectiveDateTime": "2025-03"},
        {"id": "b"},
        {"id": "c", "effectiveDateTime": "2025-01"},
        {"id": "d", "effectivePeriod": {"start": "2024", "end": "2026"}, "status": "final"},
    ]
    for query, expected in (("date", "dcab"), ("-date", "acdb"), ("status,-date", "dacb"), ("-_id", "dcba")):
        search = parse_search("Observation", [("patient", "p"), ("_sort", query)], Context("x", NOW))
        assert "".join(one["id"] for one in in_order(rows, search.shape.order)) == expected, query


ASKED = {
    Kind.DATE: "ge2025-01",
    Kind.REFERENCE: "Encounter/x",
    Kind.STRING: "x",
    Kind.TOKEN: "urn:s|x",
    Kind.URI: "urn:x",
}
NAMES = (
    "coding",
    "code",
    "system",
    "value",
    "reference",
    "identifier",
    "start",
    "end",
    "event",
    "repeat",
    "text",
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(("x", "2025-02", "", "9999-99", "0000")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(searchable_types()), st.data())
def test_whatever_an_author_sealed_is_compared(kind: str, data: st.DataObject) -> None:
    """F-16: a search knows an answer about every resource, however it is formed; none spoils anybody's search."""
    known = parameters(kind)
    names = sorted({path.partition(".")[0] for one in known.values() for path in one.paths})
    resource = {"resourceType": kind, "id": "i"}
    resource |= data.draw(st.dictionaries(st.sampled_from(names), ANYTHING, max_size=6))
    for name, one in ((name, one) for name, one in known.items() if name not in patient_names(kind)):
        for modifier in ("", ":missing"):
            value = "true" if modifier else ASKED[one.kind]
            pairs = [("patient", "p"), (name + modifier, value)]
            search = parse_search(kind, pairs, Context("x", NOW))
            assert matches(resource, search.criteria) in (True, False)
        if one.kind is Kind.REFERENCE:
            assert all(isinstance(found, str) for found in targets(resource, [one]))
        else:
            in_order([resource, {"id": "j"}], [Order(one, falling=True), Order(one, falling=False)])
