"""Who got category seeds through this gateway, so that a patient can be told when one of them should no longer hold any."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from consentry.domain.addresses import Address


@dataclass(frozen=True)
class SeedHolder:
    """An account was released seeds of a patient's directory at a time (seconds)."""

    patient: Address
    account: Address
    held_at: int


class SeedHolders(Protocol):
    """Durable. Raises StoreUnreachable."""

    def note(self, holder: SeedHolder) -> None:
        """Of one account the latest time counts."""

    def since(self, patient: Address, time: int) -> tuple[SeedHolder, ...]:
        """Who got seeds of this patient at this time or later."""
