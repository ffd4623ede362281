"""Reading and publishing in this process with a network's parts, past its gateways: for the demo's auditor, tests, benchmarks."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from consentry.bootstrap.common import SystemClock, open_store
from consentry.chain.ledger import ChainLedger
from consentry.chain.sender import ChainSender, Until
from consentry.crypto.signatures import account_of
from consentry.databases.place import beside
from consentry.index.author import SqlPublications
from consentry.index.entries import SqlIndex
from consentry.index.scanner import Scanner
from consentry.index.waiting import SqlWaitingRoom
from consentry.network.run import Network
from consentry.remote.keepers import HttpKeepers
from consentry.services.publish import Author, PublishPorts
from consentry.services.reading import ReadPorts


@contextmanager
def read_ports(network: Network, index_path: Path) -> Iterator[ReadPorts]:
    """What a reader needs, with an index of its own at `index_path`."""
    ledger, store, index = (
        ChainLedger(network.connection),
        open_store(network.store_config),
        SqlIndex(index_path),
    )
    scanner, keepers = Scanner(ledger, store, index), HttpKeepers(spare=0)

    def scan() -> bool:
        scanner.scan(int(time.time()))  # nobody scans in the background here
        return True

    try:
        yield ReadPorts(ledger, store, index, keepers, SystemClock(), scan)
    finally:
        keepers.close()
        scanner.close()


def author(network: Network, slug: str) -> Author:
    """The author that a member's gateway is, with its keys."""
    keys = network.place.read_keys(network.place.member(slug) / "gateway.keystore")
    return Author(
        address=account_of(keys["account"]),
        directory_key=keys["directory"],
        copy_key=network.members[slug].copy_key,
        content_key=keys["content"],
    )


def publish_ports(network: Network, slug: str, database: Path) -> PublishPorts:
    """What publishing as a member needs, with a book and an index of its own."""
    keys = network.place.read_keys(network.place.member(slug) / "gateway.keystore")
    ledger, store, clock = ChainLedger(network.connection), open_store(network.store_config), SystemClock()
    book = SqlPublications(database)
    index = SqlIndex(beside(database))
    scanner = Scanner(ledger, store, index)
    return PublishPorts(
        ledger=ledger,
        store=store,
        sender=ChainSender(network.connection, keys["account"], until=Until.FINAL),
        publications=book,
        waiting=SqlWaitingRoom(book.database),
        clock=clock,
        index=index,
        scan=lambda: scanner.catch_up(clock.now()),
    )
