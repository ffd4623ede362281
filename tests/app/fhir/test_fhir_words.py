"""Dates, departments and OperationOutcomes (F-1, F-2, G-2)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consentry import errors
from consentry.domain import times
from consentry.fhir import jsontext
from consentry.fhir.dates import interval
from consentry.fhir.departments import department
from consentry.fhir.outcome import operation_outcome
from consentry.fhir.validate import problems


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2024", "2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z"),
        ("2024-02", "2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z"),
        ("2024-12", "2024-12-01T00:00:00Z", "2025-01-01T00:00:00Z"),
        ("2024-02-29", "2024-02-29T00:00:00Z", "2024-03-01T00:00:00Z"),
        ("2024-02-29T23:30:00+08:00", "2024-02-29T15:30:00Z", "2024-02-29T15:30:01Z"),
        ("2024-02-29T23:30:00.999-03:30", "2024-03-01T03:00:00Z", "2024-03-01T03:00:01Z"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z", "2017-01-01T00:00:00Z"),
    ],
)
def test_interval_covers_what_a_partial_date_covers(text: str, start: str, end: str) -> None:
    """Design §6: FHIR partial dates become intervals, end exclusive."""
    found = interval(text)
    assert found is not None and (found.start_text, times.iso(found.end)) == (start, end)


@pytest.mark.parametrize(
    "text", ["", "24", "2024-13", "2024-02-30", "2024-02-01T10", "1799", "9999", "2024-01-01T00:00:00+19:00"]
)
def test_interval_is_none_for_what_is_no_date(text: str) -> None:
    """F-2"""
    assert interval(text) is None


@given(st.datetimes().filter(lambda moment: 1801 < moment.year < 9998))
def test_interval_of_an_instant_is_its_second(moment: Any) -> None:
    """F-2"""
    text = f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond:06d}Z".rjust(27, "0")
    found = interval(text)
    assert found is not None and found.end == found.start + 1


@pytest.mark.parametrize(
    ("resource", "code"),
    [
        (
            {
                "resourceType": "Encounter",
                "serviceType": {"coding": [{"system": "http://snomed.info/sct", "code": "394579002"}]},
            },
            "cardiology",
        ),
        ({"resourceType": "Encounter", "serviceType": {"text": "神经内科"}}, "neurology"),
        ({"resourceType": "Encounter", "type": [{"text": "Emergency visit"}]}, "emergency"),
        ({"resourceType": "Location", "name": "Ward 3, 儿科"}, "paediatrics"),
        ({"resourceType": "Practitioner", "name": [{"text": "Dr Cardiology"}]}, "any"),
        ({"resourceType": "Encounter", "type": [{"text": "Ambulatory visit"}]}, "any"),
    ],
)
def test_department_is_a_code_of_the_list_or_any(resource: dict[str, Any], code: str) -> None:
    """L-2: the header's department."""
    assert department([resource]) == code


def test_department_believes_codings_before_words() -> None:
    """L-2"""
    words = {"resourceType": "Encounter", "type": [{"text": "surgery"}]}
    place = {
        "resourceType": "Location",
        "type": [
            {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-RoleCode", "code": "CARD"}]}
        ],
    }
    assert department([words, place]) == "cardiology"


def every_error(root: type[errors.ConsentryError]) -> list[type[errors.ConsentryError]]:
    return [found for child in root.__subclasses__() for found in (child, *every_error(child))]


@pytest.mark.parametrize("kind", every_error(errors.ConsentryError), ids=lambda kind: kind.code)
def test_every_error_has_a_valid_operation_outcome(kind: type[errors.ConsentryError]) -> None:
    """G-2"""
    error = kind.__new__(kind)
    errors.ConsentryError.__init__(error, expression=("Bundle.entry[0]",))
    tree = operation_outcome(error)
    (issue,) = tree["issue"]
    assert problems_of(tree) == ()
    assert issue["details"]["coding"][0]["code"] == kind.code and issue["expression"] == ["Bundle.entry[0]"]
    assert jsontext.read(jsontext.write(tree), max_depth=8) == tree


def problems_of(tree: dict[str, Any]) -> tuple[str, ...]:
    return problems(tree, "OperationOutcome")
