"""The regulator's fast suspensions, and the chambers that confirm them."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.invariants.acting import MEMBERS, Acting, luck, numbers, pick
from tests.invariants.model import CHAMBERS, REGULATOR, SUSPENDED, Fast


class Regulator(Acting):
    @rule(which=luck, number=numbers, hours=st.sampled_from([60, 24, 72, 1, 80, 0]))
    def suspend_fast(self, which: int, number: int, hours: int) -> None:
        """V-8: the regulator, another active member, two at most, and not the same one again at once."""
        model, until = self.model, self.model.now + hours * 3600
        by = pick(number, [REGULATOR] if model.is_active(REGULATOR) else [], MEMBERS)
        member = self.active(which, lambda one: model.may_suspend_fast(REGULATOR, one, 1))
        should = model.may_suspend_fast(by, member, hours)
        arguments, sender = (str(self.world.members[member]), until), self.member(by)
        if self.act(
            "FastSuspension", "suspend", *arguments, should=should, sender=sender, called="suspendFast"
        ):
            model.suspended_until[member] = until
            model.fast[member] = Fast(until)
            model.places = [one for one in model.places if one != member and model.is_undecided(one)]
            model.places.append(member)

    @rule(which=luck, number=numbers)
    @precondition(lambda self: self._running())
    def confirm(self, which: int, number: int) -> None:
        """V-9: more than half of the seats of a chamber, the accused's own aside, make it one by vote."""
        model = self.model
        member = pick(which, self._running(), MEMBERS)
        by = self.active(number, lambda one: model.may_confirm(one, member))
        should = model.may_confirm(by, member)
        arguments, sender = (str(self.world.members[member]),), self.member(by)
        if not self.act(
            "FastSuspension", "confirm", *arguments, should=should, sender=sender, called="support"
        ):
            return
        fast, chamber = model.fast[member], CHAMBERS[0] if by < REGULATOR else CHAMBERS[2]
        fast.supporters.add(by)
        seats = [one for one in chamber if one != member]
        if 2 * len(fast.supporters.intersection(seats)) > len(seats):
            fast.confirmed = True
            model.set_standing(member, SUSPENDED)
            self.done["confirm"] += 1

    def _running(self) -> list[int]:
        return [member for member in MEMBERS if self.model.is_running(member)]
