"""The demo is a test: every engine, every step, exit code 0 (G-1, G-3, G-6, P-1, K-9, A-2, K-12)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from consentry.demo.bundles import profile_bundle
from tests.postgres import Postgres, setting

ROOT = Path(__file__).resolve().parents[2]
STEPS = 50


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "consentry.cli", "demo", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)


@pytest.mark.parametrize(
    ("chain", "store", "database"),
    [("anvil", "embedded", "postgresql"), ("ganache", "embedded", "files"), ("anvil", "kubo", "files")],
)
def test_demo_tells_every_step_on_each_engine(
    chain: str, store: str, database: str, request: pytest.FixtureRequest
) -> None:
    """H-22: nobody sees in which database anything is."""
    where: list[str] = []
    if database == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        where = ["--database", setting(server.url("postgres"))]
    done = run("--chain", chain, "--store", store, *where)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("✓") == STEPS
    assert "✗" not in done.stdout


def test_demo_takes_a_bundle_of_yours(tmp_path: Path) -> None:
    """F-3, G-3: nothing in the story depends on alice's own bundle."""
    yours = tmp_path / "visit.json"
    yours.write_bytes(profile_bundle("anaemia", 3))
    done = run("--bundle", str(yours))
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("✓") == STEPS


def test_demo_refuses_a_bundle_that_is_none_in_words(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.json"
    wrong.write_text('{"resourceType": "Patient"}', "utf-8")
    done = run("--bundle", str(wrong))
    assert done.returncode == 2
    assert "not-fhir" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
