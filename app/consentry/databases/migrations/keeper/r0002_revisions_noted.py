"""What a keeper's book got until revisions were noted. Files from between the releases have some of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "commit_blocks",
        sa.Column("first_seq", NUMBER, autoincrement=False, nullable=False),
        sa.Column("block", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("first_seq"),
        if_not_exists=True,
    )
    op.create_table(
        "ended_sessions",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("until", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("account", "key"),
        sqlite_with_rowid=False,
        if_not_exists=True,
    )
    op.create_index("ended_sessions_by_end", "ended_sessions", ["until"], if_not_exists=True)
    op.create_table(
        "revocations",
        sa.Column("patient", sa.Text(), nullable=False),
        sa.Column("consent_id", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("seen_at", NUMBER, nullable=False),
        sa.Column("until", NUMBER, nullable=False),
        sa.Column("bring_at", NUMBER, nullable=False),
        sa.Column("tries", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("patient", "consent_id"),
        sqlite_with_rowid=False,
        if_not_exists=True,
    )
    op.create_index("revocations_due", "revocations", ["bring_at"], if_not_exists=True)
    known = {column["name"] for column in sa.inspect(op.get_bind()).get_columns("revocations")}
    if "refused_since" not in known:
        op.add_column("revocations", sa.Column("refused_since", NUMBER))
    if "refusals" not in known:
        op.add_column("revocations", sa.Column("refusals", NUMBER, nullable=False, server_default="0"))
