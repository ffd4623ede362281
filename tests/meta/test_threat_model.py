"""The threat model and the hazard log cite tests that exist: a control that nothing proves is no control."""

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


def test_each_hazard_cites_sentences_and_tests_that_exist() -> None:
    """Hazards have numbers of their own; the sentences stand in the column of controls."""
    page = (ROOT / "docs" / "clinical-safety.md").read_text("utf-8")
    known = set(
        re.findall(
            r"^- \*\*([A-Z]-\d+)\*\*", (ROOT / "docs" / "specification.md").read_text("utf-8"), re.MULTILINE
        )
    )
    hazards = re.findall(r"^\| HZ-\d+ \|.*\|$", page, re.MULTILINE)
    assert len(hazards) > 10
    for row in hazards:
        _, _, _, controls, proof, remains, accepts = row.strip("| ").split(" | ")
        cited, sentences = CITED.findall(proof), set(re.findall(r"\b[A-Z]-\d+\b", controls))
        assert cited and sentences and remains and accepts, row[:60]
        assert sentences <= known, sentences - known
        for path, name in cited:
            assert re.search(rf"\bdef {name}\(", (ROOT / "tests" / path).read_text("utf-8")), (
                f"{path} has no {name}"
            )
