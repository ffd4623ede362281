"""What an author's book got until revisions were noted. Files from between the releases have some of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "entry_sealings",
        sa.Column("entry_cid", sa.String(length=64), nullable=False),
        sa.Column("record_id", sa.LargeBinary(length=32), nullable=False),
        sa.Column("sealing_hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("entry_cid"),
        if_not_exists=True,
    )
    op.create_index("ix_entry_sealings_record_id", "entry_sealings", ["record_id"], if_not_exists=True)
    op.create_table(
        "erased_entries",
        sa.Column("entry_cid", sa.String(length=64), nullable=False),
        sa.Column("order_id", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("entry_cid"),
        if_not_exists=True,
    )
    op.create_table(
        "erasure_certificates",
        sa.Column("record_id", sa.LargeBinary(length=32), nullable=False),
        sa.Column("member", sa.String(length=42), nullable=False),
        sa.Column("certificate", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(length=65), nullable=False),
        sa.PrimaryKeyConstraint("record_id", "member"),
        if_not_exists=True,
    )
    op.create_table(
        "erasures",
        sa.Column("record_id", sa.LargeBinary(length=32), nullable=False),
        sa.Column("content", sa.String(length=120), nullable=False),
        sa.Column("order", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(length=65), nullable=False),
        sa.PrimaryKeyConstraint("record_id"),
        if_not_exists=True,
    )
    op.create_table(
        "obeyed_orders",
        sa.Column("id", sa.LargeBinary(length=32), nullable=False),
        sa.Column("order", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(length=65), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        if_not_exists=True,
    )
    op.create_table(
        "own_contents",
        sa.Column("record_id", sa.LargeBinary(length=32), nullable=False),
        sa.Column("cid", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("record_id"),
        if_not_exists=True,
    )
    op.create_index("ix_own_contents_cid", "own_contents", ["cid"], if_not_exists=True)
    op.create_table(
        "own_identifiers",
        sa.Column("identifier", sa.LargeBinary(length=32), nullable=False),
        sa.Column("key", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("identifier", "key"),
        if_not_exists=True,
    )
    op.create_index("ix_own_identifiers_key", "own_identifiers", ["key"], if_not_exists=True)
    op.create_table(
        "own_records",
        sa.Column("record_id", sa.LargeBinary(length=32), nullable=False),
        sa.Column("committee_version", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("record_id"),
        if_not_exists=True,
    )
    op.create_index(
        "ix_own_records_committee_version",
        "own_records",
        ["committee_version"],
        unique=False,
        if_not_exists=True,
    )
    op.create_table(
        "own_resources",
        sa.Column("key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("record_id", sa.LargeBinary(length=32), nullable=False),
        sa.Column("name", sa.LargeBinary(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("rowid", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.PrimaryKeyConstraint("key"),
        if_not_exists=True,
    )
    op.create_index("ix_own_resources_record_id", "own_resources", ["record_id"], if_not_exists=True)
    op.create_table(
        "resealings",
        sa.Column("content_id", sa.LargeBinary(length=32), nullable=False),
        sa.Column("record_id", sa.LargeBinary(length=32), nullable=False),
        sa.Column("tag", sa.LargeBinary(length=32), nullable=False),
        sa.Column("entry_cid", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("root", sa.LargeBinary(length=32), nullable=True),
        sa.Column("position", NUMBER, nullable=True),
        sa.Column("manifest_digest", sa.LargeBinary(length=32), nullable=True),
        sa.Column("transaction", sa.LargeBinary(length=32), nullable=True),
        sa.Column("committee_version", sa.BigInteger(), nullable=False),
        sa.Column("rowid", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.PrimaryKeyConstraint("content_id"),
        sa.UniqueConstraint("tag"),
        if_not_exists=True,
    )
    op.create_index("ix_resealings_record_id", "resealings", ["record_id"], if_not_exists=True)
    op.create_index("ix_resealings_root", "resealings", ["root"], if_not_exists=True)
    op.create_table(
        "retractions",
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("record_id", sa.LargeBinary(length=32), nullable=False),
        sa.Column("by", sa.String(length=128), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("record_id"),
        if_not_exists=True,
    )
    op.create_table(
        "settled",
        sa.Column("root", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("root"),
        if_not_exists=True,
    )
    op.create_table(
        "summaries",
        sa.Column("patient_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("with_sensitive", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("patient_key"),
        if_not_exists=True,
    )
    op.create_table(
        "version_documents",
        sa.Column("document", sa.LargeBinary(length=32), nullable=False),
        sa.Column("record_id", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("document", "record_id"),
        if_not_exists=True,
    )
    op.create_index(
        "ix_version_documents_record_id",
        "version_documents",
        ["record_id"],
        unique=False,
        if_not_exists=True,
    )
    op.create_table(
        "version_names",
        sa.Column("name", sa.LargeBinary(length=32), nullable=False),
        sa.Column("record_id", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("name", "record_id"),
        if_not_exists=True,
    )
    op.create_index("ix_version_names_record_id", "version_names", ["record_id"], if_not_exists=True)
    op.create_table(
        "versions",
        sa.Column("record_id", sa.LargeBinary(length=32), nullable=False),
        sa.Column("content", sa.LargeBinary(length=32), nullable=False),
        sa.Column("place", sa.LargeBinary(length=32), nullable=False),
        sa.Column("department", sa.LargeBinary(length=32), nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.Column("replaces", sa.LargeBinary(length=32), nullable=True),
        sa.Column("standing", sa.String(length=10), nullable=False),
        sa.Column("replaced_by", sa.LargeBinary(length=32), nullable=True),
        sa.Column("rowid", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.PrimaryKeyConstraint("record_id"),
        if_not_exists=True,
    )
    op.create_index("ix_versions_content", "versions", ["content"], if_not_exists=True)
    op.create_index("ix_versions_standing", "versions", ["standing"], if_not_exists=True)
    op.create_table(
        "waiting",
        sa.Column("content_id", sa.LargeBinary(length=32), nullable=False),
        sa.Column("record_id", sa.LargeBinary(length=32), nullable=False),
        sa.Column("patient", sa.String(length=42), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("scheduled", sa.Boolean(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("content_id"),
        sa.UniqueConstraint("record_id"),
        if_not_exists=True,
    )
    op.create_index("ix_waiting_next_at", "waiting", ["next_at"], if_not_exists=True)
    op.create_index("ix_waiting_patient", "waiting", ["patient"], if_not_exists=True)
