"""Clocks that beat erasure (X-1)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from consentry.domain import times
from consentry.domain.categories import Category
from consentry.errors import ConfigInvalid
from consentry.services.retention import built_in, kept_until, parse, with_own

NOW = times.seconds("2026-11-22T00:00:00Z")
OWN = {
    "jurisdictions": {
        "US": [{"category": "genetics", "years": 40, "source": "house rule 7"}],
        "ZZ": [{"category": "any", "years": 0, "source": "nothing is kept here"}],
    }
}


@pytest.mark.parametrize(
    ("jurisdiction", "category", "date", "until"),
    [
        ("US", Category.LABORATORY, "2020-11-22T00:00:01Z", "2026-11-22T00:00:01Z"),
        ("US", Category.LABORATORY, "2020-11-22T00:00:00Z", None),
        ("US", Category.LABORATORY, "2001-01-01T00:00:00Z", None),
        ("DE", Category.LABORATORY, "2020-01-01T00:00:00Z", "2030-01-01T00:00:00Z"),
        ("DE", Category.PROCEDURE, "2020-01-01T00:00:00Z", "2050-01-01T00:00:00Z"),
        ("FR", Category.VISIT, "2024-02-29T12:00:00Z", "2044-02-29T12:00:00Z"),
        ("GB", Category.VISIT, "2024-02-29T12:00:00Z", "2032-02-29T12:00:00Z"),
        ("CN", Category.VISIT, "2004-02-29T00:00:00Z", "2034-03-01T00:00:00Z"),
    ],
)
def test_kept_until_takes_the_longest_row(
    jurisdiction: str, category: Category, date: str, until: str | None
) -> None:
    """X-1: any row that fits, to the second; 29 February becomes 1 March."""
    kept = kept_until(built_in(), jurisdiction, category, times.seconds(date), NOW)
    assert (None if kept is None else times.iso(kept.until)) == until
    assert kept is None or kept.rule.source


def test_kept_until_is_no_permission_where_the_table_is_silent() -> None:
    """X-1."""
    with pytest.raises(ConfigInvalid, match="jurisdiction"):
        kept_until(built_in(), "", Category.VISIT, times.EARLIEST, NOW)


def test_with_own_only_lengthens(tmp_path: Path) -> None:
    """X-1: rows are added to those of the law, never in their place."""
    path = tmp_path / "own.json"
    path.write_text(json.dumps(OWN))
    table = with_own(path)
    assert kept_until(table, "US", Category.GENETICS, times.seconds("2000-01-01T00:00:00Z"), NOW) is not None
    assert kept_until(table, "US", Category.VISIT, times.seconds("2022-01-01T00:00:00Z"), NOW) is not None
    assert kept_until(table, "ZZ", Category.VISIT, NOW - 60, NOW) is None
    assert with_own(None) == built_in()


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"{}",
        b'{"jurisdictions": []}',
        b'{"jurisdictions": {"US": [{"category": "any", "years": 1}]}}',
        b'{"jurisdictions": {"US": [{"category": "any", "years": -1, "source": "x"}]}}',
        b'{"jurisdictions": {"US": [{"category": "any", "years": 1e9, "source": "x"}]}}',
        b'{"jurisdictions": {"US": [{"category": "any", "years": true, "source": "x"}]}}',
        b'{"jurisdictions": {"US": [{"category": "any", "years": 1, "source": ""}]}}',
        b'{"jurisdictions": {"US": [{"category": "no-such", "years": 1, "source": "x"}]}}',
        b"\xff" * 10,
        b" " * (2 << 20),
    ],
)
def test_parse_refuses_what_is_no_table(raw: bytes) -> None:
    """X-1: a broken table blocks nothing away and permits nothing."""
    with pytest.raises(ConfigInvalid):
        parse(raw, "own.json")


def test_own_table_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigInvalid, match="own.json"):
        with_own(tmp_path / "own.json")


def test_every_built_in_row_names_its_source() -> None:
    """X-1: the law and the article."""
    for rules in built_in().values():
        for rule in rules:
            assert any(sign in rule.source for sign in ("§", "art.", "Code")) and rule.years > 0
