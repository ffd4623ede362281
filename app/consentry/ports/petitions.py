"""Where a hospital keeps what patients ask it about their records (specification W-42)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from consentry.domain.addresses import Address
from consentry.domain.petitions import Asked, State


@dataclass(frozen=True)
class KeptPetition:
    """`petition_id`: 16 random bytes. Words are sealed under the gateway's content key: they are about somebody's health.
    Times in seconds; `answered_by` as the desk names who is there."""

    petition_id: bytes
    patient: Address
    record_id: bytes
    asked: Asked
    sealed_words: bytes
    asked_at: int
    state: State = State.OPEN
    sealed_answer: bytes = b""
    answered_at: int | None = None
    answered_by: str = ""


class Petitions(Protocol):
    """Durable; every method is one transaction, safe from any thread. Raises StoreUnreachable."""

    def add(self, petition: KeptPetition, most_open: int) -> bool:
        """False, and nothing was kept, if this patient has so many open ones."""

    def of_patient(self, patient: Address) -> tuple[KeptPetition, ...]:
        """The latest first."""

    def answered(self, patient: Address) -> dict[bytes, int]:
        """By id, when this patient's were answered (seconds); the latest first."""

    def open_ones(self, most: int) -> tuple[KeptPetition, ...]:
        """The oldest first: they wait longest."""

    def count_open(self) -> int:
        """How many wait, of all patients."""

    def get(self, petition_id: bytes) -> KeptPetition | None: ...

    def answer(self, petition: KeptPetition) -> bool:
        """Whether it was open until now; its state, answer, time and who answered are kept then."""
