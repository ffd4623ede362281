"""Tables of an author's own book."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, LargeBinary, MetaData, String, Table

from consentry.databases.columns import Number, arrival

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
    Column("position", Number),
    Column("manifest_digest", LargeBinary(32)),
    Column("transaction", LargeBinary(32)),
    arrival(),
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
    Column("attempts", Number, nullable=False),
)

# Versions of documents (`ports.versions`).
versions = Table(
    "versions",
    metadata,
    Column("record_id", LargeBinary(32), primary_key=True),
    Column("content", LargeBinary(32), nullable=False, index=True),
    Column("place", LargeBinary(32), nullable=False),
    Column("department", LargeBinary(32), nullable=False),
    Column("version", Number, nullable=False),
    Column("replaces", LargeBinary(32)),
    Column("standing", String(10), nullable=False, index=True),
    Column("replaced_by", LargeBinary(32)),
    arrival(),
)

# Which resources a record holds, and of which documents it is part.
version_names = Table(
    "version_names",
    metadata,
    Column("name", LargeBinary(32), primary_key=True),
    Column("record_id", LargeBinary(32), primary_key=True, index=True),
)

version_documents = Table(
    "version_documents",
    metadata,
    Column("document", LargeBinary(32), primary_key=True),
    Column("record_id", LargeBinary(32), primary_key=True, index=True),
)

# Who took a record back, when and why: of each record the first who did.
retractions = Table(
    "retractions",
    metadata,
    Column("number", Number, primary_key=True),
    Column("record_id", LargeBinary(32), nullable=False, unique=True),
    Column("by", String(128), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("why", String(20), nullable=False),
)

# What the author keeps of each record that it published: `sealed` opens with its offline copy key alone.
own_records = Table(
    "own_records",
    metadata,
    Column("record_id", LargeBinary(32), primary_key=True),
    Column("committee_version", BigInteger, nullable=False, index=True),
    Column("sealed", LargeBinary, nullable=False),
)

# Further entries of published records, sealed to a later committee; columns as in `publications`.
resealings = Table(
    "resealings",
    metadata,
    Column("content_id", LargeBinary(32), primary_key=True),
    Column("record_id", LargeBinary(32), nullable=False, index=True),
    Column("tag", LargeBinary(32), nullable=False, unique=True),
    Column("entry_cid", String(64), nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
    Column("state", String(8), nullable=False),
    Column("root", LargeBinary(32), index=True),
    Column("position", Number),
    Column("manifest_digest", LargeBinary(32)),
    Column("transaction", LargeBinary(32)),
    Column("committee_version", BigInteger, nullable=False),
    arrival(),
)

# Where the content of each own record lies: never anybody's entry, and deleted when the record is erased.
own_contents = Table(
    "own_contents",
    metadata,
    Column("record_id", LargeBinary(32), primary_key=True),
    Column("cid", String(120), nullable=False, index=True),
)

# Erasures of own records, from before anything was deleted; `order` is the canonical JSON that was signed.
erasures = Table(
    "erasures",
    metadata,
    Column("record_id", LargeBinary(32), primary_key=True),
    Column("content", String(120), nullable=False),
    Column("order", LargeBinary, nullable=False),
    Column("signature", LargeBinary(65), nullable=False),
)

erasure_certificates = Table(
    "erasure_certificates",
    metadata,
    Column("record_id", LargeBinary(32), primary_key=True),
    Column("member", String(42), primary_key=True),
    Column("certificate", LargeBinary, nullable=False),
    Column("signature", LargeBinary(65), nullable=False),
)

# The sealing's hash of each entry of an own record, which with its header gives the digest that was anchored.
entry_sealings = Table(
    "entry_sealings",
    metadata,
    Column("entry_cid", String(64), primary_key=True),
    Column("record_id", LargeBinary(32), nullable=False, index=True),
    Column("sealing_hash", LargeBinary(32), nullable=False),
)

# Orders that were obeyed, and what was erased by them, so that an index that is built anew does not fetch it again.
obeyed_orders = Table(
    "obeyed_orders",
    metadata,
    Column("id", LargeBinary(32), primary_key=True),
    Column("order", LargeBinary, nullable=False),
    Column("signature", LargeBinary(65), nullable=False),
)

erased_entries = Table(
    "erased_entries",
    metadata,
    Column("entry_cid", String(64), primary_key=True),
    Column("order_id", LargeBinary(32), nullable=False),
)

# What emergency summaries are composed from (`ports.summaries`), encrypted under the author's own key.
summaries = Table(
    "summaries",
    metadata,
    Column("patient_key", LargeBinary(32), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("with_sensitive", Boolean, nullable=False),
)

# Where own resources are (`ports.own_resources`); `key` and `name` are keyed hashes.
own_resources = Table(
    "own_resources",
    metadata,
    Column("key", LargeBinary(32), primary_key=True),
    Column("record_id", LargeBinary(32), nullable=False, index=True),
    Column("name", LargeBinary(32), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    arrival(),
)

own_identifiers = Table(
    "own_identifiers",
    metadata,
    Column("identifier", LargeBinary(32), primary_key=True),
    Column("key", LargeBinary(32), primary_key=True, index=True),
)
