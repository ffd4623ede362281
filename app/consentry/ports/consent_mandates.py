"""What a gateway keeps of the mandates under which consents were granted: keepers want to see them whole (C-20)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from consentry.domain.addresses import Address


@dataclass(frozen=True)
class KeptUnder:
    """`consent_id`, `mandate_id`: 32 bytes; `sealed` holds the mandate; `kept_at` in seconds."""

    consent_id: bytes
    mandate_id: bytes
    representative: Address
    sealed: bytes
    kept_at: int


class ConsentMandates(Protocol):
    """Durable, safe from any thread. Raises StoreUnreachable."""

    def keep(self, kept: KeptUnder) -> bool:
        """Whether it is new; what is kept already stays as it is."""

    def drop(self, consent_id: bytes) -> None: ...

    def of(self, consent_ids: Sequence[bytes]) -> tuple[KeptUnder, ...]: ...

    def by(self, representative: Address, most: int) -> tuple[KeptUnder, ...]:
        """The newest `most` of this representative, the newest first."""
