"""What a gateway keeps of mandates that patients gave through it (specification W-85)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from consentry.domain.addresses import Address


@dataclass(frozen=True)
class KeptMandate:
    """`sealed`: the mandate and the patient's own word for the person, under the gateway's content key: its scope speaks of
    somebody's health. `transaction` is None until the chain has it, and where another gateway brought it there. Times in seconds.
    """

    mandate_id: bytes
    patient: Address
    representative: Address
    sealed: bytes
    kept_at: int
    transaction: bytes | None = None


class MandateBook(Protocol):
    """Durable; every method is one transaction, safe from any thread. Never whether a mandate holds: the chain says that."""

    def keep(self, kept: KeptMandate) -> bool:
        """False where it is kept already: then nothing of it changes, as nobody has looked at any signature yet."""

    def relayed(self, kept: KeptMandate) -> None:
        """With what was said as it was relayed, and by which transaction; the time at which it was first kept stays."""

    def drop(self, mandate_id: bytes) -> None:
        """Harmless for an id that is not kept here."""

    def given_by(self, patient: Address, most: int) -> tuple[KeptMandate, ...]:
        """The newest first."""

    def held_by(self, representative: Address, most: int) -> tuple[KeptMandate, ...]:
        """Of each patient the newest, then of each the next, and so on: no patient's are hidden by how many another gave."""
