"""The mandates under which consents were granted that are kept here. Files from between the releases have them already."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "consent_mandates",
        sa.Column("consent_id", sa.LargeBinary(length=32), nullable=False),
        sa.Column("mandate_id", sa.LargeBinary(length=32), nullable=False),
        sa.Column("representative", sa.String(length=42), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("consent_id"),
        if_not_exists=True,
    )
    op.create_index(
        "ix_consent_mandates_representative", "consent_mandates", ["representative"], if_not_exists=True
    )
