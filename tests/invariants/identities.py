"""An identity as the specification says (I-1, I-4 … I-7): controller, representatives, guardians, recovery."""

from __future__ import annotations

from dataclasses import dataclass, field

DELAY = 7 * 86_400
NOBODY = 0


@dataclass
class Identity:
    """Keys and guardian sets by number; set 0 is nobody."""

    controller: int
    delegates: dict[int, int] = field(default_factory=dict)
    deactivated: bool = False
    circle: int = NOBODY
    next_circle: int = NOBODY
    effective_at: int = 0
    new_owner: int | None = None
    due_at: int = 0
    veto_spent: bool = False

    def settle(self, now: int) -> Identity:
        """A change of guardians counts from its time on, by the clock alone, and brings a new veto."""
        if self.effective_at and now >= self.effective_at:
            self.circle, self.effective_at, self.veto_spent = self.next_circle, 0, False
        return self

    def may_change(self, key: int) -> bool:
        return not self.deactivated and self.controller == key

    def may_name(self, key: int, circle: int) -> bool:
        """I-4: none while a recovery is pending; to take guardians away there must be some."""
        return self.may_change(key) and self.new_owner is None and bool(circle or self.circle)

    def may_start(self, circle: int, signed: int) -> bool:
        """I-5: two of three guardians of the set in force."""
        return circle != NOBODY and circle == self.circle and signed >= 2

    def may_veto(self, key: int, now: int) -> bool:
        """I-6"""
        pending = self.new_owner is not None and now < self.due_at
        return self.may_change(key) and pending and not self.veto_spent

    def may_finish(self, now: int) -> bool:
        return self.new_owner is not None and now >= self.due_at

    def name(self, circle: int, now: int) -> None:
        if self.circle == NOBODY:
            self.circle = circle
        else:
            self.next_circle, self.effective_at = circle, now + DELAY

    def start(self, new_owner: int, now: int) -> None:
        self.new_owner, self.due_at, self.effective_at = new_owner, now + DELAY, 0

    def veto(self) -> None:
        self.new_owner, self.veto_spent = None, True

    def finish(self) -> None:
        """The new owner controls, and everybody of before has lost it."""
        assert self.new_owner is not None
        self.controller, self.new_owner, self.veto_spent = self.new_owner, None, False
        self.delegates.clear()
