"""Which receipts a request left in a keeper's book, by the request id that gateways log (specification H-54)."""

from __future__ import annotations

from sqlalchemy import select

from consentry.bootstrap.databases import books_of, connected, look
from consentry.databases.schema import Standing
from consentry.domain.receipts import Receipt, receipt_value
from consentry.errors import DatabaseOutdated
from consentry.keeper.settings import KeeperConfig
from consentry.keeper.tables import receipts


def asked_as(config: KeeperConfig, request_id: str) -> tuple[Receipt, ...]:
    """In order of their numbers; nothing is changed. Raises ConfigInvalid, DatabaseForeign, DatabaseOutdated,
    DatabaseUnreachable."""
    book = books_of(config)[0]
    query = select(receipts.c.body).where(receipts.c.request_id == request_id).order_by(receipts.c.seq)
    if look(book).standing is not Standing.CURRENT:
        raise DatabaseOutdated("no keeper of this version has opened it yet")
    with connected(book, writes=False) as connection:
        return tuple(Receipt.parse(body) for body in connection.execute(query).scalars())


def digest_of(receipt: Receipt) -> bytes:
    """As it stands in the tree that is on chain (32 bytes)."""
    return receipt_value(receipt.to_bytes())
