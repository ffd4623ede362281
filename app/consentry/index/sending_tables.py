"""Tables of what a process has under way on the chain."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, LargeBinary, MetaData, String, Table

metadata = MetaData()

# `chain`: hash of the first block, so that what was begun on a chain that is no more is never sent on its successor.
sendings = Table(
    "sendings",
    metadata,
    Column("chain", LargeBinary(32), primary_key=True),
    Column("account", String(42), primary_key=True),
    Column("nonce", BigInteger, primary_key=True, autoincrement=False),
    Column("key", LargeBinary(32), nullable=False),
    Column("target", String(42), nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("gas", BigInteger, nullable=False),
)

attempts = Table(
    "sending_attempts",
    metadata,
    Column("chain", LargeBinary(32), primary_key=True),
    Column("account", String(42), primary_key=True),
    Column("nonce", BigInteger, primary_key=True, autoincrement=False),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary(32), nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("max_fee", BigInteger, nullable=False),
    Column("block", BigInteger, nullable=False),
)
