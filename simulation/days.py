"""The days that `make scale` simulates."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Final

from simulation.network import Rules, simulate
from simulation.report import Result
from simulation.workload import Load, day

SEED: Final = 8
LOADS: Final = tuple(Load(interactions) for interactions in (10**5, 10**6, 10**7))

AS_IT_IS: Final = Rules()
"""The settings that keepers and gateways have unless told otherwise, on four validators with a block each second."""

_LARGER = replace(AS_IT_IS, receipts_a_commit=4_096, commit_at_receipts=4_096)
_SLOWER = replace(AS_IT_IS, block_seconds=2, final_seconds=2)
_LATER = replace(AS_IT_IS, final_seconds=4)

OTHERWISE: Final = (
    ("a block every 2 s (Besu)", LOADS[1], _SLOWER),
    ("final after 4 s (Clique)", LOADS[1], _LATER),
    ("as it is", LOADS[2], AS_IT_IS),
    ("up to 4,096 receipts a commit", LOADS[2], _LARGER),
    ("seven keepers of which four are asked", LOADS[2], replace(AS_IT_IS, keepers=7, threshold=4)),
)


@cache
def simulated(load: Load, rules: Rules) -> Result:
    return Result(load, rules, simulate(day(load, SEED), rules))
