"""What a gateway keeps of consents: what was proposed here, and which transactions it relayed.

Never whether a consent holds: that is asked of the chain each time (design §4, "authority reads the chain").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from consentry.domain.addresses import Address
from consentry.domain.terms import Consent


@dataclass(frozen=True)
class KeptConsent:
    """`consent_id` is 32 bytes; `transaction` the last one (32 bytes) that this gateway relayed for it, if any."""

    consent_id: bytes
    consent: Consent
    proposed_at: int
    proposed_by: str
    transaction: bytes | None = None


class ConsentBook(Protocol):
    """Durable; every method is one transaction or can be repeated, safe from any thread."""

    def propose(self, kept: KeptConsent) -> None: ...

    def get(self, consent_id: bytes) -> KeptConsent | None: ...

    def of_patient(self, patient: Address) -> tuple[KeptConsent, ...]:
        """The newest first."""

    def granted(self, kept: KeptConsent, signature: bytes, transaction: bytes, now: int) -> None:
        """Keep what was signed, with the transaction that relayed it."""

    def revoked(self, consent_id: bytes, transaction: bytes) -> None:
        """Harmless for an id that is not kept here."""
