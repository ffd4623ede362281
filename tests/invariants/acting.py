"""What the rules share: doing one thing on the chain and in the model, and comparing."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from tests.invariants.model import Model
from tests.invariants.world import DOCTORS, KEYS, PATIENTS, World

patients, keys, doctors = st.integers(0, PATIENTS - 1), st.integers(0, KEYS - 1), st.integers(0, DOCTORS - 1)
some, starts = st.integers(0, 6), st.sampled_from([-1, 0, -2, 2])


def likely(numbers: st.SearchStrategy[int]) -> st.SearchStrategy[int | None]:
    """Mostly nothing, which stands for whoever may."""
    return st.none() | st.none() | numbers


class Acting(RuleBasedStateMachine):
    """Rules draw from few values, so that they meet; `done` counts what succeeded over all examples."""

    world: World
    model: Model
    done: Counter[str] = Counter()

    def _act(self, contract: Any, function: str, *arguments: Any, should: bool, sender: Any) -> None:
        error = self.world.attempt(contract, function, *arguments, sender=sender)
        assert (not error) == should, f"{function}: {error or 'it succeeded'}"
        self.done[function] += should
