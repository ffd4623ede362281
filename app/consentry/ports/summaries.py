"""What an author keeps to compose the emergency summaries of its patients (specification E-19, E-20)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class KeptSummary:
    """Of one patient, known by a keyed hash of 32 bytes. `sealed` holds the sources by record, under the author's own key
    (empty: none yet); `with_sensitive` is the patient's word."""

    sealed: bytes = b""
    with_sensitive: bool = False


class Summaries(Protocol):
    """Durable; every method is one transaction, safe from any thread. Raises StoreUnreachable."""

    def get(self, patient_key: bytes) -> KeptSummary: ...

    def keep(self, patient_key: bytes, kept: KeptSummary) -> None:
        """In place of what was kept of this patient."""
