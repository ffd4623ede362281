"""What a keeper remembers of revocations that it was shown before the chain knew them for good (specification K-17)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from consentry.domain.addresses import Address
from consentry.domain.revocation import SignedRevocation


@dataclass(frozen=True)
class SeenRevocation:
    """`until`: when the window of what it revokes ends, `seen_at`: when this keeper heard of it; both in seconds.

    `tries`: how often it was brought to the chain.
    """

    revocation: SignedRevocation
    seen_at: int
    until: int
    tries: int = 0


class Revocations(Protocol):
    """Durable and bounded. Safe from any thread. Every method raises StoreUnreachable."""

    def see(self, seen: SeenRevocation, *, bring_at: int) -> int:
        """Remember durably; the same one again changes nothing. Gives when it was seen first (seconds).

        `bring_at`: when to bring it to the chain. Raises RateLimited when the patient, or all together, have too many waiting.
        """

    def seen_at(self, patient: Address, consent_id: bytes) -> int | None:
        """When this keeper heard that this id is revoked (seconds), if it remembers that it did."""

    def due(self, now: int, limit: int) -> tuple[SeenRevocation, ...]:
        """Those to bring to the chain now, the longest due first."""

    def put_off(self, revocation: SignedRevocation, *, until: int) -> None:
        """It was tried: once more at `until` (seconds), unless it is forgotten before."""

    def forget(self, revocation: SignedRevocation) -> None:
        """The chain has it for good, or there is nothing left to revoke."""

    def waiting(self) -> int:
        """How many are remembered."""
