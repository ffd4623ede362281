"""What a gateway keeps of consents: what was proposed here, and which transactions it relayed.

Never whether a consent holds: that is asked of the chain each time (design §4, "authority reads the chain").
"""

from __future__ import annotations

from typing import Protocol

from consentry.domain.addresses import Address
from consentry.ports.desk_values import KeptConsent


class ConsentBook(Protocol):
    """Durable; every method is one transaction or can be repeated, safe from any thread."""

    def propose(self, kept: KeptConsent) -> None:
        """Whoever proposes takes the place of whoever proposed the same before, as long as nobody has signed it."""

    def keep(self, kept: KeptConsent) -> None:
        """Terms that come with a signature or from the chain; what is there already stays as it is."""

    def get(self, consent_id: bytes) -> KeptConsent | None: ...

    def of_patient(self, patient: Address) -> tuple[KeptConsent, ...]:
        """The newest first."""

    def proposed_by(self, by: str, most: int) -> tuple[KeptConsent, ...]:
        """The newest `most` of what this client or staff account proposed, the newest first."""

    def granted(self, kept: KeptConsent, signature: bytes, transaction: bytes, now: int) -> None:
        """Keep what was signed, with the transaction that relayed it, also where its terms were taken off the book meanwhile."""

    def drop(self, consent_id: bytes, by: str) -> None:
        """Take an unsigned proposal off the book that `by` proposed or kept; harmless for any other."""

    def revoked(self, consent_id: bytes, transaction: bytes) -> None:
        """Harmless for an id that is not kept here."""
