"""The tables inside docs/scale.md: what stands between two marks is written by `make scale`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from simulation.prices import ROOT

PAGE: Final = ROOT / "docs" / "scale.md"
BEGIN, END = "<!-- written by make scale -->", "<!-- end -->"


def written(page: str, tables: Sequence[str]) -> str:
    """The page with these tables. Raises ValueError if the marks are not there once each."""
    before, found, rest = page.partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not found or not ended or BEGIN in rest or END in after:
        raise ValueError(f"{PAGE.name} needs the marks {BEGIN} and {END}, once each, in this order")
    return before + BEGIN + "\n" + "\n\n".join(tables) + "\n" + END + after


def tables_of(page: str) -> str:
    """What stands between the marks."""
    return page.partition(BEGIN)[2].partition(END)[0].strip()
