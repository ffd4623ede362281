"""What the desk's book got until revisions were noted. Files from between the releases have some of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "audit_events",
        sa.Column("seq", NUMBER, nullable=False),
        sa.Column("event_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("recorded", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("event_id"),
        sqlite_autoincrement=True,
        if_not_exists=True,
    )
    op.create_index("audit_events_recorded", "audit_events", ["recorded"], if_not_exists=True)
    op.create_table(
        "client_assertions",
        sa.Column("assertion", sa.LargeBinary(length=32), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("assertion"),
        if_not_exists=True,
    )
    op.create_index("ix_client_assertions_until", "client_assertions", ["until"], if_not_exists=True)
    op.create_table(
        "consent_frames",
        sa.Column("consent_id", sa.LargeBinary(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("consent_id"),
        if_not_exists=True,
    )
    op.create_table(
        "guardian_agreements",
        sa.Column("identity", sa.String(length=42), nullable=False),
        sa.Column("guardian", sa.String(length=42), nullable=False),
        sa.Column("new_owner", sa.String(length=42), nullable=False),
        sa.Column("attempt", sa.BigInteger(), nullable=False),
        sa.Column("deadline", sa.BigInteger(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("noted_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("identity", "guardian"),
        if_not_exists=True,
    )
    op.create_index(
        "ix_guardian_agreements_deadline",
        "guardian_agreements",
        ["deadline"],
        unique=False,
        if_not_exists=True,
    )
    op.create_table(
        "identity_ties",
        sa.Column("identity", sa.String(length=42), nullable=False),
        sa.Column("account", sa.String(length=42), nullable=False),
        sa.Column("sealed_name", sa.LargeBinary(), nullable=False),
        sa.Column("noted_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("identity", "account"),
        if_not_exists=True,
    )
    op.create_index("ix_identity_ties_account", "identity_ties", ["account"], if_not_exists=True)
    op.create_table(
        "mail_addresses",
        sa.Column("patient", sa.String(length=42), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("confirmed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("patient"),
        if_not_exists=True,
    )
    op.create_table(
        "notices",
        sa.Column("opening_id", sa.LargeBinary(length=32), nullable=False),
        sa.Column("attempts", NUMBER, nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=False),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("opening_id"),
        if_not_exists=True,
    )
    op.create_index("ix_notices_next_at", "notices", ["next_at"], if_not_exists=True)
    op.create_table(
        "openings",
        sa.Column("opening_id", sa.LargeBinary(length=32), nullable=False),
        sa.Column("patient", sa.String(length=42), nullable=False),
        sa.Column("opening", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("opening_id"),
        if_not_exists=True,
    )
    op.create_index("ix_openings_patient", "openings", ["patient"], if_not_exists=True)
    op.create_table(
        "outgoing_news",
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=66), nullable=False),
        sa.Column("patient", sa.String(length=42), nullable=False),
        sa.Column("attempts", NUMBER, nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=False),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("channel", "kind", "subject", "patient"),
        if_not_exists=True,
    )
    op.create_index("ix_outgoing_news_next_at", "outgoing_news", ["next_at"], if_not_exists=True)
    op.create_table(
        "petitions",
        sa.Column("petition_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("patient", sa.String(length=42), nullable=False),
        sa.Column("record_id", sa.LargeBinary(length=32), nullable=False),
        sa.Column("asked", sa.String(length=16), nullable=False),
        sa.Column("sealed_words", sa.LargeBinary(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("sealed_answer", sa.LargeBinary(), nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("answered_by", sa.String(length=128), nullable=False),
        sa.PrimaryKeyConstraint("petition_id"),
        if_not_exists=True,
    )
    op.create_index("ix_petitions_patient", "petitions", ["patient"], if_not_exists=True)
    op.create_index("ix_petitions_state", "petitions", ["state"], if_not_exists=True)
    op.create_table(
        "registered_clients",
        sa.Column("client_id", sa.String(length=64), nullable=False),
        sa.Column("public_keys", sa.Text(), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("registered_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("client_id"),
        if_not_exists=True,
    )
    op.create_table(
        "seed_holders",
        sa.Column("patient", sa.String(length=42), nullable=False),
        sa.Column("account", sa.String(length=42), nullable=False),
        sa.Column("held_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("patient", "account"),
        if_not_exists=True,
    )
    op.create_table(
        "seen_news",
        sa.Column("patient", sa.String(length=42), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=66), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("patient", "kind", "subject"),
        if_not_exists=True,
    )
    op.create_table(
        "staged_documents",
        sa.Column("cid", sa.String(length=64), nullable=False),
        sa.Column("patient", sa.String(length=42), nullable=False),
        sa.Column("size", NUMBER, nullable=False),
        sa.Column("staged_at", sa.BigInteger(), nullable=False),
        sa.Column("stage", sa.String(length=8), nullable=False),
        sa.PrimaryKeyConstraint("cid"),
        if_not_exists=True,
    )
    op.create_index("ix_staged_documents_patient", "staged_documents", ["patient"], if_not_exists=True)
    op.create_index(
        "ix_staged_documents_staged_at",
        "staged_documents",
        ["staged_at"],
        unique=False,
        if_not_exists=True,
    )
    op.create_table(
        "audit_keys",
        sa.Column("key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("seq", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["audit_events.seq"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("key", "seq"),
        sqlite_with_rowid=False,
        if_not_exists=True,
    )
    op.create_index("audit_keys_seq", "audit_keys", ["seq"], if_not_exists=True)
    held = _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL
    for statement in held:
        op.execute(statement)


_YEARS = 3 * 366 * 86_400
_REFUSE = "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
_HAS_EVENT = "EXISTS (SELECT 1 FROM audit_events WHERE seq = OLD.seq)"
_RECENT = f"OLD.recorded > CAST(strftime('%s', 'now') AS INTEGER) - {_YEARS}"
_ANEW = "CREATE TRIGGER IF NOT EXISTS"
_SQLITE = (
    f"{_ANEW} audit_events_unchanged BEFORE UPDATE ON audit_events {_REFUSE}",
    f"{_ANEW} audit_events_kept BEFORE DELETE ON audit_events WHEN {_RECENT} {_REFUSE}",
    f"{_ANEW} audit_keys_unchanged BEFORE UPDATE ON audit_keys {_REFUSE}",
    f"{_ANEW} audit_keys_kept BEFORE DELETE ON audit_keys WHEN {_HAS_EVENT} {_REFUSE}",
)
_RAISE = "RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'restrict_violation';"
_RECENTLY = f"OLD.recorded > extract(epoch FROM now()) - {_YEARS}"
_BODIES = {
    ("audit_events", "unchanged", "UPDATE", "ROW"): _RAISE,
    ("audit_events", "kept", "DELETE", "ROW"): f"IF {_RECENTLY} THEN {_RAISE} END IF; RETURN OLD;",
    ("audit_keys", "unchanged", "UPDATE", "ROW"): _RAISE,
    ("audit_keys", "kept", "DELETE", "ROW"): f"IF {_HAS_EVENT} THEN {_RAISE} END IF; RETURN OLD;",
    ("audit_events", "whole", "TRUNCATE", "STATEMENT"): _RAISE,
    ("audit_keys", "whole", "TRUNCATE", "STATEMENT"): _RAISE,
}
_POSTGRESQL = tuple(
    statement
    for (table, name, operation, each), body in _BODIES.items()
    for statement in (
        f"CREATE OR REPLACE FUNCTION {table}_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$",
        f"CREATE OR REPLACE TRIGGER {table}_{name} BEFORE {operation} ON {table} FOR EACH {each}"
        f" EXECUTE FUNCTION {table}_{name}()",
    )
)
