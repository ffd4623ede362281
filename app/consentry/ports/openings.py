"""Break-glass openings, as the chain tells of them and as a gateway keeps those that it relayed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from consentry.domain.addresses import Address
from consentry.domain.openings import Finding, Opening

CONTRACT = "EmergencyAccess"


class OpeningStatus(IntEnum):
    """`IEmergencyAccess.Status`: same names, same numbers."""

    Unknown = 0
    Open = 1
    Ended = 2
    Closed = 3
    Reviewed = 4


@dataclass(frozen=True)
class OpeningState:
    """What the chain says of one opening; times in seconds. `finding` is None before the review."""

    status: OpeningStatus
    finding: Finding | None
    ends_at: int
    review_by: int


@dataclass(frozen=True)
class Unreviewed:
    """An opening that waits for its review, open or over; `overdue` from `review_by` on (seconds)."""

    opening_id: bytes
    first: Address
    second: Address
    ends_at: int
    review_by: int


class Openings(Protocol):
    """What the chain says of openings. Raises ChainUnreachable, ChainWrong."""

    def state_of(self, opening_id: bytes) -> OpeningState: ...

    def unreviewed_of(self, member: Address) -> tuple[Unreviewed, ...]:
        """The member's openings that wait for a review, in no order."""


@dataclass(frozen=True)
class KeptOpening:
    """An opening that this gateway relayed or tried to: the only place besides its keepers that knows for whom it is.

    `opening_id` is 32 bytes. `seen_at` (seconds): when the patient's side said that it had seen it.
    """

    opening_id: bytes
    opening: Opening
    kept_at: int
    seen_at: int | None = None

    @property
    def patient(self) -> Address:
        return self.opening.subject.patient


class OpeningBook(Protocol):
    """Durable; every method is one transaction, safe from any thread. Raises StoreUnreachable."""

    def keep(self, kept: KeptOpening) -> None:
        """One that is kept already stays as it is."""

    def drop(self, opening_id: bytes) -> None:
        """Forget what never got on chain."""

    def get(self, opening_id: bytes) -> KeptOpening | None: ...

    def of_patient(self, patient: Address) -> tuple[KeptOpening, ...]:
        """Newest first."""

    def seen(self, opening_id: bytes, patient: Address, now: int) -> bool:
        """Note that the patient's side has seen it, the first time. Whether this is an opening of that patient's."""
