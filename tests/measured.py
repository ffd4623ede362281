"""What a run on real engines saw, as a page of measurements: `--page` of `make test-engines` and `make faults-engines`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks.measuring import machine, markdown


def add_option(parser: pytest.Parser) -> None:
    parser.addoption("--page", type=Path, help="write what was seen into this page, if every test passed")


def write(
    config: pytest.Config,
    status: int,
    introduction: str,
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
) -> str | None:
    """Write the page that was asked for; what was done with it, in words. A run of which a test failed leaves it as it was."""
    page: Path | None = config.getoption("--page")
    if page is None:
        return None
    if status:
        return f"{page} stays as it was: a test failed"
    day = datetime.now(UTC).strftime("%d %B %Y").lstrip("0")
    cells = [[_cell(cell) for cell in row] for row in rows]
    parts = (introduction, f"{day}. {machine()}.", markdown("What was seen", header, cells))
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text("\n\n".join(parts) + "\n", "utf-8")
    return f"{page} is written"


def _cell(words: str) -> str:
    return " ".join(words.split()).replace("|", "\\|")
