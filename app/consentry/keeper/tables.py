"""Tables of a keeper's database. A change of them is a migration in `databases/migrations/keeper`, and its revision here."""

from __future__ import annotations

from sqlalchemy import Column, Index, LargeBinary, MetaData, Table, Text, UniqueConstraint

from consentry.databases.columns import Number
from consentry.databases.schema import Schema

metadata = MetaData()

# One row: whose the book is, and for which deployment.
Table(
    "owner",
    metadata,
    Column("keeper", Text, nullable=False),
    Column("chain_id", Number, nullable=False),
    Column("audit_log", Text, nullable=False),
)

receipts = Table(
    "receipts",
    metadata,
    Column("seq", Number, primary_key=True, autoincrement=False),
    Column("request_digest", LargeBinary, nullable=False),
    Column("item", Number, nullable=False),
    Column("reason", Text, nullable=False),
    Column("patient", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("value", LargeBinary, nullable=False),
    # under which the receipt was filed; not part of what is signed
    Column("request_id", Text),
    UniqueConstraint("request_digest", "item", "reason"),
)
Index("receipts_by_patient", receipts.c.patient, receipts.c.seq)

Table(
    "uses",
    metadata,
    Column("consent_id", LargeBinary, primary_key=True),
    Column("request_digest", LargeBinary, primary_key=True),
    Column("record_id", LargeBinary, primary_key=True),
    sqlite_with_rowid=False,
)

Table(
    "commits",
    metadata,
    Column("first_seq", Number, primary_key=True, autoincrement=False),
    Column("count", Number, nullable=False),
    Column("root", LargeBinary, nullable=False),
    Column("tx", LargeBinary, nullable=False),
)

Table(
    "commit_blocks",
    metadata,
    Column("first_seq", Number, primary_key=True, autoincrement=False),
    Column("block", Number, nullable=False),
)

# Revocations that the chain does not have for good yet.
revocations = Table(
    "revocations",
    metadata,
    Column("patient", Text, primary_key=True),
    Column("consent_id", LargeBinary, primary_key=True),
    Column("signature", LargeBinary, nullable=False),
    Column("seen_at", Number, nullable=False),
    Column("until", Number, nullable=False),
    Column("bring_at", Number, nullable=False),
    Column("tries", Number, nullable=False),
    Column("refused_since", Number),
    Column("refusals", Number, nullable=False, server_default="0"),
    sqlite_with_rowid=False,
)
Index("revocations_due", revocations.c.bring_at)

# Reading sessions that ended before their time.
ended_sessions = Table(
    "ended_sessions",
    metadata,
    Column("account", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("until", Number, nullable=False),
    sqlite_with_rowid=False,
)
Index("ended_sessions_by_end", ended_sessions.c.until)

KEEPER = Schema("keeper", metadata, "0003", 0, {0: "0001"})
"""SQLite files of a keeper have no mark; those of release 0.1.0, and later ones without a revision, are at the first."""
