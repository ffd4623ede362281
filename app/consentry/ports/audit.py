"""The audit trail that a gateway keeps (specification J-4 to J-6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class AuditRow:
    """One event: `event_id` 16 random bytes, `recorded` in seconds. `keys` are keyed hashes (16 bytes each) of all that it
    is found by, the patient among them; `sealed` is the event under the gateway's own key: nothing else says what happened."""

    event_id: bytes
    recorded: int
    keys: tuple[bytes, ...]
    sealed: bytes


@dataclass(frozen=True)
class AuditQuery:
    """Rows that have one key of each of `keys`; `since` and before `until` in seconds; `after`: beyond the row of this id
    on the way to older ones."""

    keys: tuple[tuple[bytes, ...], ...] = ()
    since: int | None = None
    until: int | None = None
    after: bytes | None = None
    limit: int = 50


class AuditTrail(Protocol):
    """Durable and append-only: what is kept is never changed, nor deleted before its time. Every method is one transaction,
    safe from any thread. Raises StoreUnreachable."""

    def append(self, rows: Sequence[AuditRow], expired: int) -> None:
        """On disk when it returns. Some of the rows recorded before `expired` (seconds) go, more than are added."""

    def get(self, event_id: bytes, keys: tuple[bytes, ...]) -> bytes | None:
        """What is sealed of the event, if it has all these keys."""

    def find(self, query: AuditQuery) -> tuple[AuditRow, ...]:
        """Newest first, without their keys. Empty also if `after` names no row that the query could have shown."""

    def count(self, query: AuditQuery, most: int) -> int:
        """How many the query fits, whatever `after` and `limit` say; `most` if there are more than that."""
