"""The demo is a test: every engine, every step, exit code 0 (G-1, G-3, G-6, P-1, K-9, A-2, K-12)."""

from __future__ import annotations

from pathlib import Path

import pytest

from consentry.demo.bundles import profile_bundle
from tests.combinations import IN_CI, STEPS, Combination, demo, tell
from tests.postgres import Postgres, setting


@pytest.mark.parametrize("combination", IN_CI, ids="-".join)
def test_demo_tells_every_step_on_each_engine(
    combination: Combination, request: pytest.FixtureRequest
) -> None:
    """H-22, H-69: nobody sees in which database anything is. More of them: `make test-engines`."""
    where: list[str] = []
    if combination.database == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        where = ["--database", setting(server.url("postgres"))]
    told = tell(combination, *where)
    assert (told.returncode, told.steps) == (0, STEPS), told.output


def test_demo_takes_a_bundle_of_yours(tmp_path: Path) -> None:
    """F-3, G-3: nothing in the story depends on alice's own bundle."""
    yours = tmp_path / "visit.json"
    yours.write_bytes(profile_bundle("anaemia", 3))
    done = demo("--bundle", str(yours))
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("✓") == STEPS


def test_demo_refuses_a_bundle_that_is_none_in_words(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.json"
    wrong.write_text('{"resourceType": "Patient"}', "utf-8")
    done = demo("--bundle", str(wrong))
    assert done.returncode == 2
    assert "not-fhir" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
