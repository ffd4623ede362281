"""Whatever anybody does in any order: the contracts do what the model says (C-3, C-5, C-6, C-9, I-7, M-3, M-4, V-6, V-12,
E-3, E-7, E-8, E-10, A-1, R-1)."""

import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.invariants.machine import Machine
from tests.invariants.world import World

EXAMPLES, STEPS = (80, 60) if os.environ.get("CONSENTRY_DEEP") else (12, 30)
EVERYTHING = "grant revoke addDelegate changeOwner enrol dismiss anchor commit open close review suspend reinstate expel"


@pytest.fixture
def world(governed, deployed, city_hospital, mercy_hospital):
    """City first: it is the recipient of every consent."""
    others = [one for one in governed.voters if one not in (city_hospital, mercy_hospital)]
    world = World(deployed, governed, [city_hospital, mercy_hospital, *others])
    world.publish_committee()
    return world


def test_the_whole_set_follows_the_model(world):
    """C-3, C-5, C-6, C-9, M-3, M-4, A-1, R-1"""
    Machine.world = world
    Machine.done.clear()
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            phases=[Phase.explicit, Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
    print(f"succeeded: {dict(Machine.done)}")
    missing = [name for name in EVERYTHING.split() if not Machine.done[name]] if EXAMPLES > 20 else []
    assert not missing, f"nothing of this ever succeeded: {missing}"
    assert Machine.done["permits"] and Machine.done["intrude"] and Machine.done["grant"]
