"""The matrix that `make test-engines` prints, and writes into its page of measurements."""

from __future__ import annotations

from typing import Any

import pytest

from tests import measured
from tests.combinations import COMBINATIONS, TOLD

INTRODUCTION = """# The story on real engines

What `make test-engines` saw: the whole of `make demo` on each of these combinations, engines as processes of one machine. The
tool writes this page after a run in which all passed."""

HEADER = ("chain", "store", "database", "what was told")


def pytest_addoption(parser: pytest.Parser) -> None:
    measured.add_option(parser)


def pytest_terminal_summary(terminalreporter: Any, exitstatus: int, config: pytest.Config) -> None:
    if not TOLD:
        return
    rows = [(*one, TOLD[one].last_line if one in TOLD else "not run") for one in COMBINATIONS]
    terminalreporter.section("engines")
    for chain, store, database, words in (HEADER, *rows):
        terminalreporter.write_line(f"{chain:<10}{store:<10}{database:<12}{words}")
    written = measured.write(config, exitstatus, INTRODUCTION, HEADER, rows)
    if written:
        terminalreporter.write_line(written)
