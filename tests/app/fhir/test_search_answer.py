"""Answers and pages out of opened records (F-17, F-18, F-20, F-22)."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consentry.domain.categories import Category
from consentry.errors import NotFhir
from consentry.fhir import jsontext, pages
from consentry.fhir.history import RetractedVersion
from consentry.fhir.merge import OpenedRecord, Receipt, everything
from consentry.fhir.pages import Entry
from consentry.fhir.provenance import provenance
from consentry.fhir.search_answer import Part, answer, categories_named, everything_pages
from consentry.fhir.search_query import Context, Search, parse_search
from consentry.fhir.validate import problems
from consentry.fhir.versions import versions
from tests.app.fhir.builders import bundle, condition, observation, patient, resource_lists
from tests.app.fhir.test_fhir_merge import BASE, opened
from tests.app.fhir.test_search_match import ANYTHING

REF = "Patient/a-1"


def asked(query: str, kind: str = "Observation") -> Search:
    pairs = [tuple(one.split("=", 1)) for one in query.split("&") if one]
    return parse_search(kind, [("patient", "a-1"), *pairs], Context(BASE, 0))  # type: ignore[list-item]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(resource_lists(), st.integers(1, 4))
def test_pages_of_everything_are_everything(found: list[dict[str, Any]], count: int) -> None:
    """F-18: each resource once, in the order of `$everything`; and every one of them valid."""
    records = opened(bundle(*found))
    whole = everything(records, REF, BASE)
    part = Part(lambda kind: True, False, "", count)
    got = everything_pages(records, REF, part)
    rows = [(f"{BASE}/{got.items[place].name}", mode) for page in got.pages for place, mode in page]
    assert rows == [(row["fullUrl"], row["search"]["mode"]) for row in whole["entry"]]
    assert got.total == whole["total"] and all(len(page) <= count for page in got.pages)
    assert all(problems(one.resource, "") == () for one in got.items)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(resource_lists())
def test_searches_by_type_give_every_resource_once(found: list[dict[str, Any]]) -> None:
    """F-17"""
    records = opened(bundle(*found))
    for kind in ("Observation", "Condition", "Encounter"):
        got = answer(asked("_count=2", kind), records, REF, lambda kind: True)
        matched = [got.items[place] for page in got.pages for place, mode in page if mode == "match"]
        assert len(matched) == got.total == sum(one["resourceType"] == kind for one in found)
        assert len({one.name for one in matched}) == got.total


def test_answer_holds_nothing_that_the_caller_may_not_be_given() -> None:
    """F-17: neither as a match nor as an include, nor for reads by id."""
    records = opened(bundle(patient(), observation("o1"), condition("c1")))
    got = answer(asked("_include=Observation:patient"), records, REF, lambda kind: kind == "Observation")
    assert {one.resource["resourceType"] for one in got.items} == {"Observation"} and got.total == 1


def test_page_is_what_writing_the_tree_would_give() -> None:
    """F-18: canonical, with and without entries, total and outcome."""
    resource = {"resourceType": "Basic", "id": "ü", "extension": [{"url": "x", "valueDecimal": 7}]}
    text, link = jsontext.write(resource), {"self": f"{BASE}/Basic?a=%C3%BC&b=1"}
    entries = [Entry(text, "match", f"{BASE}/Basic/1"), Entry(text, "outcome")]
    written = pages.page("searchset", entries, 7, link)
    tree = jsontext.read(written, max_depth=20)
    assert jsontext.write(tree) == written and tree["total"] == 7
    assert [sorted(row) for row in tree["entry"]] == [
        ["fullUrl", "resource", "search"],
        ["resource", "search"],
    ]
    assert json.loads(pages.page("searchset", [], None, link)).keys() == {"link", "resourceType", "type"}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", None),
        ("_tag=urn:other|laboratory", None),
        ("_tag=laboratory", None),
        ("_tag=urn:consentry:category|laboratory,urn:other|x", None),
        ("_tag=urn:consentry:category|", None),
        ("_tag:not=urn:consentry:category|laboratory", None),
        ("_tag=urn:consentry:category|laboratory", {Category.LABORATORY}),
        (
            "_tag=urn:consentry:category|laboratory,urn:consentry:category|visit",
            {Category.LABORATORY, Category.VISIT},
        ),
        ("_tag=urn:consentry:category|visit&_tag=urn:consentry:category|hiv", set()),
        ("_tag=urn:consentry:category|nothing", set()),
    ],
)
def test_categories_are_left_out_only_where_nothing_in_them_could_fit(
    query: str, expected: set[Category] | None
) -> None:
    """F-17"""
    assert categories_named(asked(query)) == expected


def test_versions_are_those_of_one_resource_and_its_retracted_ones() -> None:
    """F-20"""
    first = opened(bundle(patient(), observation("o1"), observation("o2")))[0]
    second = replace(first, record_id="0x" + "2" * 64, version=2, document=first.record_id)
    other = opened(bundle(patient(), condition("c1")), first=7)
    name = answer(asked(""), [first], REF, lambda kind: True).items[1].name
    gone = [
        RetractedVersion("0x3", first.record_id, 3, first.author, "", first.category, first.date),
        RetractedVersion("0x4", "0x9", 4, first.author, "", first.category, first.date),
    ]
    told = versions([first, *other, second], gone, REF, name)
    assert [(one.version, one.method) for one in told] == [(3, "DELETE"), (2, "PUT"), (1, "POST")]
    assert told[0].resource is None and told[1].resource is not None
    assert told[1].resource["meta"]["versionId"] == "2"


def test_provenance_names_author_record_receipts_and_what_it_replaces() -> None:
    """F-22"""
    record: OpenedRecord = replace(
        opened(bundle(patient(), observation("o1")))[0],
        receipts=(Receipt("0x" + "a" * 40, 17, "0x" + "b" * 64),),
        replaces="0x" + "c" * 64,
        anchored_at="2026-01-02T03:04:05Z",
    )
    said = provenance(record, ["Observation/1"])
    assert problems(said, "") == () and said["recorded"] == "2026-01-02T03:04:05Z"
    values = [(one["role"], one["what"]["identifier"]["value"]) for one in said["entity"]]
    assert values == [
        ("source", record.record_id),
        ("source", "0x" + "b" * 64),
        ("revision", "0x" + "c" * 64),
    ]
    assert "Receipt 17" in said["entity"][1]["what"]["display"]
    assert provenance(replace(record, anchored_at=""), ["x/1"])["recorded"] == record.date


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(("Observation", "Patient", "Practitioner", "Provenance")),
    st.dictionaries(
        st.sampled_from(
            ("meta", "id", "subject", "code", "contained", "text", "target", "gender", "performer")
        ),
        ANYTHING,
    ),
)
def test_whatever_an_author_sealed_is_shown_or_said(kind: str, more: dict[str, Any]) -> None:
    """F-17: there is no record that breaks an answer otherwise than as one that does not hold FHIR."""
    content = jsontext.write({"entry": [{"resource": {"resourceType": kind, "id": "x", **more}}]})
    record = replace(opened(bundle(patient(), observation("o1")))[0], content=content)
    search = asked(
        "_elements=code&_revinclude=Provenance:target&_include=Observation:performer&_sort=-code,date"
    )
    part = Part(lambda kind: True, True, "", 5)
    try:
        items = [*answer(search, [record], REF, lambda kind: True).items]
        items += everything_pages([record], REF, part).items
    except NotFhir:
        return
    assert all(jsontext.write(one.resource) for one in items)
    for one in items:
        versions([record], [], REF, one.name)
