"""How tools/mutate.py comes to a verdict on a mutant: which tests judge, what their run means, and how long that holds."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))

import mutate_tests
from mutate_copies import SAME_BYTECODE, bytecode, meaning
from mutate_operators import Mutant


@pytest.mark.parametrize(
    ("code", "output", "verdict"),
    [
        (0, "9 passed", ("survived", "", "")),
        (SAME_BYTECODE, "!!! _pytest.outcomes.Exit", ("equivalent", "", "")),
        (4, "CompilerError: solc returned", ("uncompilable", "", "")),
        (
            1,
            "FAILED a.py::test_b[c d] - AssertionError: no\n",
            ("killed", "a.py::test_b[c d]", "AssertionError: no"),
        ),
        (1, "ERROR a.py::test_b", ("killed", "a.py::test_b", "")),
    ],
)
def test_a_run_means(code: int, output: str, verdict: tuple[str, str, str]) -> None:
    assert meaning(code, output) == verdict


@pytest.mark.parametrize(
    ("code", "output"),
    [
        (3, "anvil: address already in use"),
        (2, "ERROR a.py - ImportError: no module"),
        (1, "FAILED a.py::test_b - requests.exceptions.ReadTimeout: HTTPConnectionPool"),
        (-9, "FAILED a.py::test_b - AssertionError\nended: time limit"),
    ],
)
def test_a_run_that_went_wrong_kills_nothing(code: int, output: str) -> None:
    assert meaning(code, output)[0] == "broken"


def test_bytecode_leaves_out_the_hash_of_the_source(tmp_path: Path) -> None:
    (tmp_path / "contracts").mkdir()
    metadata = "a2646970667358221220" + "ab" * 32 + "64736f6c63430008250033"
    (tmp_path / "contracts" / "A.json").write_text(f'{{"bytecode": "6080{metadata}"}}')
    assert bytecode(tmp_path) == {"A.json": "6080"}


def test_a_change_reaches_what_imports_it_and_the_tests_of_those() -> None:
    path = "contracts/libraries/GuardianRule.sol"
    assert mutate_tests.importers(path) >= {path, "contracts/identity/IdentityRegistry.sol"}
    assert "contracts/records/RecordRegistry.sol" not in mutate_tests.importers(path)
    assert mutate_tests.mirrored(path) == ["libraries", "identity"]
    assert mutate_tests.mirrored("contracts/consent/EmergencyAccess.sol") == ["emergency"]


@pytest.mark.parametrize(
    ("path", "function", "nearest"),
    [
        ("contracts/identity/MemberRegistry.sol", "function rotateKey(", "identity/test_member_keys.py"),
        ("contracts/consent/ConsentRegistry.sol", "function grantMany(", "consent/test_grant_many.py"),
        ("contracts/libraries/Utf8.sol", "function isWellFormed(", "libraries/test_utf8.py"),
    ],
)
def test_the_nearest_tests_judge_first(path: str, function: str, nearest: str) -> None:
    source = (mutate_tests.ROOT / path).read_bytes()
    at = source.index(function.encode())
    found = mutate_tests.judges(Mutant(path, "constant", at, at, "", "", 1, function))
    assert mutate_tests.TESTS / nearest in found[:2]
    folders = mutate_tests.mirrored(path)
    assert sorted(found) == sorted(
        file for one in folders for file in (mutate_tests.TESTS / one).glob("test_*.py")
    )


@pytest.fixture
def tree_of_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in (
        "contracts/records/A.sol",
        "tests/contracts/records/test_a.py",
        "tests/contracts/conftest.py",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    monkeypatch.setattr(mutate_tests, "ROOT", tmp_path)
    monkeypatch.setattr(mutate_tests, "TESTS", tmp_path / "tests/contracts")
    return tmp_path


@pytest.mark.parametrize(
    ("changed", "holding"),
    [
        ("tests/contracts/records/test_b.py", {"killed", "equivalent"}),
        ("tests/contracts/records/test_a.py", {"equivalent"}),
        ("tests/contracts/conftest.py", {"equivalent"}),
        ("contracts/records/A.sol", set()),
        ("tests/contracts/audit/test_c.py", {"killed", "survived", "equivalent"}),
    ],
)
def test_a_verdict_holds_until_what_it_rests_on_changes(
    tree_of_files: Path, changed: str, holding: set[str]
) -> None:
    verdicts = {"killed": "tests/contracts/records/test_a.py::test_x", "survived": "", "equivalent": ""}
    path = "contracts/records/A.sol"
    before = {one: mutate_tests.rests_on(path, one, by) for one, by in verdicts.items()}
    (tree_of_files / changed).parent.mkdir(exist_ok=True)
    (tree_of_files / changed).write_text("changed")
    after = {one: mutate_tests.rests_on(path, one, by) for one, by in verdicts.items()}
    assert {one for one in verdicts if before[one] == after[one]} == holding
