"""What an author keeps of records that wait for their patient's directory (specification D-9, D-10).

kept ── the directory opens ──> scheduled ── its time comes ──> a publication (ports.publications), and gone from here
  ^───── it closed meanwhile ───────┘
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from consentry.ports.versions import NO_CHANGES, Changes


@dataclass(frozen=True)
class WaitingRecord:
    """`content_id` as in Publication; `sealed`: the encrypted entry; times in seconds.

    It is looked at again at `next_at`: as scheduled, or to see whether the directory is open; `attempts` counts the latter.
    """

    content_id: bytes
    record_id: bytes
    patient: str
    sealed: bytes
    since: int
    scheduled: bool = False
    next_at: int = 0
    attempts: int = 0


@dataclass(frozen=True)
class WaitingSummary:
    """How many records of how many patients wait, since when the oldest one does (None: nothing waits), and how many of
    the records only wait for their time."""

    records: int
    patients: int
    since: int | None
    scheduled: int


class WaitingRoom(Protocol):
    """Durable; every method is one transaction, safe from any thread. `Publications.store` takes a record out of here in
    the transaction that notes it there. Raises StoreUnreachable."""

    def find(self, content_ids: Sequence[bytes]) -> dict[bytes, WaitingRecord]:
        """What waits of these contents."""

    def of_records(self, record_ids: Sequence[bytes]) -> dict[bytes, WaitingRecord]:
        """By record id."""

    def keep(self, records: Sequence[WaitingRecord], changes: Changes = NO_CHANGES) -> None:
        """Keep records, and note the versions that they begin and end; all or nothing. A record that is to be retracted and
        still waits is dropped instead."""

    def due(self, now: int, limit: int) -> tuple[str, ...]:
        """Patients with a record to be looked at now, the longest overdue first."""

    def due_of(self, patient: str, now: int, limit: int) -> tuple[WaitingRecord, ...]:
        """This patient's records to be looked at now."""

    def reschedule(self, times: Mapping[bytes, int], *, scheduled: bool, failed: bool = False) -> None:
        """When each content is looked at again; `failed`: its directory was found closed."""

    def wake(self, patient: str, now: int) -> None:
        """Look at this patient's records now; those that are scheduled keep their time."""

    def summary(self) -> WaitingSummary: ...
