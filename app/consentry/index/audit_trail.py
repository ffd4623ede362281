"""The audit trail in the gateway's own database (the AuditTrail port)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, delete, exists, func, insert, select

from consentry.index.audit_tables import audit_events, audit_keys
from consentry.index.database import Database
from consentry.ports.audit import AuditQuery, AuditRow

EXPIRED_AT_ONCE = 16
"""More than one answer adds, so that what has expired goes faster than new rows come."""


class SqlAuditTrail:
    """On the desk's database, whose commits reach the disk before they return. Raises StoreUnreachable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def append(self, rows: Sequence[AuditRow], expired: int) -> None:
        old = (
            select(audit_events.c.seq)
            .where(audit_events.c.recorded < expired)
            .order_by(audit_events.c.recorded)
            .limit(EXPIRED_AT_ONCE)
        )
        with self._database.write() as connection:
            for row in rows:
                event = {"event_id": row.event_id, "recorded": row.recorded, "sealed": row.sealed}
                seq = connection.execute(
                    insert(audit_events).values(**event).returning(audit_events.c.seq)
                ).scalar_one()
                keys = [{"key": key, "seq": seq} for key in dict.fromkeys(row.keys)]
                connection.execute(insert(audit_keys), keys)
            connection.execute(delete(audit_events).where(audit_events.c.seq.in_(old)))

    def get(self, event_id: bytes, keys: tuple[bytes, ...]) -> bytes | None:
        found = select(audit_events.c.sealed).where(audit_events.c.event_id == event_id)
        with self._database.read() as connection:
            sealed: bytes | None = connection.execute(found.where(*(_has((one,)) for one in keys))).scalar()
        return sealed

    def find(self, query: AuditQuery) -> tuple[AuditRow, ...]:
        found = _fitting(query).order_by(audit_events.c.seq.desc()).limit(query.limit)
        if query.after is not None:
            shown = _fitting(query).where(audit_events.c.event_id == query.after).subquery()
            found = found.where(audit_events.c.seq < select(shown.c.seq).scalar_subquery())
        with self._database.read() as connection:
            rows = connection.execute(found).all()
        return tuple(AuditRow(row.event_id, row.recorded, (), row.sealed) for row in rows)

    def count(self, query: AuditQuery, most: int) -> int:
        fitting = _fitting(query).limit(most).subquery()
        with self._database.read() as connection:
            return int(connection.execute(select(func.count()).select_from(fitting)).scalar_one())


def _fitting(query: AuditQuery) -> Select[tuple[int, bytes, int, bytes]]:
    """The first choice of keys leads, as its index has the order that is asked for; the others are looked up row by row."""
    columns = audit_events.c
    found = select(columns.seq, columns.event_id, columns.recorded, columns.sealed)
    if query.keys and len(query.keys[0]) == 1:
        lead = audit_keys.alias()
        found = found.join(lead, lead.c.seq == columns.seq).where(lead.c.key == query.keys[0][0])
    elif query.keys:
        found = found.where(
            columns.seq.in_(select(audit_keys.c.seq).where(audit_keys.c.key.in_(query.keys[0])))
        )
    found = found.where(*(_has(keys) for keys in query.keys[1:]))
    if query.since is not None:
        found = found.where(columns.recorded >= query.since)
    if query.until is not None:
        found = found.where(columns.recorded < query.until)
    return found


def _has(keys: tuple[bytes, ...]) -> ColumnElement[bool]:
    """Whether the event at hand has one of these keys."""
    return exists().where(audit_keys.c.seq == audit_events.c.seq, audit_keys.c.key.in_(keys))
