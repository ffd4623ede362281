"""Documents that must agree with the code: the specification's sentences, the error table, the glossary's categories."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SENTENCE = re.compile(r"^- \*\*([A-Z]-\d+)\*\*", re.MULTILINE)
CITATION = re.compile(r"\b([LCIMVERKASDBFGPUXTNJWH])-(\d+)\b")
RANGE = re.compile(r"\b([LCIMVERKASDBFGPUXTNJWH])-(\d+)\s*(?:…|\.\.\.?|–|to)\s*\1-(\d+)")


def sentences() -> set[str]:
    return set(numbers())


def numbers() -> list[str]:
    return SENTENCE.findall((ROOT / "docs" / "specification.md").read_text("utf-8"))


def test_each_number_stands_for_one_sentence() -> None:
    """Merged twice, a section would say two things under one name."""
    found = numbers()
    assert sorted(set(found)) == sorted(found)


def docstrings(path: Path) -> str:
    """All docstrings of a Python file: only they cite, so that data that looks like a number is none."""
    tree = ast.parse(path.read_text("utf-8"))
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return "\n".join(ast.get_docstring(node) or "" for node in ast.walk(tree) if isinstance(node, kinds))


def citations() -> dict[str, set[str]]:
    """Sentence number → test files that cite it."""
    found: dict[str, set[str]] = {}
    for pattern in ("*.py", "*.ts", "*.tree"):
        for path in (ROOT / "tests").rglob(pattern):
            if path == Path(__file__):
                continue
            text = docstrings(path) if path.suffix == ".py" else path.read_text("utf-8")
            numbers = {f"{area}-{number}" for area, number in CITATION.findall(text)}
            for area, first, last in RANGE.findall(text):
                numbers |= {f"{area}-{number}" for number in range(int(first), int(last) + 1)}
            for number in numbers:
                found.setdefault(number, set()).add(str(path.relative_to(ROOT)))
    return found


def test_every_sentence_has_a_test() -> None:
    missing = sorted(sentences() - set(citations()))
    assert not missing, f"no test cites {missing}"


def test_every_citation_has_a_sentence() -> None:
    orphans = {number: sorted(files) for number, files in citations().items() if number not in sentences()}
    assert not orphans, orphans


@pytest.mark.parametrize(
    "tool",
    [
        "errors_table.py",
        "translations.py",
        "events_page.py",
        "compose.py",
        "cli_page.py",
        "fhir_page.py",
        "metrics_page.py",
        "dashboard.py",
    ],
)
def test_generated_files_are_current(tool: str) -> None:
    command = [sys.executable, f"tools/{tool}", "--check"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr


def test_no_document_links_to_a_missing_file() -> None:
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text("utf-8")):
            assert (path.parent / target).exists(), f"{path.name} links to {target}"
