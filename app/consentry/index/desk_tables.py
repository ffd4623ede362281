"""Tables of the gateway's desk."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, LargeBinary, MetaData, String, Table, Text

from consentry.databases.columns import Number

metadata = MetaData()

# A number has one live link; former ones stay with the time they ended. `ref` is the person's opaque name in URLs.
links = Table(
    "links",
    metadata,
    Column("id", Number, primary_key=True),
    Column("number_key", LargeBinary(32), nullable=False),
    Column("patient", String(42), nullable=False, index=True),
    Column("linked_at", BigInteger, nullable=False),
    Column("linked_by", String(42), nullable=False),
    Column("evidence", Text, nullable=False),
    Column("ref", String(64), nullable=False, unique=True),
    Column("unlinked_at", BigInteger),
)
_live = links.c.unlinked_at.is_(None)
Index("links_live", links.c.number_key, unique=True, sqlite_where=_live, postgresql_where=_live)

proposals = Table(
    "proposals",
    metadata,
    Column("proposal_id", LargeBinary(16), primary_key=True),
    Column("patient", String(42), nullable=False, index=True),
    Column("consent", Text, nullable=False),
    Column("proposed_at", BigInteger, nullable=False),
    Column("proposed_by", String(42), nullable=False),
    Column("ends_at", BigInteger, nullable=False),
    Column("state", String(9), nullable=False),
    Column("consent_id", LargeBinary(32)),
)

consents = Table(
    "consents",
    metadata,
    Column("consent_id", LargeBinary(32), primary_key=True),
    Column("patient", String(42), nullable=False, index=True),
    Column("consent", Text, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("valid_from", BigInteger, nullable=False),
    Column("valid_until", BigInteger, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("state", String(7), nullable=False),
    Column("transaction", LargeBinary(32)),
)

# A FHIR Consent as it was sent, encrypted under the gateway's content key: it may name the person.
consent_frames = Table(
    "consent_frames",
    metadata,
    Column("consent_id", LargeBinary(32), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)

# What the hospital's system says of a linked person; old rows go when new ones are noted.
episodes = Table(
    "episodes",
    metadata,
    Column("ref", String(64), primary_key=True),
    Column("department", String(32), primary_key=True),
    Column("until", BigInteger, nullable=False),
    Column("noted_at", BigInteger, nullable=False),
    Column("noted_by", String(64), nullable=False),
)

# Break-glass openings that this gateway relayed: for whom an opening is stands nowhere else here, and never on chain.
openings = Table(
    "openings",
    metadata,
    Column("opening_id", LargeBinary(32), primary_key=True),
    Column("patient", String(42), nullable=False, index=True),
    Column("opening", Text, nullable=False),
    Column("kept_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger),
)

# What the member's own messaging system is to be told of them. `settled_at`: when it took the message, or was given up.
notices = Table(
    "notices",
    metadata,
    Column("opening_id", LargeBinary(32), primary_key=True),
    Column("attempts", Number, nullable=False),
    Column("next_at", BigInteger, nullable=False, index=True),
    Column("settled_at", BigInteger),
)

# Who was released category seeds, and when last.
seed_holders = Table(
    "seed_holders",
    metadata,
    Column("patient", String(42), primary_key=True),
    Column("account", String(42), primary_key=True),
    Column("held_at", BigInteger, nullable=False),
)

# Accounts that were named here for a patient's identity, as representative or new owner. The name is sealed under the
# gateway's content key: it is the patient's own word for somebody.
ties = Table(
    "identity_ties",
    metadata,
    Column("identity", String(42), primary_key=True),
    Column("account", String(42), primary_key=True, index=True),
    Column("sealed_name", LargeBinary, nullable=False),
    Column("noted_at", BigInteger, nullable=False),
)

# Mandates that were given through this gateway. The chain knows no scope, so it is kept here for whoever acts by it, sealed
# under the gateway's content key.
mandates = Table(
    "mandates",
    metadata,
    Column("mandate_id", LargeBinary(32), primary_key=True),
    Column("patient", String(42), nullable=False, index=True),
    Column("representative", String(42), nullable=False, index=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("kept_at", BigInteger, nullable=False),
    Column("transaction", LargeBinary(32)),
)

# Under which mandate a consent was granted that is kept here, sealed likewise: keepers want to see it with each reading.
consent_mandates = Table(
    "consent_mandates",
    metadata,
    Column("consent_id", LargeBinary(32), primary_key=True),
    Column("mandate_id", LargeBinary(32), nullable=False),
    Column("representative", String(42), nullable=False, index=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("kept_at", BigInteger, nullable=False),
)

# Guardians' signatures that wait for others, one for each guardian of an identity.
agreements = Table(
    "guardian_agreements",
    metadata,
    Column("identity", String(42), primary_key=True),
    Column("guardian", String(42), primary_key=True),
    Column("new_owner", String(42), nullable=False),
    Column("attempt", BigInteger, nullable=False),
    Column("deadline", BigInteger, nullable=False, index=True),
    Column("signature", LargeBinary, nullable=False),
    Column("noted_at", BigInteger, nullable=False),
)

# What patients ask about their records, and the hospital's answers; words sealed under the gateway's content key.
petitions = Table(
    "petitions",
    metadata,
    Column("petition_id", LargeBinary(16), primary_key=True),
    Column("patient", String(42), nullable=False, index=True),
    Column("record_id", LargeBinary(32), nullable=False),
    Column("asked", String(16), nullable=False),
    Column("sealed_words", LargeBinary, nullable=False),
    Column("asked_at", BigInteger, nullable=False),
    Column("state", String(16), nullable=False, index=True),
    Column("sealed_answer", LargeBinary, nullable=False),
    Column("answered_at", BigInteger),
    Column("answered_by", String(128), nullable=False),
)

# Directory documents that were stored here and that the chain need not name: these are taken away again.
staged = Table(
    "staged_documents",
    metadata,
    Column("cid", String(64), primary_key=True),
    Column("patient", String(42), nullable=False, index=True),
    Column("size", Number, nullable=False),
    Column("staged_at", BigInteger, nullable=False, index=True),
    Column("stage", String(8), nullable=False),
)

# The hospital's own systems that may ask for access tokens: public keys and scopes.
registered_clients = Table(
    "registered_clients",
    metadata,
    Column("client_id", String(64), primary_key=True),
    Column("public_keys", Text, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("registered_at", BigInteger, nullable=False),
)

# Assertions that were used: digests, until they end by themselves.
client_assertions = Table(
    "client_assertions",
    metadata,
    Column("assertion", LargeBinary(32), primary_key=True),
    Column("until", BigInteger, nullable=False, index=True),
)

# What a patient's side says to have seen of the news about it, by what the news is about.
seen_news = Table(
    "seen_news",
    metadata,
    Column("patient", String(42), primary_key=True),
    Column("kind", String(32), primary_key=True),
    Column("subject", String(66), primary_key=True),
    Column("seen_at", BigInteger, nullable=False),
)

# Where patients want to be told, sealed under the gateway's content key.
mail_addresses = Table(
    "mail_addresses",
    metadata,
    Column("patient", String(42), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("confirmed_at", BigInteger, nullable=False),
)

# News that is told by mail or to the messaging system; a row without patient says that a subject was taken up.
outgoing = Table(
    "outgoing_news",
    metadata,
    Column("channel", String(16), primary_key=True),
    Column("kind", String(32), primary_key=True),
    Column("subject", String(66), primary_key=True),
    Column("patient", String(42), primary_key=True),
    Column("attempts", Number, nullable=False),
    Column("next_at", BigInteger, nullable=False, index=True),
    Column("settled_at", BigInteger),
)
