"""What the contracts should do, in Python and from the specification: a few dictionaries and who may do what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.invariants.identities import Identity

ACTIVE, SUSPENDED, EXPELLED = "active", "suspended", "expelled"
DAY = 86_400
PAUSE = 30 * DAY
PLACES = 2
REGULATOR = 3
CHAMBERS = ((0, 1, 2), (3, 4), (5, 6))
# keeper -> its member; the last one has a seat only in the larger committee
KEEPERS = (0, 3, 5, 1)
FIRST_COMMITTEE = 3


@dataclass(eq=False)
class Paper:
    """A consent or a mandate somebody tried to grant."""

    patient: int
    salt: int
    valid_from: int
    valid_until: int
    granted: bool = False
    revoked: bool = False

    def holds(self, now: int) -> bool:
        return self.granted and not self.revoked and self.valid_from <= now < self.valid_until


@dataclass(eq=False)
class Mandate(Paper):
    """`narrow`: its scope covers nothing that anybody asks for."""

    representative: int = 0
    narrow: bool = False


@dataclass(eq=False)
class Consent(Paper):
    """`mandate` is what it was granted under."""

    mandate: Mandate | None = None


@dataclass
class Opening:
    """An emergency opening by two of the first member's doctors."""

    first: int
    second: int
    salt: int
    open_until: int
    closed: bool = False
    reviewed: bool = False


@dataclass
class Fast:
    """A fast suspension: who supported it, and whether a chamber confirmed it."""

    until: int
    confirmed: bool = False
    supporters: set[int] = field(default_factory=set)
    lapsed: bool = False


@dataclass
class Model:
    """Everything that matters, by number: member 0 is the recipient of all consents. `clock` is the chain's."""

    clock: Callable[[], int]
    identities: dict[int, Identity]
    version: int
    committed: dict[int, int]
    members: dict[int, str] = field(default_factory=lambda: dict.fromkeys(range(7), ACTIVE))
    suspended_until: dict[int, int] = field(default_factory=dict)
    fast: dict[int, Fast] = field(default_factory=dict)
    places: list[int] = field(default_factory=list)
    # member -> which of its accounts acts for it, 0 its own address
    keys: dict[int, int] = field(default_factory=lambda: dict.fromkeys(range(7), 0))
    staff: dict[int, tuple[int, int]] = field(default_factory=dict)
    consents: list[Consent] = field(default_factory=list)
    mandates: list[Mandate] = field(default_factory=list)
    openings: list[Opening] = field(default_factory=list)
    anchored: set[tuple[int, int]] = field(default_factory=set)
    retracted: set[tuple[int, int]] = field(default_factory=set)
    keepers: int = FIRST_COMMITTEE
    listed: bool = True

    @property
    def now(self) -> int:
        return self.clock()

    def is_active(self, member: int) -> bool:
        """M-7: a suspension until a time ends by itself."""
        return self.members[member] == ACTIVE and self.suspended_until.get(member, 0) <= self.now

    def works(self, doctor: int, member: int = 0) -> bool:
        """M-3, M-4: enrolled by this member, licensed, and the member active."""
        where, licence_end = self.staff.get(doctor, (-1, 0))
        return where == member and licence_end > self.now and self.is_active(member)

    def may_act(self, patient: int, key: int) -> bool:
        """C-3: the controller or a live representative; nobody for an identity that was ended."""
        identity = self.identities[patient]
        return not identity.deactivated and (
            identity.controller == key or identity.delegates.get(key, 0) > self.now
        )

    def is_grantable(self, one: Paper) -> bool:
        """C-5, C-21"""
        window = one.valid_from < one.valid_until and self.now < one.valid_until
        return self.listed and window and not one.granted and not one.revoked

    def may_grant_under(self, one: Consent, mandate: Mandate, key: int) -> bool:
        """C-18, C-22"""
        inside = mandate.valid_from <= one.valid_from and one.valid_until <= mandate.valid_until
        same = mandate.patient == one.patient and mandate.representative == key
        live = mandate.holds(self.now) and not self.identities[one.patient].deactivated
        return same and inside and live and self.is_grantable(one)

    def permits(self, one: Consent, doctor: int) -> bool:
        """C-9, C-20, C-22"""
        under = one.mandate is None or not (one.mandate.revoked or one.mandate.narrow)
        live = one.holds(self.now) and under and not self.identities[one.patient].deactivated
        return live and self.works(doctor)

    def opens(self, one: Opening, doctor: int) -> bool:
        """E-10, E-11: an open box permits to its openers in good standing, and to nobody else."""
        live = self.now < one.open_until and not one.closed and not one.reviewed
        return live and doctor in (one.first, one.second) and self.works(doctor)

    def carries(self, all_for: bool) -> bool:  # noqa: FBT001
        """V-5, V-6: whether a proposal passes on which all active members vote alike: two chambers, none against."""
        voters = [sum(map(self.is_active, chamber)) for chamber in CHAMBERS]
        quorate = [n > 0 and 2 * n >= len(chamber) for n, chamber in zip(voters, CHAMBERS, strict=True)]
        return all_for and sum(quorate) >= 2

    def is_running(self, member: int) -> bool:
        """V-9: until its time is over, a chamber confirms it or a vote decides."""
        fast = self.fast.get(member)
        live = fast is not None and not fast.confirmed and self.now < fast.until
        return live and self.members[member] == ACTIVE and self.suspended_until.get(member) == fast.until

    def is_undecided(self, member: int) -> bool:
        confirmed = self.fast[member].confirmed
        return self.members[member] == SUSPENDED if confirmed else self.is_running(member)

    def may_suspend_fast(self, by: int, member: int, hours: int) -> bool:
        """V-8"""
        last = self.fast.get(member)
        paused = last is not None and self.now < last.until + PAUSE
        free = sum(map(self.is_undecided, self.places)) < PLACES
        standing = self.is_active(REGULATOR) and self.is_active(member)
        return by == REGULATOR != member and standing and 0 < hours <= 72 and not paused and free

    def may_confirm(self, by: int, member: int) -> bool:
        """V-9: the ethics board is the regulator's chamber."""
        fast = self.fast.get(member)
        known = fast is not None and by in fast.supporters
        return self.is_running(member) and self.is_active(by) and by not in CHAMBERS[1] and not known

    def set_standing(self, member: int, standing: str) -> None:
        """What a vote or a confirmation says ends a suspension until a time."""
        self.members[member] = standing
        self.suspended_until.pop(member, None)
