"""What an author keeps of its own records, so that it can seal their keys to another committee (specification K-35)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from consentry.ports.publications import Publication, Taken


@dataclass(frozen=True)
class KeptRecord:
    """`sealed`: header and copy for the offline copy key alone. `committee_version`: the newest one it was sealed to."""

    record_id: bytes
    committee_version: int
    sealed: bytes


@dataclass(frozen=True)
class OwnSummary:
    """How many records were sealed to an older version than asked about, and to that one or a newer one; and of how many
    published ones nothing is kept."""

    older: int
    current: int
    without_copy: int


class OwnRecords(Protocol):
    """In the same book as Publications; every method is one transaction. Raises StoreUnreachable."""

    def summary(self, version: int) -> OwnSummary:
        """How far the author's records are with this committee version."""

    def older_than(self, version: int, after: bytes, limit: int) -> tuple[KeptRecord, ...]:
        """Published records whose newest sealing is of an older version, by record id from `after` on."""

    def store_resealed(
        self, version: int, publications: Sequence[Publication], taken: Sequence[Taken]
    ) -> None:
        """Note further entries of published records in state STORED, sealed to this version, and the positions they take:
        all or nothing. From here on they are among `Publications.unfinished`."""
