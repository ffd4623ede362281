"""The index anew, with look-ups by CID: all of it is filled again from the chain and the store."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    for table in ("entries", "anchors", "checkpoints", "scans"):
        op.drop_table(table, if_exists=True)
    op.create_table(
        "anchors",
        sa.Column("author", sa.String(length=42), nullable=False),
        sa.Column("root", sa.LargeBinary(length=32), nullable=False),
        sa.Column("manifest_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("count", NUMBER, nullable=False),
        sa.Column("block", sa.BigInteger(), nullable=False),
        sa.Column("log_index", NUMBER, nullable=False),
        sa.Column("transaction", sa.LargeBinary(length=32), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=200), server_default="", nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", NUMBER, server_default="0", nullable=False),
        sa.Column("next_attempt_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("author", "root"),
    )
    op.create_index("anchors_by_manifest", "anchors", ["manifest_digest"])
    op.create_index("anchors_unfinished", "anchors", ["state", "author", "next_attempt_at"])
    op.create_index("ix_anchors_block", "anchors", ["block"])
    op.create_table(
        "checkpoints",
        sa.Column("block", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("block"),
    )
    op.create_table(
        "scans",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("head_block", sa.BigInteger(), nullable=False),
        sa.Column("scanned_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "entries",
        sa.Column("author", sa.String(length=42), nullable=False),
        sa.Column("root", sa.LargeBinary(length=32), nullable=False),
        sa.Column("position", NUMBER, nullable=False),
        sa.Column("tag", sa.LargeBinary(length=32), nullable=False),
        sa.Column("entry_cid", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("block", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("attempts", NUMBER, server_default="0", nullable=False),
        sa.Column("next_attempt_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["author", "root"], ["anchors.author", "anchors.root"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("author", "root", "position"),
    )
    op.create_index("entries_by_cid", "entries", ["entry_cid"])
    op.create_index("entries_by_tag", "entries", ["author", "tag", "block", "root", "position"])
    op.create_index(
        "entries_waiting",
        "entries",
        ["author", "next_attempt_at"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
