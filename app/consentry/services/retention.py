"""How long the law keeps a record: clocks that beat erasure (specification X-1).

The rows stand in `data/retention.json`, each with its source. They count from the later of a record's date and its anchor: an
old fact may have been written down today. A member adds rows of its own in its settings' file of the same
form; a row can only lengthen what another one says.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from consentry.domain.categories import Category
from consentry.domain.terms import ANY
from consentry.errors import ConfigInvalid

MAX_YEARS = 200
_MAX_BYTES = 1 << 20


@dataclass(frozen=True)
class Rule:
    """Records of this category (or any) are kept for so many years from their date, by this source."""

    category: str
    years: int
    source: str


@dataclass(frozen=True)
class Kept:
    """Until when (seconds) a record must be kept, and by what."""

    until: int
    rule: Rule


Table = Mapping[str, tuple[Rule, ...]]


@cache
def built_in() -> Table:
    return parse(files(__package__).joinpath("data", "retention.json").read_bytes(), "retention.json")


def with_own(path: Path | None) -> Table:
    """The built-in rows, and those of a member's own file. Raises ConfigInvalid."""
    if path is None:
        return built_in()
    try:
        raw = path.read_bytes()[: _MAX_BYTES + 1]
    except OSError as problem:
        raise ConfigInvalid(f"{path.name}: {problem.strerror}") from None
    own, table = parse(raw, path.name), dict(built_in())
    for jurisdiction, rules in own.items():
        table[jurisdiction] = (*table.get(jurisdiction, ()), *rules)
    return table


def parse(raw: bytes, name: str) -> Table:
    """Raises ConfigInvalid naming what is wrong."""
    if len(raw) > _MAX_BYTES:
        raise ConfigInvalid(f"{name}: is larger than 1 MiB")
    try:
        told: Any = json.loads(raw)
        return {
            str(jurisdiction): tuple(_rule(one) for one in rows)
            for jurisdiction, rows in told["jurisdictions"].items()
        }
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
        raise ConfigInvalid(f"{name}: not a table of retention ({problem})") from None


def _rule(row: Mapping[str, Any]) -> Rule:
    category, years, source = row["category"], row["years"], row["source"]
    if category != ANY and category not in tuple(Category):
        raise ValueError(f"there is no category {category}")
    if type(years) is not int or not 0 <= years <= MAX_YEARS or not isinstance(source, str) or not source:
        raise ValueError("years are a number up to 200, and every row has a source")
    return Rule(category, years, source)


def kept_until(table: Table, jurisdiction: str, category: Category, since: int, now: int) -> Kept | None:
    """What still keeps a record of this category now: the longest of all rows, counted from `since` (seconds, as `now`); None
    if nothing does.

    Raises ConfigInvalid for a jurisdiction without rows: silence of a table is no permission.
    """
    rules: Sequence[Rule] = table.get(jurisdiction, ())
    if not rules:
        known = ", ".join(sorted(table))
        raise ConfigInvalid(f"jurisdiction: the table of retention has rows for {known} only")
    clocks = [
        Kept(_years_after(since, rule.years), rule) for rule in rules if rule.category in (ANY, category)
    ]
    longest = max(clocks, key=lambda one: one.until, default=None)
    return longest if longest is not None and longest.until > now else None


def _years_after(since: int, years: int) -> int:
    """Seconds; 29 February becomes 1 March."""
    day = datetime.fromtimestamp(since, UTC)
    try:
        later = day.replace(year=min(day.year + years, 9999))
    except ValueError:
        later = day.replace(year=min(day.year + years, 9999), month=3, day=1)
    return int(later.timestamp())
