"""What operations are called with by POST (F-35)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from consentry.errors import InputError
from consentry.fhir.parameters import MAX_PARAMETERS, simple


def raw(*rows: Any) -> bytes:
    return json.dumps({"resourceType": "Parameters", "parameter": list(rows)}).encode()


def test_plain_values_in_their_order() -> None:
    """F-35."""
    rows = [
        {"name": "_type", "valueCode": "Observation"},
        {"name": "_count", "valueInteger": 5},
        {"name": "_type", "valueCode": "Patient"},
        {"name": "_history", "valueBoolean": True},
    ]
    found = [("_type", "Observation"), ("_count", "5"), ("_type", "Patient"), ("_history", "true")]
    assert simple(raw(*rows)) == found
    assert simple(b"") == simple(b'{"resourceType": "Parameters"}') == []


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b"{",
        b'{"resourceType": "Patient"}',
        b'{"resourceType": "Parameters", "parameter": {}}',
        raw("x"),
        raw({"name": 1, "valueCode": "x"}),
        raw({"name": "_type"}),
        raw({"name": "_type", "valueCode": "x", "valueString": "y"}),
        raw({"name": "_type", "resource": {"resourceType": "Patient"}}),
        raw({"name": "_type", "part": []}),
        raw({"name": "_since", "valuePeriod": {"start": "2026"}}),
        raw(*[{"name": "_type", "valueCode": "x"}] * (MAX_PARAMETERS + 1)),
    ],
)
def test_anything_else_is_refused(body: bytes) -> None:
    """F-35."""
    with pytest.raises(InputError):
        simple(body)
