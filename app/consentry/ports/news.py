"""What kinds of news there are, and marks of what a patient's side has seen of the news about it (specification W-19)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Protocol

from consentry.domain.addresses import Address


class Kind(StrEnum):
    CONSENT_REQUEST = "consent-request"
    MEMBER_SUSPENDED = "member-suspended"
    PETITION_ANSWERED = "petition-answered"
    EMERGENCY_OPENING = "emergency-opening"
    """Told as a notification of its own (E-17)."""


class SeenBook(Protocol):
    """Durable; every method is one transaction. Raises StoreUnreachable."""

    def seen(self, patient: Address, kind: str) -> Mapping[str, int]:
        """Subjects of this kind that were seen, and when (seconds)."""

    def mark(self, patient: Address, kind: str, subject: str, now: int) -> None:
        """The first mark stays."""

    def forget(self, patient: Address, kind: str, subjects: Collection[str]) -> None:
        """These are over: what comes again under the same name is new."""
