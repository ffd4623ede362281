"""Emergency openings by the first member's doctors."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.invariants.acting import Acting, luck, numbers, pick
from tests.invariants.model import Opening
from tests.invariants.world import DOCTORS

MOST = 3


class Emergencies(Acting):
    @rule(first=luck, other=luck, hours=st.sampled_from([1, 6, 23, 20, 25, 0]))
    @precondition(lambda self: len(self.model.openings) < MOST)
    def open(self, first: int, other: int, hours: int) -> None:
        """E-1, E-3, E-4"""
        model = self.model
        one = pick(first, self._working(), range(DOCTORS))
        two = pick(other, [doctor for doctor in self._working() if doctor != one], range(DOCTORS))
        opening = Opening(one, two, len(model.openings), model.now + hours * 3600)
        should = one != two and model.works(one) and model.works(two) and 0 < hours < 25
        box, registry = self.world.box(opening), self.world.contracts.EmergencyAccess
        typed = box.typed(registry)
        signatures = [self.world.doctor(doctor).sign(typed) for doctor in (one, two)]
        arguments = (box.declaration(registry), *signatures)
        if self.act("EmergencyAccess", "open", *arguments, should=should, sender=self.world.person(0)):
            model.openings.append(opening)

    @rule(which=luck, number=numbers)
    @precondition(lambda self: self.model.openings)
    def close(self, which: int, number: int) -> None:
        """E-7"""
        model = self.model
        open_ones = [
            one
            for one in model.openings
            if not one.closed and not one.reviewed and model.now < one.open_until
        ]
        one = pick(which, open_ones, model.openings)
        doctor = pick(number, [one.first, one.second], range(DOCTORS))
        who = doctor in (one.first, one.second) or model.works(doctor)
        one.closed |= self._on("close", one, doctor, should=who and one in open_ones)

    @rule(which=luck, number=numbers)
    @precondition(lambda self: self.model.openings)
    def review(self, which: int, number: int) -> None:
        """E-8: by a third person, after it is over."""
        model = self.model
        over = [
            one for one in model.openings if not one.reviewed and (one.closed or model.now >= one.open_until)
        ]
        one = pick(which, over, model.openings)
        thirds = [doctor for doctor in self._working() if doctor not in (one.first, one.second)]
        doctor = pick(number, thirds, range(DOCTORS))
        one.reviewed |= self._on("review", one, doctor, 1, should=one in over and doctor in thirds)

    def _working(self) -> list[int]:
        return [doctor for doctor in range(DOCTORS) if self.model.works(doctor)]

    def _on(self, function: str, one: Opening, doctor: int, *more: Any, should: bool) -> bool:
        opening_id = self.world.box(one).opening_id(self.world.contracts.EmergencyAccess)
        sender = self.world.doctor(doctor)
        return self.act("EmergencyAccess", function, opening_id, *more, should=should, sender=sender)
