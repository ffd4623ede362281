"""Mandates that were given through this gateway. Files from between the releases have them already."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "mandates",
        sa.Column("mandate_id", sa.LargeBinary(length=32), nullable=False),
        sa.Column("patient", sa.String(length=42), nullable=False),
        sa.Column("representative", sa.String(length=42), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", sa.BigInteger(), nullable=False),
        sa.Column("transaction", sa.LargeBinary(length=32), nullable=True),
        sa.PrimaryKeyConstraint("mandate_id"),
        if_not_exists=True,
    )
    for column in ("patient", "representative"):
        op.create_index(f"ix_mandates_{column}", "mandates", [column], if_not_exists=True)
