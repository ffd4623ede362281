"""Members, their keys, staff and records, and their keepers."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from scripts.settings import text32
from tests.invariants.acting import MEMBERS, Acting, luck, numbers, pick
from tests.invariants.model import ACTIVE, EXPELLED, KEEPERS
from tests.invariants.world import DOCTORS, days, word

doctors, roots = st.integers(0, DOCTORS - 1), st.integers(1, 5)
NO_DEPARTMENT = word(0)
# what a member does, and the name of the refusal when it is not active
CLOSED_TO_INACTIVE: tuple[tuple[str, str, str, tuple[Any, ...]], ...] = (
    ("MemberRegistry", "addDirectoryKey", "MemberNotActive", (word(2),)),
    ("RecordRegistry", "anchor", "RecordAuthorNotActive", (word(3), word(0), 1)),
    ("Consortium", "propose", "VoterNotActive", ([], [], [], "Nothing")),
)


class Institutions(Acting):
    @rule(number=numbers, doctor=doctors, length=st.sampled_from([100, 400, 30, 0]))
    def enrol(self, number: int, doctor: int, length: int) -> None:
        model = self.model
        member = pick(number, [0] if model.is_active(0) else [], MEMBERS)
        old = model.staff.get(doctor, (-1, 0))[0]
        free = old in (-1, member) or not model.is_active(old)
        should = model.is_active(member) and length > 0 and free
        end = model.now + days(length)
        arguments = (self.world.doctor(doctor).address, text32("attending"), NO_DEPARTMENT, end)
        if self._as_member(member, "MemberRegistry", "enrol", *arguments, should=should):
            model.staff[doctor] = (member, end)

    @rule(number=numbers, which=luck)
    @precondition(lambda self: len(self.model.staff) == DOCTORS)
    def dismiss(self, number: int, which: int) -> None:
        doctor = which % DOCTORS
        member = pick(number, [self.model.staff[doctor][0]], MEMBERS)
        should = self.model.is_active(member) and self.model.staff[doctor][0] == member
        arguments = (self.world.doctor(doctor).address,)
        if self._as_member(member, "MemberRegistry", "dismiss", *arguments, should=should):
            del self.model.staff[doctor]

    @rule(number=numbers, to=st.integers(0, 2), stranger=luck)
    def rotate_key(self, number: int, to: int, stranger: int) -> None:
        """M-8: to an account that acts for nobody; the former key acts for nobody any more."""
        member = self.active(number)
        owner = pick(stranger, [member], [one for one in MEMBERS if self.model.members[one] != EXPELLED])
        key = to if owner == member else self.model.keys[owner]
        should = self.model.is_active(member) and owner == member and key != self.model.keys[member]
        former, new = self.member(member), self.world.account(owner, key).address
        if self._as_member(member, "MemberRegistry", "rotateKey", str(new), should=should):
            self.model.keys[member] = key
            self.can_nothing(former)

    @rule(number=numbers, root=roots)
    def anchor(self, number: int, root: int) -> None:
        """R-1"""
        member = self.active(number)
        should = self.model.is_active(member) and (member, root) not in self.model.anchored
        if self._as_member(member, "RecordRegistry", "anchor", word(root), word(0), 1, should=should):
            self.model.anchored.add((member, root))

    @rule(member=st.sampled_from(MEMBERS), record=roots)
    def retract(self, member: int, record: int) -> None:
        """R-2: once, whatever the author's standing."""
        should = (member, record) not in self.model.retracted
        if self._as_member(member, "RecordRegistry", "retract", word(record), should=should):
            self.model.retracted.add((member, record))

    @rule(number=numbers, gap=luck, count=st.integers(0, 3))
    def commit(self, number: int, gap: int, count: int) -> None:
        """A-1"""
        keeper, first = self._keeper(number, gap)
        should = self._may_commit(keeper, first) and count > 0
        sender = self.world.keeper(keeper)
        if self.act("AuditLog", "commit", word(1), first, count, should=should, sender=sender):
            self.model.committed[keeper] += count

    @rule(number=numbers, gap=luck)
    def attest(self, number: int, gap: int) -> None:
        """A-3"""
        keeper, first = self._keeper(number, gap)
        sender = self.world.keeper(keeper)
        self.act("AuditLog", "attest", first, should=self._may_commit(keeper, first), sender=sender)

    @rule(number=numbers)
    @precondition(lambda self: not all(map(self.model.is_active, MEMBERS)))
    def be_suspended(self, number: int) -> None:
        """A member that is not active can do nothing, nor can its keepers; but it takes back what is its own (R-2)."""
        stopped = [one for one in MEMBERS if not self.model.is_active(one)]
        member = stopped[number % len(stopped)]
        sender = self.member(member)
        self.can_nothing(sender)
        for keeper in (one for one, its in enumerate(KEEPERS) if its == member):
            arguments = (word(1), self.model.committed[keeper], 1)
            error = self.world.error_of("AuditLog", "commit", *arguments, sender=self.world.keeper(keeper))
            assert error == "AuditCommitterNotKeeper"
        self.retract(member, 10 + len(self.model.retracted))
        self.done["stopped"] += 1

    def can_nothing(self, sender: Any) -> None:
        """Of an account that acts for no active member."""
        staff = (self.world.doctor(0).address, text32("attending"), NO_DEPARTMENT, self.model.now + days(9))
        mine = (
            ("MemberRegistry", "enrol", "MemberNotActive", staff),
            ("MemberRegistry", "dismiss", "MemberNotActive", staff[:1]),
            ("MemberRegistry", "rotateKey", "MemberNotActive", staff[:1]),
            (
                "FastSuspension",
                "suspend",
                "RegulatorOther",
                (str(self.world.members[4]), self.model.now + 60),
            ),
        )
        for contract, function, refusal, arguments in (*mine, *CLOSED_TO_INACTIVE):
            error = self.world.error_of(contract, function, *arguments, sender=sender)
            assert error == refusal, f"{function}: {error}"

    def _keeper(self, number: int, gap: int) -> tuple[int, int]:
        good = [one for one in range(self.model.keepers) if self.model.members[KEEPERS[one]] == ACTIVE]
        keeper = pick(number, good, range(len(KEEPERS)))
        here = self.model.committed[keeper]
        return keeper, max(0, pick(gap, [here], [here - 1, here + 1]))

    def _may_commit(self, keeper: int, first: int) -> bool:
        seated = keeper < self.model.keepers and self.model.is_active(KEEPERS[keeper])
        return seated and first == self.model.committed[keeper]

    def _as_member(self, member: int, contract: str, function: str, *arguments: Any, should: bool) -> bool:
        """A member that is not active can do nothing."""
        return self.act(contract, function, *arguments, should=should, sender=self.member(member))
