"""Whatever anybody does in any order: the contracts do what the model says (C-3, C-5, C-6, C-9, C-15, C-16, C-17, C-18, C-19,
C-20, C-21, C-22, I-4, I-5, I-6, I-7, M-3, M-4, M-7, M-8, K-12, V-6, V-8, V-9, V-12, E-3, E-7, E-8, E-10, A-1, A-3, R-1, R-2)."""

import os

import pytest
from hypothesis import HealthCheck, Phase, Verbosity, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.invariants.machine import Machine
from tests.invariants.world import World

DEEP = bool(os.environ.get("CONSENTRY_DEEP"))
# Hypothesis keeps the first ten walks short
EXAMPLES, STEPS = (70, 60) if DEEP else (20, 40)
OFTEN = """permits opens intrude grant grantMany replaceBySignature revoke grantMandate grantUnderMandate addDelegate
changeOwner setGuardians startRecovery finishRecovery lockedOut enrol dismiss rotateKey anchor retract commit attest open
suspend suspendFast support stopped publish"""
DEEPER = """revokeMandate endedWithMandate revokeUnderMandate deactivate vetoRecovery replaceKey close review reinstate expel
confirm lapse closeRegistry revokeClosed reopenRegistry"""


@pytest.fixture
def world(governed, deployed, city_hospital, mercy_hospital):
    """City first: it is the recipient of every consent."""
    others = [one for one in governed.voters if one not in (city_hospital, mercy_hospital)]
    world = World(deployed, [city_hospital, mercy_hospital, *others])
    governed.by_vote((deployed.KeeperCommittee, "publish", *world.committee()))
    return world


def test_the_whole_set_follows_the_model(world):
    """C-3, C-5, C-6, C-9, C-20, I-5, M-3, M-4, M-8, V-9, A-1, R-1, R-2"""
    Machine.world = world
    Machine.done.clear()
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
            verbosity=Verbosity.normal,
            database=None,
        ),
    )
    print(f"succeeded: {dict(sorted(Machine.done.items()))}")
    wanted = [*OFTEN.split(), *(DEEPER.split() if DEEP else [])]
    missing = [name for name in wanted if not Machine.done[name]]
    assert not missing, f"nothing of this ever succeeded: {missing}"
