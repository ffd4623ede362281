"""Members, their staff and keepers, and emergency openings."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from scripts.settings import text32
from tests.invariants.acting import Acting, doctors, some
from tests.invariants.model import Opening
from tests.invariants.world import DAY, word


class Institutions(Acting):
    @rule(member=some, doctor=doctors, days=st.integers(0, 200))
    def enrol(self, member: int, doctor: int, days: int) -> None:
        model, now = self.model, self.world.now()
        old = model.staff.get(doctor, (-1, 0))[0]
        free = old in (-1, member) or not model.is_active(old)
        should = model.is_active(member) and days > 0 and free
        end = now + days * DAY
        arguments = (self.world.doctor(doctor).address, text32("attending"), word(0), end)
        self._as_member(member, "MemberRegistry", "enrol", *arguments, should=should)
        if should:
            model.staff[doctor] = (member, end)

    @rule(member=some, doctor=doctors, sure=some)
    def dismiss(self, member: int, doctor: int, sure: int) -> None:
        if sure < 4:
            return
        should = self.model.is_active(member) and self.model.staff.get(doctor, (-1, 0))[0] == member
        arguments = (self.world.doctor(doctor).address,)
        self._as_member(member, "MemberRegistry", "dismiss", *arguments, should=should)
        if should:
            del self.model.staff[doctor]

    @rule(member=some, root=st.integers(1, 5))
    def anchor(self, member: int, root: int) -> None:
        should = self.model.is_active(member) and (member, root) not in self.model.anchored
        self._as_member(member, "RecordRegistry", "anchor", word(root), word(0), 1, should=should)
        if should:
            self.model.anchored.add((member, root))

    @rule(keeper=st.integers(0, 2), gap=st.integers(-1, 1), count=st.integers(0, 3))
    def commit(self, keeper: int, gap: int, count: int) -> None:
        first = max(0, self.model.committed[keeper] + gap)
        member = (0, 3, 5)[keeper]
        should = self.model.is_active(member) and first == self.model.committed[keeper] and count > 0
        log, account = self.world.contracts.AuditLog, self.world.keeper(keeper).account
        self._act(log, "commit", word(1), first, count, should=should, sender=account)
        self.model.committed[keeper] += count if should else 0

    @rule(first=doctors, second=doctors, hours=st.integers(0, 25))
    def open(self, first: int, second: int, hours: int) -> None:
        model, now, registry = self.model, self.world.now(), self.world.contracts.EmergencyAccess
        one = Opening(first, second, len(model.openings), now + hours * 3600)
        both = first != second and model.works(first, now) and model.works(second, now)
        should = both and 0 < hours < 24 and len(model.openings) < 3
        if len(model.openings) == 3:
            return
        box = self.world.box(one)
        typed = box.typed(registry)
        signatures = [self.world.doctor(number).sign(typed) for number in (first, second)]
        relayer = self.world.person(0).account
        self._act(registry, "open", box.request(registry), *signatures, should=should, sender=relayer)
        if should:
            model.openings.append(one)

    @rule(which=st.integers(0, 2), doctor=doctors)
    def close(self, which: int, doctor: int) -> None:
        if which >= len(self.model.openings):
            return
        one, now = self.model.openings[which], self.world.now()
        who = doctor in (one.first, one.second) or self.model.works(doctor, now)
        should = who and not one.closed and not one.reviewed and now < one.open_until
        self._on_opening("close", one, doctor, should=should)
        one.closed |= should

    @rule(which=st.integers(0, 2), doctor=doctors)
    def review(self, which: int, doctor: int) -> None:
        if which >= len(self.model.openings):
            return
        one, now = self.model.openings[which], self.world.now()
        third = doctor not in (one.first, one.second) and self.model.works(doctor, now)
        should = third and (one.closed or now >= one.open_until) and not one.reviewed
        self._on_opening("review", one, doctor, 1, should=should)
        one.reviewed |= should

    def _as_member(self, member: int, contract: str, function: str, *arguments: Any, should: bool) -> None:
        """A member that is not active can do nothing."""
        target, sender = getattr(self.world.contracts, contract), self.world.members[member]
        self._act(target, function, *arguments, should=should, sender=sender)

    def _on_opening(self, function: str, one: Opening, doctor: int, *more: Any, should: bool) -> None:
        registry, sender = self.world.contracts.EmergencyAccess, self.world.doctor(doctor).account
        opening_id = self.world.box(one).opening_id(registry)
        self._act(registry, function, opening_id, *more, should=should, sender=sender)
