"""What moving an author's records to another committee works with, wired from its gateway's settings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from consentry.bootstrap.common import CHAIN_TIMEOUT_SECONDS, SystemClock, open_store
from consentry.bootstrap.gateway import GATEWAY_SECRETS, author_of
from consentry.chain.ledger import open_ledger
from consentry.chain.sender import ChainSender
from consentry.config import GatewayConfig
from consentry.crypto import keystore
from consentry.errors import KeystoreInvalid
from consentry.index.author import SqlPublications
from consentry.index.entries import SqlIndex
from consentry.index.own_records import SqlOwnRecords
from consentry.index.scanner import Scanner
from consentry.index.waiting import SqlWaitingRoom
from consentry.services.publish_ports import Author, PublishPorts
from consentry.services.reseal import ResealPorts


@dataclass(frozen=True)
class Resealing:
    """The author, and its ports: book and index are the gateway's own files, which may be in use meanwhile."""

    author: Author
    ports: ResealPorts


@contextmanager
def open_resealing(config: GatewayConfig, passphrase: Callable[[], str]) -> Iterator[Resealing]:
    """Raises KeystoreLocked, KeystoreInvalid, DeploymentMissing, ConfigInvalid, StoreUnreachable."""
    secrets = keystore.read(Path(config.keystore), passphrase())
    if not secrets.keys() >= GATEWAY_SECRETS:
        raise KeystoreInvalid(f"a gateway's keystore holds the secrets {', '.join(sorted(GATEWAY_SECRETS))}")
    ledger = open_ledger(config.rpc_url, Path(config.deployment), timeout=CHAIN_TIMEOUT_SECONDS)
    store, clock, database = open_store(config.store), SystemClock(), Path(config.database)
    book = SqlPublications(database)
    index = SqlIndex(database.with_name(f"{database.stem}-index{database.suffix}"))
    scanner = Scanner(ledger, store, index, catch_up_seconds=config.catch_up_seconds)
    publishing = PublishPorts(
        ledger=ledger,
        store=store,
        sender=ChainSender(ledger.connection, secrets["account"]),
        publications=book,
        waiting=SqlWaitingRoom(book.database),
        clock=clock,
        index=index,
        scan=lambda: scanner.catch_up(clock.now()),
    )
    try:
        yield Resealing(author_of(config, secrets), ResealPorts(publishing, SqlOwnRecords(book.database)))
    finally:
        scanner.close()
