"""What lies in a provision of a scope, field by field (W-107)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from consentry.domain.provisions import Provision, exceeding

MAY, JUNE = "2026-05-01T00:00:00Z", "2026-06-01T00:00:00Z"
SCOPE = Provision(("TREAT", "COC"), ("laboratory", "visit"), "R", MAY, JUNE, ("Mercy",), ("any",))
OPEN = Provision(("any",), ("any",), "any", "any", "any", ("any",), ("any",))


@pytest.mark.parametrize(
    "less",
    [
        {},
        {"purposes": ("COC",)},
        {"categories": ("visit",)},
        {"confidentiality": "N"},
        {"data_from": "2026-05-02T00:00:00Z"},
        {"data_until": "2026-05-31T00:00:00Z"},
        {"records": ("0x" + "11" * 32,)},
    ],
)
def test_exceeding_names_nothing_when_each_field_lies_inside(less: dict[str, Any]) -> None:
    assert exceeding(replace(SCOPE, **less), SCOPE) is None
    assert exceeding(replace(SCOPE, **less), OPEN) is None


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"purposes": ("TREAT", "HRESCH")}, "purposes"),
        ({"purposes": ("any",)}, "purposes"),
        ({"categories": ("psychiatry",)}, "categories"),
        ({"authors": ("Mercy", "City")}, "authors"),
        ({"authors": ("any",)}, "authors"),
        ({"confidentiality": "V"}, "confidentiality"),
        ({"confidentiality": "any"}, "confidentiality"),
        ({"data_from": "2026-04-30T23:59:59Z"}, "dataFrom"),
        ({"data_from": "any"}, "dataFrom"),
        ({"data_until": "2026-06-01T00:00:01Z"}, "dataUntil"),
        ({"data_until": "any"}, "dataUntil"),
    ],
)
def test_exceeding_names_the_field_that_allows_more(more: dict[str, Any], field: str) -> None:
    assert exceeding(replace(SCOPE, **more), SCOPE) == field
    assert exceeding(replace(OPEN, **more), OPEN) is None


def test_exceeding_names_records_when_the_scope_has_some() -> None:
    one, two = "0x" + "11" * 32, "0x" + "22" * 32
    some = replace(OPEN, records=(one,))
    assert exceeding(some, some) is None
    assert exceeding(replace(OPEN, records=(one, two)), some) == "records"
    assert exceeding(OPEN, some) == "records"
