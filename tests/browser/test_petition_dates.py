"""Until when the law keeps a record, as the patient's page computes it."""

from __future__ import annotations

from typing import Any

import pytest

from consentry.domain import times
from consentry.domain.categories import Category
from consentry.services.retention import built_in, kept_until
from tests.browser.node import evaluate

SOURCE = """
import { keptUntil } from "./app/browser/core/petitions";
declare const given: any[];
console.log(JSON.stringify(given.map(({ date, category, anchoredAt, rules, now }) =>
  keptUntil({ header: { date, category } as any, anchoredAt }, rules, now))));
"""
NOW = times.seconds("2026-11-22T12:00:00Z")
DATES = ("1990-01-01T00:00:00Z", "2016-02-29T23:59:59Z", "2018-11-22T12:00:00Z", "2026-11-01T08:00:00Z")


@pytest.mark.parametrize("jurisdiction", [*sorted(built_in()), "ZZ"])
def test_keeping_is_computed_as_the_hospital_does(jurisdiction: str) -> None:
    """W-43, X-1: the longest row that fits, from the later of date and anchor, to the second; none, and nothing is said."""
    rules = built_in().get(jurisdiction, ())
    rows = [{"category": one.category, "years": one.years, "source": one.source} for one in rules]
    cases: list[dict[str, Any]] = []
    expected = []
    for category in (Category.LABORATORY, Category.IMAGING, Category.PROCEDURE):
        for date in DATES:
            for anchored in (times.seconds(date) - 5, times.seconds("2017-03-01T00:00:00Z")):
                cases.append(
                    {"date": date, "category": category, "anchoredAt": anchored, "rules": rows, "now": NOW}
                )
                since = max(times.seconds(date), anchored)
                kept = kept_until(built_in(), jurisdiction, category, since, NOW) if rules else None
                expected.append(
                    None if kept is None else {"until": times.iso(kept.until), "source": kept.rule.source}
                )
    assert evaluate(SOURCE, cases) == expected
