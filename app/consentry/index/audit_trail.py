"""The audit trail in the gateway's own database (the AuditTrail port)."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

from sqlalchemy import (
    ColumnElement,
    Select,
    bindparam,
    delete,
    exists,
    func,
    insert,
    select,
)

from consentry.databases.columns import next_numbers
from consentry.databases.prepared import Change
from consentry.errors import StoreUnreachable
from consentry.index.audit_tables import audit_events, audit_keys
from consentry.index.database import Database
from consentry.ports.audit import AuditQuery, AuditRow

EXPIRED_AT_ONCE = 16
"""More than one answer adds, so that what has expired goes faster than new rows come."""


MOST_TOGETHER = 64
"""Answers whose events are in one transaction: bounds how long the last one waits for the first one's turn to end."""

# Made once: putting a statement together takes longer than running it.
_OLD = (
    select(audit_events.c.seq)
    .where(audit_events.c.recorded < bindparam("expired"))
    .order_by(audit_events.c.recorded)
    .limit(bindparam("most"))
)
_DROP = Change(delete(audit_events).where(audit_events.c.seq.in_(_OLD)))
_EVENT, _KEYS = Change(insert(audit_events)), Change(insert(audit_keys))


@dataclass
class _Piece:
    """One answer's events, which wait for their transaction; `ended` once that has, with the `problem` that it had."""

    rows: Sequence[AuditRow]
    expired: int
    ended: bool = False
    problem: StoreUnreachable | None = None


class SqlAuditTrail:
    """On the desk's database, whose commits reach the disk before they return. Raises StoreUnreachable.

    Whoever comes first writes everything that waits in one transaction, which costs one sync; whoever comes meanwhile waits
    for the next one. Nobody hears that events are kept before the transaction that holds them is on disk.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: deque[_Piece] = deque()
        self._writing = Lock()

    def append(self, rows: Sequence[AuditRow], expired: int) -> None:
        piece = _Piece(rows, expired)
        self._waiting.append(piece)
        with self._writing:
            while not piece.ended:
                self._write_together()
        if piece.problem is not None:
            raise piece.problem

    def _write_together(self) -> None:
        pieces = [self._waiting.popleft() for _ in range(min(len(self._waiting), MOST_TOGETHER))]
        problem: StoreUnreachable | None = StoreUnreachable("the audit trail was interrupted")
        try:
            self._write([row for piece in pieces for row in piece.rows], max(one.expired for one in pieces))
            problem = None
        except StoreUnreachable as failure:
            problem = failure
        finally:
            # also when this thread is interrupted: the others must not wait for what will never come
            for piece in pieces:
                piece.ended, piece.problem = True, problem

    def _write(self, rows: Sequence[AuditRow], expired: int) -> None:
        with self._database.write() as connection:
            numbers = next_numbers(connection, audit_events.c.seq, len(rows))
            events, keys = [], []
            for seq, row in zip(numbers, rows, strict=True):
                events.append(
                    {"seq": seq, "event_id": row.event_id, "recorded": row.recorded, "sealed": row.sealed}
                )
                keys += [{"key": key, "seq": seq} for key in dict.fromkeys(row.keys)]
            if events:
                connection.change(_EVENT, events)
            if keys:
                connection.change(_KEYS, keys)
            connection.change(_DROP, {"expired": expired, "most": max(EXPIRED_AT_ONCE, 2 * len(rows))})

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
