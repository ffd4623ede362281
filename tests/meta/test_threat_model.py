"""The threat model cites tests that exist: a control that nothing proves is no control."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "threat-model.md"
ROW = re.compile(r"^\| (?!---|Who\b)(.+?) \|$", re.MULTILINE)
CITED = re.compile(r"`([\w/.-]+\.(?:py|sol))::(\w+)`")
ROWS = ROW.findall(PAGE.read_text("utf-8"))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split(" | ")[0][:60])
def test_each_row_cites_a_test_that_exists(row: str) -> None:
    who, abuse, control, proof, rest = row.split(" | ")
    assert all((who, abuse, control, rest))
    cited = CITED.findall(proof)
    assert cited, f"“{abuse}” cites no test"
    for path, name in cited:
        text = (ROOT / "tests" / path).read_text("utf-8")
        assert re.search(rf"\b(?:def|function) {name}\(", text), f"{path} has no {name}"


def test_the_page_has_rows_and_is_linked() -> None:
    assert len(ROWS) > 40
    for name in ("README.md", "SECURITY.md"):
        assert "docs/threat-model.md" in (ROOT / name).read_text("utf-8"), name
