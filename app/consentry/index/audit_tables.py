"""Tables of the audit trail, in the gateway's desk database. Triggers hold that it is append-only, whoever writes there."""

from __future__ import annotations

from sqlalchemy import DDL, BigInteger, Column, ForeignKey, Index, LargeBinary, Table, event

from consentry.databases.columns import Number
from consentry.index.desk_tables import metadata

LEAST_YEARS = 3
"""EHDS (EU) 2025/327, art. 9: a person's own log of accesses reaches back so far at least."""

YEAR_SECONDS = 366 * 86_400

audit_events = Table(
    "audit_events",
    metadata,
    Column("seq", Number, primary_key=True),
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
    Column("seq", Number, ForeignKey("audit_events.seq", ondelete="CASCADE"), primary_key=True),
    sqlite_with_rowid=False,
)
Index("audit_keys_seq", audit_keys.c.seq)


_REFUSAL = "the audit trail is append-only"


def _say(table: Table, dialect: str, statement: str) -> None:
    event.listen(table, "after_create", DDL(statement).execute_if(dialect=dialect))


def _hold(table: Table, name: str, operation: str, *, sqlite_if: str = "", postgresql_if: str = "") -> None:
    """Refuse the operation to everybody: always, or for the rows (OLD) of which this holds."""
    when = f" WHEN {sqlite_if}" if sqlite_if else ""
    refuse = f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
    if operation != "TRUNCATE":  # SQLite has none
        _say(table, "sqlite", f"CREATE TRIGGER {name} BEFORE {operation} ON {table.name}{when} {refuse}")
    refuse = f"RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'restrict_violation';"
    body = f"IF {postgresql_if} THEN {refuse} END IF; RETURN OLD;" if postgresql_if else refuse
    as_function = f"{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"
    _say(table, "postgresql", f"CREATE OR REPLACE FUNCTION {as_function}")
    each = f"FOR EACH {'STATEMENT' if operation == 'TRUNCATE' else 'ROW'} EXECUTE FUNCTION {name}()"
    _say(table, "postgresql", f"CREATE TRIGGER {name} BEFORE {operation} ON {table.name} {each}")


_SECONDS = LEAST_YEARS * YEAR_SECONDS
_HAS_EVENT = "EXISTS (SELECT 1 FROM audit_events WHERE seq = OLD.seq)"
_hold(audit_events, "audit_events_unchanged", "UPDATE")
_hold(
    audit_events,
    "audit_events_kept",
    "DELETE",
    sqlite_if=f"OLD.recorded > CAST(strftime('%%s', 'now') AS INTEGER) - {_SECONDS}",
    postgresql_if=f"OLD.recorded > extract(epoch FROM now()) - {_SECONDS}",
)
_hold(audit_keys, "audit_keys_unchanged", "UPDATE")
_hold(audit_keys, "audit_keys_kept", "DELETE", sqlite_if=_HAS_EVENT, postgresql_if=_HAS_EVENT)
for _whole in (audit_events, audit_keys):
    _hold(_whole, f"{_whole.name}_whole", "TRUNCATE")
