"""What a keeper remembers of revocations that it was shown before the chain knew them for good (specification K-17)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from consentry.domain.addresses import Address
from consentry.domain.revocation import SignedRevocation

TIME_TO_TAKE_SECONDS = 7 * 86_400
REFUSALS = 100
"""For how long, and how often, the chain has refused a revocation that may make room for others (K-37): attempts come hourly
then, so that neither a keeper that slept nor a chain that stumbled decides."""


@dataclass(frozen=True)
class SeenRevocation:
    """`until`: when the window of what it revokes ends, `seen_at`: when this keeper heard of it; both in seconds.

    `tries`: how often it was brought to the chain. `refused_since` (seconds): since when the chain refuses the signature, as
    often as `refusals` says; None while it does not.
    """

    revocation: SignedRevocation
    seen_at: int
    until: int
    tries: int = 0
    refused_since: int | None = None
    refusals: int = 0


class Revocations(Protocol):
    """Durable and bounded. Safe from any thread. Every method raises StoreUnreachable."""

    def see(self, seen: SeenRevocation, *, bring_at: int) -> int:
        """Remember durably; the same one again changes nothing, one with another signature takes its place and goes to the
        chain anew. Gives when it was seen first (seconds).

        `bring_at`: when to bring it to the chain. Where the patient, or all together, have as many as fit, the one that the
        chain has refused longest makes room, if it had the time to take it. Else raises RateLimited.
        """

    def find(self, patient: Address, consent_id: bytes) -> SeenRevocation | None:
        """What this keeper remembers of this id."""

    def due(self, now: int, limit: int) -> tuple[SeenRevocation, ...]:
        """Those to bring to the chain now, the longest due first; after them those that the chain has refused before."""

    def put_off(self, revocation: SignedRevocation, *, until: int, refused_at: int | None = None) -> None:
        """It was tried: once more at `until` (seconds), unless it is forgotten before. `refused_at` (seconds): the chain
        refused the signature."""

    def forget(self, revocation: SignedRevocation) -> None:
        """The chain has it for good, or there is nothing left to revoke."""

    def waiting(self) -> int:
        """How many are remembered."""

    def refused(self) -> int:
        """How many of them the chain refused at the last attempt."""
