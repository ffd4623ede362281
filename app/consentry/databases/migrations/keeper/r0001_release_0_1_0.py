"""A keeper's book of receipts, as release 0.1.0 made it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "owner",
        sa.Column("keeper", sa.Text(), nullable=False),
        sa.Column("chain_id", NUMBER, nullable=False),
        sa.Column("audit_log", sa.Text(), nullable=False),
    )
    op.create_table(
        "receipts",
        sa.Column("seq", NUMBER, autoincrement=False, nullable=False),
        sa.Column("request_digest", sa.LargeBinary(), nullable=False),
        sa.Column("item", NUMBER, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("patient", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("request_digest", "item", "reason"),
    )
    op.create_index("receipts_by_patient", "receipts", ["patient", "seq"])
    op.create_table(
        "uses",
        sa.Column("consent_id", sa.LargeBinary(), nullable=False),
        sa.Column("request_digest", sa.LargeBinary(), nullable=False),
        sa.Column("record_id", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("consent_id", "request_digest", "record_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "commits",
        sa.Column("first_seq", NUMBER, autoincrement=False, nullable=False),
        sa.Column("count", NUMBER, nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("tx", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("first_seq"),
    )
