"""Tables of the audit trail, in the gateway's desk database. Triggers hold that it is append-only, whoever writes there."""

from __future__ import annotations

from sqlalchemy import DDL, BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, Table, event

from consentry.index.desk_tables import metadata

LEAST_YEARS = 3
"""EHDS (EU) 2025/327, art. 9: a person's own log of accesses reaches back so far at least."""

YEAR_SECONDS = 366 * 86_400

audit_events = Table(
    "audit_events",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("event_id", LargeBinary(16), nullable=False, unique=True),
    Column("recorded", BigInteger, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)
Index("audit_events_recorded", audit_events.c.recorded)

# By what an event is found: keyed hashes, so that who has the file learns of nobody and nothing.
audit_keys = Table(
    "audit_keys",
    metadata,
    Column("key", LargeBinary(16), primary_key=True),
    Column("seq", Integer, ForeignKey("audit_events.seq", ondelete="CASCADE"), primary_key=True),
    sqlite_with_rowid=False,
)
Index("audit_keys_seq", audit_keys.c.seq)


def _hold(table: Table, name: str, on: str) -> None:
    refuse = "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
    event.listen(table, "after_create", DDL(f"CREATE TRIGGER {name} BEFORE {on} {refuse}"))


_LEAST = f"OLD.recorded > CAST(strftime('%%s', 'now') AS INTEGER) - {LEAST_YEARS * YEAR_SECONDS}"
_hold(audit_events, "audit_events_unchanged", "UPDATE ON audit_events")
_hold(audit_events, "audit_events_kept", f"DELETE ON audit_events WHEN {_LEAST}")
_hold(audit_keys, "audit_keys_unchanged", "UPDATE ON audit_keys")
_hold(
    audit_keys,
    "audit_keys_kept",
    "DELETE ON audit_keys WHEN EXISTS (SELECT 1 FROM audit_events WHERE seq = OLD.seq)",
)
