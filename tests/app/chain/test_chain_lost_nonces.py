"""Another transaction has the nonce of one that was begun: the call is in the book until it is under another nonce (H-7)."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from consentry.chain.ledger import open_ledger
from consentry.chain.sender import ChainSender
from consentry.errors import ChainStale, ChainUnreachable
from consentry.index.sendings import SqlSendings
from tests.app.chain.sending import anchor, no_blocks, nonce, times_anchored
from tests.app.chain.world import World
from tests.faults.proxy import Answer, Gone, Proxy, unchanged
from tests.waiting import until


@contextmanager
def losing(
    world: World, key: bytes, book: SqlSendings, taken: int
) -> Iterator[tuple[ChainSender, Proxy, bytes]]:
    """A sender behind a proxy, and the root of an anchor that it began, whose nonce and the next ones, `taken` in all, other
    transactions of the same account have for good."""
    rpc, root, proxy = world.ledger.connection.rpc, secrets.token_bytes(32), Proxy(world.chain.url)
    ledger = open_ledger(proxy.url, world.chain.deployment, timeout=5.0)
    sender = ChainSender(ledger.connection, key, sendings=book, wait_seconds=0.02)
    try:
        with no_blocks(rpc):
            with pytest.raises(ChainStale):
                anchor(sender, root)
            (sending,) = book.of(sender.address)
            rpc.call("anvil_dropTransaction", "0x" + sending.attempts[0].hash.hex())
            rpc.call("anvil_impersonateAccount", sender.address)
            for place in range(taken):
                its = {"gas": hex(21_000), "nonce": hex(sending.nonce + place)}
                rpc.call("eth_sendTransaction", {"from": sender.address, "to": sender.address, **its})
        assert times_anchored(world.ledger, root) == 0 and book.of(sender.address) == (sending,)
        yield sender, proxy, root
    finally:
        ledger.connection.close()
        proxy.close()


def begins_again(body: bytes) -> bool:
    """Whether this asks what is asked before a call is put under another nonce."""
    return [one["method"] for one in json.loads(body)] == ["eth_getTransactionCount", "eth_getBlockByNumber"]


def test_a_node_that_dies_when_the_next_nonce_is_asked_for_loses_nothing(
    world: World, key: bytes, book: SqlSendings
) -> None:
    """H-7: neither does a process that ends there: the next one goes on with the book."""

    def dies(_path: str, body: bytes, answer: Answer) -> Answer:
        if begins_again(body):
            raise Gone
        return answer

    with losing(world, key, book, 1) as (sender, proxy, root):
        proxy.change = dies

        def fails() -> bool:
            try:
                sender.tend()
            except ChainUnreachable:
                return True
            return False

        until(fails, "the question that nobody answers")
        assert len(book.of(sender.address)) == 1
        proxy.change = unchanged
        after = ChainSender(world.ledger.connection, key, sendings=book)
        until(lambda: after.tend() == 0, "its end")
        assert times_anchored(world.ledger, root) == 1


def test_who_waits_for_it_waits_for_the_next(world: World, key: bytes, book: SqlSendings) -> None:
    """H-7: the same call joins the one that is lost, and hears of the one that took its place."""
    with losing(world, key, book, 1) as (_, _, root):
        sender = ChainSender(world.ledger.connection, key, sendings=book)
        assert anchor(sender, root) == world.ledger.head().number
        assert times_anchored(world.ledger, root) == 1 and book.of(sender.address) == ()


def test_a_nonce_that_is_used_again_meanwhile_is_left_for_another(
    world: World, key: bytes, book: SqlSendings
) -> None:
    """H-7: the node counts one transaction too few, and refuses the nonce then."""
    refused: list[bytes] = []

    def late(_path: str, body: bytes, answer: Answer) -> Answer:
        if not begins_again(body) or refused:
            return answer
        refused.append(body)
        told = json.loads(answer.body)
        for one in told:
            if isinstance(one["result"], str):
                one["result"] = hex(int(one["result"], 16) - 1)
        return replace(answer, body=json.dumps(told).encode())

    with losing(world, key, book, 2) as (sender, proxy, root):
        proxy.change = late
        until(lambda: sender.tend() == 0, "its end")
        assert refused and times_anchored(world.ledger, root) == 1
        assert nonce(world.ledger.connection.rpc, sender.address) >= 3


def test_who_is_before_does_not_hold_it_up_for_ever(world: World, key: bytes, book: SqlSendings) -> None:
    """H-7: its turn is waited for as long as for a block."""
    with losing(world, key, book, 1) as (sender, _, root), sender._beginning._turn:

        def fails() -> bool:
            try:
                sender.tend()
            except ChainUnreachable:
                return True
            return False

        until(fails, "the end of its wait")
        assert len(book.of(sender.address)) == 1 and times_anchored(world.ledger, root) == 0
