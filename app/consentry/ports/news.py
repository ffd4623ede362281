"""Marks of what a patient's side has seen of the news about it (specification W-19)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol

from consentry.domain.addresses import Address


class SeenBook(Protocol):
    """Durable; every method is one transaction. Raises StoreUnreachable."""

    def seen(self, patient: Address, kind: str) -> Mapping[str, int]:
        """Subjects of this kind that were seen, and when (seconds)."""

    def mark(self, patient: Address, kind: str, subject: str, now: int) -> None:
        """The first mark stays."""

    def forget(self, patient: Address, kind: str, subjects: Collection[str]) -> None:
        """These are over: what comes again under the same name is new."""
