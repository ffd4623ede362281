"""What the rules share: doing one thing on the chain and in the model, and comparing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from tests.invariants.identities import Identity
from tests.invariants.model import ACTIVE, Model
from tests.invariants.world import KEYS, PATIENTS, World

MEMBERS = range(7)
T = TypeVar("T")
patients, keys = st.integers(0, PATIENTS - 1), st.integers(0, KEYS - 1)
numbers, luck = st.integers(0, 23), st.integers(0, 23)


def pick(number: int, good: Sequence[T], all_of_them: Sequence[T]) -> T:
    """Mostly one with which it should succeed, so that most of a walk is spent on what is allowed."""
    pool = all_of_them if number % 6 == 5 or not good else good
    return pool[number % len(pool)]


class Acting(RuleBasedStateMachine):
    """Rules draw from few values, so that they meet; `done` counts what succeeded over all examples."""

    world: World
    model: Model
    done: Counter[str] = Counter()

    def act(
        self, contract: str, function: str, *arguments: Any, should: bool, sender: Any, called: str = ""
    ) -> bool:
        """Whether it succeeded, which is what the model said."""
        error = self.world.attempt(contract, function, *arguments, sender=sender)
        assert (not error) == should, f"{function}: {error or 'it succeeded'}"
        self.done[called or function] += should
        return should

    def actor(self, number: int, patient: int) -> int:
        """Somebody who may act for the patient, or anybody."""
        return pick(number, [key for key in range(KEYS) if self.model.may_act(patient, key)], range(KEYS))

    def identity(self, patient: int) -> Identity:
        return self.model.identities[patient].settle(self.model.now)

    def owner(self, number: int, patient: int) -> int:
        """Who controls the identity, or anybody."""
        identity = self.identity(patient)
        return pick(number, [key for key in range(KEYS) if identity.may_change(key)], range(KEYS))

    def active(self, number: int, good: Callable[[int], bool] = lambda _: True) -> int:
        """An active member of which that is true, or any member."""
        chosen = [one for one in MEMBERS if self.model.is_active(one) and good(one)]
        return pick(number, chosen, MEMBERS)

    def member(self, number: int) -> Any:
        """The account that acts for the member now."""
        return self.world.account(number, self.model.keys[number])

    def standing(self, *ones: str) -> list[int]:
        return [member for member, one in self.model.members.items() if one in (ones or (ACTIVE,))]
