"""Records that wait for their patient's directory, in the author's own book (the WaitingRoom port)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Select, func, insert, select, update

from consentry.index.author_tables import waiting
from consentry.index.database import Database
from consentry.ports.waiting import WaitingRecord, WaitingSummary

_CONTENTS_AT_ONCE = 400
_RECORD = select(
    waiting.c.content_id,
    waiting.c.record_id,
    waiting.c.patient,
    waiting.c.sealed,
    waiting.c.since,
    waiting.c.scheduled,
    waiting.c.next_at,
    waiting.c.attempts,
)


class SqlWaitingRoom:
    """On the database of an author's book (`SqlPublications.database`). Raises StoreUnreachable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, content_ids: Sequence[bytes]) -> dict[bytes, WaitingRecord]:
        found: dict[bytes, WaitingRecord] = {}
        for start in range(0, len(content_ids), _CONTENTS_AT_ONCE):
            wanted = content_ids[start : start + _CONTENTS_AT_ONCE]
            for one in self._records(_RECORD.where(waiting.c.content_id.in_(wanted))):
                found[one.content_id] = one
        return found

    def keep(self, records: Sequence[WaitingRecord]) -> None:
        if records:
            with self._database.write() as connection:
                connection.execute(insert(waiting), [vars(one) for one in records])

    def due(self, now: int, limit: int) -> tuple[str, ...]:
        first = func.min(waiting.c.next_at)
        query = select(waiting.c.patient).where(waiting.c.next_at <= now).group_by(waiting.c.patient)
        with self._database.read() as connection:
            return tuple(connection.execute(query.order_by(first).limit(limit)).scalars())

    def due_of(self, patient: str, now: int, limit: int) -> tuple[WaitingRecord, ...]:
        query = _RECORD.where(waiting.c.patient == patient, waiting.c.next_at <= now)
        return self._records(query.order_by(waiting.c.next_at).limit(limit))

    def reschedule(self, times: Mapping[bytes, int], *, scheduled: bool, failed: bool = False) -> None:
        with self._database.write() as connection:
            for content_id, next_at in times.items():
                attempts = waiting.c.attempts + 1 if failed else 0
                connection.execute(
                    update(waiting)
                    .where(waiting.c.content_id == content_id)
                    .values(scheduled=scheduled, next_at=next_at, attempts=attempts)
                )

    def wake(self, patient: str, now: int) -> None:
        asleep = (waiting.c.patient == patient) & waiting.c.scheduled.is_(False)
        with self._database.write() as connection:
            connection.execute(update(waiting).where(asleep).values(next_at=now, attempts=0))

    def summary(self) -> WaitingSummary:
        query = select(
            func.count(),
            func.count(waiting.c.patient.distinct()),
            func.min(waiting.c.since),
            func.count().filter(waiting.c.scheduled),
        ).select_from(waiting)
        with self._database.read() as connection:
            return WaitingSummary(*connection.execute(query).one())

    def _records(
        self, query: Select[tuple[bytes, bytes, str, bytes, int, bool, int, int]]
    ) -> tuple[WaitingRecord, ...]:
        with self._database.read() as connection:
            return tuple(WaitingRecord(*row) for row in connection.execute(query))
