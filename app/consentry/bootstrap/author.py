"""What an author's own commands work with, wired from its gateway's settings: resealing, erasing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from consentry.bootstrap.common import SystemClock, open_chain, open_sendings, open_store
from consentry.bootstrap.gateway import GATEWAY_SECRETS
from consentry.bootstrap.identity import author_of
from consentry.bootstrap.obeying import obey_ports
from consentry.chain.sender import ChainSender, Until
from consentry.config import GatewayConfig, index_of
from consentry.crypto import keystore
from consentry.crypto.signatures import sign_digest
from consentry.databases.place import place_of
from consentry.errors import KeystoreInvalid
from consentry.index.author import SqlPublications
from consentry.index.entries import SqlIndex
from consentry.index.erasures import SqlErasures
from consentry.index.own_records import SqlOwnRecords
from consentry.index.scanner import Scanner
from consentry.index.waiting import SqlWaitingRoom
from consentry.remote.tls import client_context
from consentry.services import retention
from consentry.services.erasure import ErasurePorts
from consentry.services.pace import Pace
from consentry.services.publish_ports import Author, PublishPorts
from consentry.services.reseal import ResealPorts

_OWN_PACE = 1_000_000
"""Nobody slows down an author that erases at its own store."""


@dataclass(frozen=True)
class OpenAuthor:
    """The author and its ports: book and index are the gateway's own files, which may be in use meanwhile."""

    author: Author
    resealing: ResealPorts
    erasing: ErasurePorts = field(repr=False)


@contextmanager
def open_author(config: GatewayConfig, passphrase: Callable[[], str]) -> Iterator[OpenAuthor]:
    """Raises KeystoreLocked, KeystoreInvalid, DeploymentMissing, ConfigInvalid, StoreUnreachable."""
    secrets = keystore.read(Path(config.keystore), passphrase())
    if not secrets.keys() >= GATEWAY_SECRETS:
        raise KeystoreInvalid(f"a gateway's keystore holds the secrets {', '.join(sorted(GATEWAY_SECRETS))}")
    table = retention.with_own(Path(config.retention) if config.retention else None)
    tls = client_context(config.serving.tls)
    ledger = open_chain(config, tls)
    store, clock = open_store(config.store, tls), SystemClock()
    book = SqlPublications(place_of(config.database))
    erasures = SqlErasures(book.database)
    index = SqlIndex(index_of(config))
    scanner = Scanner(ledger, store, index, catch_up_seconds=config.catch_up_seconds, erased=erasures.erased)
    publishing = PublishPorts(
        ledger=ledger,
        store=store,
        sender=ChainSender(
            ledger.connection,
            secrets["account"],
            until=Until.FINAL,
            sendings=open_sendings(place_of(config.database), ledger),
        ),
        publications=book,
        waiting=SqlWaitingRoom(book.database),
        clock=clock,
        index=index,
        scan=lambda: scanner.catch_up(clock.now()),
    )
    author = author_of(config, secrets)
    erasing = ErasurePorts(
        publishing=publishing,
        own=erasures,
        here=obey_ports(author, secrets["account"], publishing, index, erasures, Pace(_OWN_PACE, _OWN_PACE)),
        table=table,
        jurisdiction=config.jurisdiction,
        chain_id=ledger.chain_id,
        sign=partial(sign_digest, secrets["account"]),
    )
    try:
        yield OpenAuthor(author, ResealPorts(publishing, SqlOwnRecords(book.database)), erasing)
    finally:
        scanner.close()
