"""What a request asks for, by its address alone, without what a caller made up (J-1, J-3)."""

from __future__ import annotations

import pytest

from consentry.fhir.audit_facts import Pattern
from consentry.fhir.audit_request import MOST_PARAMETERS, asked


@pytest.mark.parametrize(
    ("method", "path", "pattern", "subtypes", "named"),
    [
        ("POST", "", Pattern.CREATE, ("create", "transaction"), ("", "")),
        ("POST", "/Observation", Pattern.CREATE, ("create",), ("Observation", "")),
        ("GET", "/Observation/1", Pattern.READ, ("read",), ("Observation", "1")),
        ("HEAD", "/Observation/1", Pattern.READ, ("read",), ("Observation", "1")),
        ("GET", "/Observation/1/_history", Pattern.READ, ("read", "history-instance"), ("Observation", "1")),
        ("GET", "/Observation/1/_history/2", Pattern.READ, ("vread",), ("Observation", "1")),
        ("PUT", "/Observation/1", Pattern.UPDATE, ("update",), ("Observation", "1")),
        ("PATCH", "/Observation/1", Pattern.UPDATE, ("patch",), ("Observation", "1")),
        ("DELETE", "/Observation/1", Pattern.DELETE, ("delete",), ("Observation", "1")),
        ("GET", "/Observation", Pattern.QUERY, ("search-type",), ("Observation", "")),
        ("POST", "/Observation/_search", Pattern.QUERY, ("search-type",), ("Observation", "")),
        ("GET", "/Patient/1/Observation", Pattern.QUERY, ("search-type",), ("Observation", "")),
        ("GET", "/Patient/1/$everything", Pattern.QUERY, ("search-type", "operation"), ("Patient", "1")),
        ("GET", "", Pattern.QUERY, ("search-system",), ("", "")),
        ("POST", "/_search", Pattern.QUERY, ("search-system",), ("", "")),
        ("GET", "/what/ever", Pattern.QUERY, ("search-system",), ("", "")),
    ],
)
def test_asked_tells_the_interaction(
    method: str, path: str, pattern: Pattern, subtypes: tuple[str, ...], named: tuple[str, str]
) -> None:
    """J-1."""
    found = asked(method, path, ())
    assert (found.pattern, found.subtypes, (found.type, found.id)) == (pattern, subtypes, named)


@pytest.mark.parametrize(
    ("path", "parameters", "query"),
    [
        ("/Patient/123-45/$everything", [], "GET /fhir/Patient/…/$everything"),
        ("/123-45", [("123-45", "")], "GET /fhir/…?…"),
        (
            "/Observation",
            [("patient", "123-45"), ("code:not", "1234-5"), ("_count", "20"), ("_total", "123-45")],
            "GET /fhir/Observation?patient=&code:not=&_count=20&_total=",
        ),
    ],
)
def test_asked_repeats_no_id_and_no_value(path: str, parameters: list[tuple[str, str]], query: str) -> None:
    """J-3: names of types, operations and parameters, and how many were wanted."""
    assert asked("GET", path, parameters).query == query


def test_asked_is_bounded() -> None:
    """J-4: however many parameters are sent."""
    found = asked("GET", "/Observation", [("code", "1")] * 1000)
    assert found.query.count("code=") == MOST_PARAMETERS
