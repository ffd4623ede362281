"""Records that wait for their patient's directory, in the author's own book (the WaitingRoom port)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, func, insert, select, update

from consentry.databases.prepared import Query
from consentry.index.author_tables import waiting
from consentry.index.author_versions import note
from consentry.index.database import Database
from consentry.ports.versions import NO_CHANGES, Changes
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
# Made once: putting a statement together takes longer than running it.
_WANTED: BindParameter[bytes] = bindparam("wanted", expanding=True)
_OF_CONTENTS = Query(_RECORD.where(waiting.c.content_id.in_(_WANTED)), "wanted")
_OF_IDS = Query(_RECORD.where(waiting.c.record_id.in_(_WANTED)), "wanted")
_DUE = Query(
    select(waiting.c.patient)
    .where(waiting.c.next_at <= bindparam("now"))
    .group_by(waiting.c.patient)
    .order_by(func.min(waiting.c.next_at))
    .limit(bindparam("most"))
)


class SqlWaitingRoom:
    """On the database of an author's book (`SqlPublications.database`). Raises StoreUnreachable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, content_ids: Sequence[bytes]) -> dict[bytes, WaitingRecord]:
        return {one.content_id: one for one in self._those(_OF_CONTENTS, content_ids)}

    def of_records(self, record_ids: Sequence[bytes]) -> dict[bytes, WaitingRecord]:
        return {one.record_id: one for one in self._those(_OF_IDS, record_ids)}

    def _those(self, query: Query, wanted: Sequence[bytes]) -> Iterator[WaitingRecord]:
        for start in range(0, len(wanted), _CONTENTS_AT_ONCE):
            yield from self._records(query, {"wanted": wanted[start : start + _CONTENTS_AT_ONCE]})

    def keep(self, records: Sequence[WaitingRecord], changes: Changes = NO_CHANGES) -> None:
        if not records and changes == NO_CHANGES:
            return
        with self._database.write() as connection:
            if records:
                connection.execute(insert(waiting), [vars(one) for one in records])
            note(connection, changes)

    def due(self, now: int, limit: int) -> tuple[str, ...]:
        with self._database.read() as connection:
            return tuple(connection.execute(_DUE, {"now": now, "most": limit}).scalars())

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
        self, query: Select[Any] | Query, asked: Mapping[str, Any] = MappingProxyType({})
    ) -> tuple[WaitingRecord, ...]:
        with self._database.read() as connection:
            return tuple(WaitingRecord(*row) for row in connection.execute(query, asked))
