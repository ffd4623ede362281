"""A chain that stops under load, changes its mind, or hears one account from several processes (H-7, H-9)."""

from __future__ import annotations

import os
import secrets
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from consentry.chain.connection import Connection
from consentry.chain.ledger import open_ledger
from consentry.chain.sender import ChainSender, Until
from consentry.errors import ChainStale, ChainUnreachable
from consentry.index.sendings import SqlSendings
from tests.app.chain.sending import anchor, nonce, times_anchored
from tests.app.chain.world import World
from tests.waiting import until

STOPPED_SECONDS = float(os.environ.get("CONSENTRY_STOPPED_SECONDS", "5"))
"""How long the chain stands still; 60 were tried."""


def test_a_chain_that_stops_under_load_loses_and_doubles_nothing(
    world: World, key: bytes, book: SqlSendings
) -> None:
    """H-7: eight at once, whose waits end many times while the node is silent, and who ask again each time."""
    chain = world.chain
    ledger = open_ledger(chain.url, chain.deployment, timeout=1.0)
    sender = ChainSender(ledger.connection, key, sendings=book, wait_seconds=1.0)
    before, ended = nonce(world.ledger.connection.rpc, sender.address), time.monotonic() + STOPPED_SECONDS + 1
    roots: list[bytes] = []

    def load() -> int:
        failed = 0
        while time.monotonic() < ended:
            root = secrets.token_bytes(32)
            roots.append(root)
            anchored = False
            while not anchored:
                with suppress(ChainUnreachable, ChainStale):
                    anchored = anchor(sender, root) > 0
                failed += not anchored
        return failed

    with ThreadPoolExecutor(8) as pool:
        loads = [pool.submit(load) for _ in range(8)]
        until(lambda: len(roots) > 20, "load")
        os.kill(chain.pid, signal.SIGSTOP)
        try:
            time.sleep(STOPPED_SECONDS)
        finally:
            os.kill(chain.pid, signal.SIGCONT)
        failures = sum(one.result(timeout=180) for one in loads)
    until(lambda: sender.tend() == 0, "the book's end")
    found = [one.root for one in world.ledger.anchors(0, world.ledger.head().number)]
    assert failures and sorted(one for one in found if one in set(roots)) == sorted(roots)
    assert nonce(world.ledger.connection.rpc, sender.address) - before == len(roots)
    print(
        f"stopped {STOPPED_SECONDS:.0f} s: {len(roots)} anchors, {failures} waits that ended, none lost or doubled"
    )


def test_what_a_reorganisation_takes_back_is_sent_again(world: World, key: bytes, book: SqlSendings) -> None:
    """H-7: it was mined and told, as the keeper's commits are; its block goes, and the transaction with it."""
    own, root = world.ledger.connection, secrets.token_bytes(32)
    deep = Connection(own.rpc, replace(own.deployment, finality=2))
    sender = ChainSender(deep, key, sendings=book, until=Until.MINED)
    before = nonce(own.rpc, sender.address)
    anchor(sender, root)
    assert len(book.of(sender.address)) == sender.tend() == 1
    own.rpc.call("anvil_reorg", 1, [])
    assert times_anchored(world.ledger, root) == 0

    def over() -> bool:
        own.rpc.call("evm_mine")
        return sender.tend() == 0

    until(over, "its final block")
    assert times_anchored(world.ledger, root) == 1 and nonce(own.rpc, sender.address) == before + 1


def test_processes_that_share_a_book_share_the_nonces(
    world: World, key: bytes, book: SqlSendings, tmp_path: Path
) -> None:
    """H-7: the gateway, and its author's command beside it."""
    own = world.ledger.connection
    other = SqlSendings(tmp_path / "sendings.sqlite", own.deployment.genesis)
    senders = [ChainSender(world.chain.ledger().connection, key, sendings=one) for one in (book, other)]
    before = nonce(own.rpc, senders[0].address)
    roots = [secrets.token_bytes(32) for _ in range(16)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(anchor, senders * 8, roots))
    assert nonce(own.rpc, senders[0].address) == before + 16 and book.of(senders[0].address) == ()
