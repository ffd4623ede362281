"""Tables of an author's own book."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Integer, LargeBinary, MetaData, String, Table

metadata = MetaData()

publications = Table(
    "publications",
    metadata,
    Column("content_id", LargeBinary(32), primary_key=True),
    Column("record_id", LargeBinary(32), nullable=False, unique=True),
    Column("tag", LargeBinary(32), nullable=False, unique=True),
    Column("entry_cid", String(64), nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
    Column("state", String(8), nullable=False),
    Column("root", LargeBinary(32), index=True),
    Column("position", Integer),
    Column("manifest_digest", LargeBinary(32)),
    Column("transaction", LargeBinary(32)),
)

# `next_position`: the first position of the channel that no publication has taken.
channels = Table(
    "channels",
    metadata,
    Column("channel_id", LargeBinary(32), primary_key=True),
    Column("lineage", BigInteger, primary_key=True),
    Column("next_position", BigInteger, nullable=False),
)

# Roots whose anchor cannot go away any more.
settled = Table("settled", metadata, Column("root", LargeBinary(32), primary_key=True))

# Records without a directory to file them in; `sealed` is the entry, encrypted under the author's own key.
waiting = Table(
    "waiting",
    metadata,
    Column("content_id", LargeBinary(32), primary_key=True),
    Column("record_id", LargeBinary(32), nullable=False, unique=True),
    Column("patient", String(42), nullable=False, index=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("scheduled", Boolean, nullable=False),
    Column("next_at", BigInteger, nullable=False, index=True),
    Column("attempts", Integer, nullable=False),
)
