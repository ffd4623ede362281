"""Telling the member's own messaging system of emergency openings (specification E-18)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from consentry.ports.openings import KeptOpening


@dataclass(frozen=True)
class DueNotice:
    """An opening that the messaging system has not taken yet. `refs` are the references by which the member's systems
    know the patient here: live links only, none for somebody who was never linked."""

    kept: KeptOpening
    refs: tuple[str, ...]
    attempts: int


class NoticeBook(Protocol):
    """Durable; every method is one transaction. Each opening that is kept has a notice, due at once. Raises StoreUnreachable."""

    def due(self, now: int, limit: int) -> tuple[DueNotice, ...]: ...

    def later(self, opening_id: bytes, next_at: int, *, failed: bool) -> None:
        """Try again then (seconds); `failed` counts an attempt."""

    def settle(self, opening_id: bytes, now: int) -> None:
        """There is nothing left to tell."""


class Messenger(Protocol):
    """Where the member's messaging system listens."""

    def deliver(self, message: bytes) -> bool:
        """POST one JSON value, bounded in time. Whether it was taken; never raises."""
