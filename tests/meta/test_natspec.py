"""Who reads an interface needs nothing else: everything in it says what it is, and each contract draws its lifecycle."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

CONTRACTS = Path(__file__).resolve().parents[2] / "contracts"
INTERFACES = sorted((CONTRACTS / "interfaces").glob("*.sol"))
FOLDERS = ("audit", "authority", "consent", "identity", "keepers", "records")
FACADES = [path for folder in FOLDERS for path in sorted((CONTRACTS / folder).glob("*.sol"))]
DECLARED = re.compile(r"^ {4}(function|event|error|struct|enum) (\w+)")
DRAWN = "─"


def declarations(path: Path) -> Iterator[tuple[str, str, str, str]]:
    """(kind, name, documentation above, text up to the body or semicolon)."""
    lines = path.read_text("utf-8").splitlines()
    for at, line in enumerate(lines):
        if found := DECLARED.match(line):
            first = at
            while first and lines[first - 1].strip().startswith("//"):
                first -= 1
            text = " ".join(lines[at : at + 14])
            yield found[1], found[2], "\n".join(lines[first:at]), re.split(r"[;{]", text)[0]


@pytest.mark.parametrize("path", INTERFACES, ids=lambda path: path.stem)
def test_interface_says_what_everything_is(path: Path) -> None:
    silent = [name for _, name, words, _ in declarations(path) if "@notice" not in words]
    assert not silent, f"{path.name}: no @notice on {silent}"


@pytest.mark.parametrize("path", FACADES, ids=lambda path: path.stem)
def test_implementation_inherits_its_words(path: Path) -> None:
    silent = [
        name
        for kind, name, words, text in declarations(path)
        if kind == "function" and re.search(r"\b(external|public)\b", text)
        if "@inheritdoc" not in words and "@notice" not in words
    ]
    assert not silent, f"{path.name}: neither @inheritdoc nor @notice on {silent}"


@pytest.mark.parametrize("path", FACADES, ids=lambda path: path.stem)
def test_stateful_contract_draws_its_lifecycle(path: Path) -> None:
    above = path.read_text("utf-8").split(f"contract {path.stem} ")[0]
    assert "@title" in above
    assert DRAWN in above, f"{path.name} shows no lifecycle"
