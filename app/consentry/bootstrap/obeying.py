"""What obeying orders to erase works with, at a gateway and for an author's own command."""

from __future__ import annotations

from functools import partial

from consentry.crypto.signatures import sign_digest
from consentry.index.entries import SqlIndex
from consentry.index.erasures import SqlErasures
from consentry.services.obeying import ObeyPorts
from consentry.services.pace import Pace, relay_pace
from consentry.services.publish import Author, PublishPorts


def obey_ports(
    author: Author,
    account_key: bytes,
    publishing: PublishPorts,
    index: SqlIndex,
    erasures: SqlErasures,
    pace: Pace | None = None,
) -> ObeyPorts:
    """`pace`: that of relays, unless it is the author itself that asks."""
    return ObeyPorts(
        ledger=publishing.ledger,
        strangers=publishing.ledger.for_strangers() if pace is None else publishing.ledger,
        store=publishing.store,
        index=index,
        pace=relay_pace() if pace is None else pace,
        erased=erasures,
        clock=publishing.clock,
        member=author.address,
        sign=partial(sign_digest, account_key),
    )
