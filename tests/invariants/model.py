"""What the contracts should do, in Python and from the specification: a few dictionaries and who may do what."""

from __future__ import annotations

from dataclasses import dataclass, field

ACTIVE, SUSPENDED, EXPELLED = "active", "suspended", "expelled"
FAR = 10**12


@dataclass
class Consent:
    """A consent somebody tried to grant."""

    patient: int
    salt: int
    valid_from: int
    valid_until: int
    granted: bool = False
    revoked: bool = False


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
class Model:
    """Everything that matters, by number: member 0 is the recipient of all consents."""

    members: dict[int, str]
    chambers: tuple[tuple[int, ...], ...]
    staff: dict[int, tuple[int, int]] = field(default_factory=dict)
    controllers: dict[int, int] = field(default_factory=dict)
    delegates: dict[tuple[int, int], int] = field(default_factory=dict)
    deactivated: set[int] = field(default_factory=set)
    consents: list[Consent] = field(default_factory=list)
    openings: list[Opening] = field(default_factory=list)
    anchored: set[tuple[int, int]] = field(default_factory=set)
    committed: dict[int, int] = field(default_factory=dict)

    def is_active(self, member: int) -> bool:
        return self.members[member] == ACTIVE

    def works(self, doctor: int, now: int, member: int = 0) -> bool:
        """M-3, M-4: enrolled by this member, licensed, and the member active."""
        where, licence_end = self.staff.get(doctor, (-1, 0))
        return where == member and licence_end > now and self.is_active(member)

    def may_act(self, patient: int, key: int, now: int) -> bool:
        """C-3: the controller or a live representative; nobody for an identity that was ended."""
        if patient in self.deactivated:
            return False
        return self.controllers.get(patient, patient) == key or self.delegates.get((patient, key), 0) > now

    def may_grant(self, one: Consent, key: int, now: int) -> bool:
        """C-5"""
        window = one.valid_from < one.valid_until and now < one.valid_until
        return self.may_act(one.patient, key, now) and window and not one.granted and not one.revoked

    def permits(self, one: Consent, doctor: int, now: int) -> bool:
        """C-9"""
        live = one.granted and not one.revoked and one.valid_from <= now < one.valid_until
        return live and one.patient not in self.deactivated and self.works(doctor, now)

    def opens(self, one: Opening, doctor: int, now: int) -> bool:
        """E-10, E-11: an open box permits to its openers in good standing, and to nobody else."""
        live = now < one.open_until and not one.closed and not one.reviewed
        return live and doctor in (one.first, one.second) and self.works(doctor, now)

    def carries(self, all_for: bool) -> bool:  # noqa: FBT001
        """V-5, V-6: whether a proposal passes on which all active members vote alike: two chambers, none against."""
        quorate = [
            sum(map(self.is_active, chamber)) > 0 and 2 * sum(map(self.is_active, chamber)) >= len(chamber)
            for chamber in self.chambers
        ]
        return all_for and sum(quorate) >= 2
