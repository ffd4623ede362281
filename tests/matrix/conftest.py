"""The matrix that `make test-engines` prints."""

from __future__ import annotations

from typing import Any

from tests.combinations import COMBINATIONS, Combination, Told

TOLD: dict[Combination, Told] = {}


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if not TOLD:
        return
    terminalreporter.section("engines")
    terminalreporter.write_line(f"{'chain':<10}{'store':<10}{'database':<12}what was told")
    for one in COMBINATIONS:
        told = TOLD.get(one)
        words = "not run" if told is None else told.last_line
        terminalreporter.write_line(f"{one.chain:<10}{one.store:<10}{one.database:<12}{words}")
