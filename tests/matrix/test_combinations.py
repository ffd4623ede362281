"""The whole story on combinations of real engines: `make test-engines`."""

from __future__ import annotations

import itertools

import pytest

from tests.combinations import COMBINATIONS, STEPS, TOLD, Combination, tell
from tests.postgres import Postgres, setting


@pytest.mark.parametrize("combination", COMBINATIONS, ids="-".join)
def test_the_story_is_the_same_on_other_engines(
    combination: Combination, request: pytest.FixtureRequest
) -> None:
    """H-22, H-69: nobody sees on which chain, in which store and in which database anything is."""
    database: list[str] = []
    if combination.database == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        database = ["--database", setting(server.url("postgres"))]
    told = TOLD[combination] = tell(combination, *database)
    assert (told.returncode, told.steps) == (0, STEPS), told.output


def test_the_combinations_name_every_engine_and_most_pairs() -> None:
    """H-69: each chain, store and database at least once, no pair of chain and store twice."""
    for place, count in ((0, 4), (1, 3), (2, 2)):
        assert len({one[place] for one in COMBINATIONS}) == count
    pairs = [one[:2] for one in COMBINATIONS]
    assert not any(first == second for first, second in itertools.combinations(pairs, 2))


def test_what_was_told_is_what_the_matrix_prints(request: pytest.FixtureRequest) -> None:
    """pytest loads its conftest under another name than an import does: what stands in that one is told to nobody."""
    loaded = request.config.pluginmanager.get_plugins()
    assert any(getattr(one, "TOLD", None) is TOLD for one in loaded)
