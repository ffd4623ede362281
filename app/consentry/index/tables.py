"""Tables of the index. All of it can be rebuilt from the chain and the content store."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    MetaData,
    String,
    Table,
    text,
)

from consentry.databases.columns import Number

metadata = MetaData()


class ManifestState(StrEnum):
    """`waiting`: not fetched yet, or not there when last tried. `invalid`: not what the anchor says, for ever."""

    WAITING = "waiting"
    INDEXED = "indexed"
    INVALID = "invalid"


class EntryState(StrEnum):
    """`waiting`: the entry's block is not here yet. `invalid`: larger than any entry may be. `erased`: gone for good, by its
    author's order."""

    WAITING = "waiting"
    STORED = "stored"
    INVALID = "invalid"
    ERASED = "erased"


anchors = Table(
    "anchors",
    metadata,
    Column("author", String(42), primary_key=True),
    Column("root", LargeBinary(32), primary_key=True),
    Column("manifest_digest", LargeBinary(32), nullable=False),
    Column("count", Number, nullable=False),
    Column("block", BigInteger, nullable=False, index=True),
    Column("log_index", Number, nullable=False),
    Column("transaction", LargeBinary(32), nullable=False),
    Column("state", String(8), nullable=False),
    Column("reason", String(200), nullable=False, server_default=""),
    Column("seen_at", BigInteger, nullable=False),
    Column("attempts", Number, nullable=False, server_default="0"),
    Column("next_attempt_at", BigInteger, nullable=False, server_default="0"),
)
Index("anchors_by_manifest", anchors.c.manifest_digest)
Index("anchors_unfinished", anchors.c.state, anchors.c.author, anchors.c.next_attempt_at)

entries = Table(
    "entries",
    metadata,
    Column("author", String(42), primary_key=True),
    Column("root", LargeBinary(32), primary_key=True),
    Column("position", Number, primary_key=True),
    Column("tag", LargeBinary(32), nullable=False),
    Column("entry_cid", String(64), nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
    Column("block", BigInteger, nullable=False),
    Column("state", String(8), nullable=False),
    Column("attempts", Number, nullable=False, server_default="0"),
    Column("next_attempt_at", BigInteger, nullable=False, server_default="0"),
    ForeignKeyConstraint(["author", "root"], ["anchors.author", "anchors.root"], ondelete="CASCADE"),
)
Index("entries_by_tag", *entries.c["author", "tag", "block", "root", "position"])
Index("entries_by_cid", entries.c.entry_cid)
_waiting = text(f"state = '{EntryState.WAITING}'")
_due = entries.c["author", "next_attempt_at"]
Index("entries_waiting", *_due, sqlite_where=_waiting, postgresql_where=_waiting)

# Blocks up to which logs were read, with their hashes: where two chains part is found by asking for these.
checkpoints = Table(
    "checkpoints",
    metadata,
    Column("block", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary(32), nullable=False),
)

# One row: what the last scan saw.
scans = Table(
    "scans",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=False),
    Column("head_block", BigInteger, nullable=False),
    Column("scanned_at", BigInteger, nullable=False),
)
