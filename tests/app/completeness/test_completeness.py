"""Readers find every record that a ground covers, and nothing without one, whatever happened before (D-18).

`CONSENTRY_DEEP=50 pytest tests/app/completeness` plays fifty times as many; a failing one prints its seed and its steps.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.app.completeness.play import Play

PLAYS = 4 * int(os.environ.get("CONSENTRY_DEEP", "1"))
STEPS = 50


@pytest.mark.parametrize("seed", range(PLAYS))
def test_readers_find_exactly_what_the_model_says(seed: int, tmp_path: Path) -> None:
    """D-18, D-13 to D-17: several authors, rotations, lineages, corrections, retractions, deaths, in any order."""
    play = Play(seed, tmp_path)
    for _ in range(STEPS):
        play.step()
    play.ends()
