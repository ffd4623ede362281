"""Branch trees beside the contracts' tests: every leaf names the test that proves it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = ROOT / "tests" / "contracts"
TREES = sorted(CONTRACTS.rglob("*.tree"))
BRANCH = re.compile(r"^((?:│   |    )*)(?:├──|└──) (.*)$")
NAMED = re.compile(r"\[((?:test_\w+)(?:, test_\w+)*)\]$")


def functions() -> set[str]:
    """Names of all tests under tests/contracts."""
    return {
        node.name
        for path in CONTRACTS.rglob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef)
    }


def leaves(text: str) -> list[str]:
    """The branches without branches of their own."""
    rows = [match.groups() for match in map(BRANCH.match, text.splitlines()) if match]
    depths = [len(indent) for indent, _ in rows] + [0]
    return [words for (indent, words), after in zip(rows, depths[1:], strict=True) if after <= len(indent)]


def test_leaves_are_branches_without_branches() -> None:
    text = "f\n├── when a\n│   ├── and b → X\n│   └── and c → Y\n└── when d → Z\n"
    assert leaves(text) == ["and b → X", "and c → Y", "when d → Z"]


@pytest.mark.parametrize("path", TREES, ids=lambda path: str(path.relative_to(CONTRACTS)))
def test_every_leaf_names_an_existing_test(path: Path) -> None:
    existing, found = functions(), leaves(path.read_text("utf-8"))
    assert found, "no leaf"
    unnamed = [leaf for leaf in found if not NAMED.search(leaf)]
    assert not unnamed, f"no test is named: {unnamed}"
    named = {name for leaf in found for name in NAMED.search(leaf).group(1).split(", ")}
    assert named <= existing, f"no such tests: {sorted(named - existing)}"


def test_every_stateful_contract_has_a_tree() -> None:
    """Each area with a contract that stores anything; a folder's trees are named after functions."""
    areas = {path.parent.name for path in (ROOT / "contracts").rglob("*.sol")} - {
        "interfaces",
        "libraries",
        "mocks",
    }
    assert areas <= {path.parent.name for path in TREES}
