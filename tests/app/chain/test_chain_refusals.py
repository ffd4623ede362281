"""A node refuses a transaction that it, or another, may have taken all the same: what nobody knows is no refusal (H-7)."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from consentry.chain.ledger import open_ledger
from consentry.chain.rpc import Request, RpcClient, RpcError
from consentry.chain.sender import ChainSender
from consentry.errors import ChainStale, ChainUnreachable
from consentry.index.sendings import SqlSendings
from tests.app.chain.sending import anchor, no_blocks, nonce, times_anchored
from tests.app.chain.several import nodes
from tests.app.chain.world import World
from tests.faults.proxy import Answer, Change, Gone, Proxy, unchanged
from tests.waiting import until

SEND, LOOK_UP = "eth_sendRawTransaction", "eth_getTransactionByHash"
TOO_LITTLE = {"error": {"code": -32000, "message": "insufficient funds for gas * price + value"}}
TOO_MANY = {"error": {"code": -32005, "message": "too many requests"}}
KNOWN = {"error": {"code": -32000, "message": "already known"}}
NOTHING: dict[str, Any] = {"result": None}


def asks(body: bytes, methods: Iterable[str]) -> bool:
    return any(one["method"] in methods for one in json.loads(body))


def saying(told: dict[str, dict[str, Any]]) -> Change:
    """A node that does what it is asked for, and says this of it, by method."""

    def changed(_path: str, body: bytes, answer: Answer) -> Answer:
        if not asks(body, told):
            return answer
        said = [
            {"jsonrpc": "2.0", "id": one["id"], **told.get(one["method"], NOTHING)}
            for one in json.loads(body)
        ]
        return replace(answer, body=json.dumps(said).encode())

    return changed


def silent(_path: str, body: bytes, answer: Answer) -> Answer:
    """Takes what is sent, and does not live to say so."""
    if asks(body, [SEND]):
        raise Gone
    return answer


@pytest.mark.parametrize(
    "told",
    [{SEND: TOO_LITTLE, LOOK_UP: TOO_MANY}, {SEND: KNOWN, LOOK_UP: NOTHING}],
    ids=["the look-up is refused too", "the node knows it"],
)
def test_a_refusal_that_does_not_say_that_nobody_has_it_is_none(
    world: World, key: bytes, book: SqlSendings, told: dict[str, dict[str, Any]]
) -> None:
    """H-7"""
    root, proxy = secrets.token_bytes(32), Proxy(world.chain.url)
    ledger = open_ledger(proxy.url, world.chain.deployment, timeout=5.0)
    sender = ChainSender(ledger.connection, key, sendings=book)
    before = nonce(world.ledger.connection.rpc, sender.address)
    proxy.change = saying(told)
    try:
        anchor(sender, root)
    finally:
        ledger.connection.close()
        proxy.close()
    assert times_anchored(world.ledger, root) == 1
    assert nonce(world.ledger.connection.rpc, sender.address) == before + 1


@pytest.mark.parametrize("refusal", ["insufficient funds", "nonce too low"])
def test_a_refusal_after_another_node_was_silent_is_none(
    world: World, key: bytes, book: SqlSendings, refusal: str
) -> None:
    """H-7: the first took it, and the second, which does not have it yet, refuses it."""
    root = secrets.token_bytes(32)
    with nodes(world, 2) as several:
        several.ledger.head()
        sender = ChainSender(several.connection, key, sendings=book)
        before = nonce(world.ledger.connection.rpc, sender.address)
        several.proxies[0].change = silent
        several.proxies[1].change = saying(
            {SEND: {"error": {"code": -32000, "message": refusal}}, LOOK_UP: NOTHING}
        )
        anchor(sender, root)
        assert several.using == 2 and times_anchored(world.ledger, root) == 1
        assert nonce(world.ledger.connection.rpc, sender.address) == before + 1


def test_a_refusal_by_the_one_node_that_was_asked_ends_it(
    world: World, key: bytes, book: SqlSendings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """H-7: nobody has it, its nonce is free, and whoever asked hears of it."""
    exchange = RpcClient.exchange

    def refuses(self: RpcClient, wanted: Sequence[Request]) -> list[Any]:
        if wanted[0].method == SEND:
            return [RpcError(-32000, "insufficient funds for gas * price + value", None)]
        return exchange(self, wanted)

    root = secrets.token_bytes(32)
    with nodes(world, 2) as several:
        sender = ChainSender(several.connection, key, sendings=book)
        with monkeypatch.context() as patched, pytest.raises(ChainUnreachable, match="refuses the question"):
            patched.setattr(RpcClient, "exchange", refuses)
            anchor(sender, root)
        assert book.of(sender.address) == ()
        assert anchor(sender, root) == world.ledger.head().number
    assert times_anchored(world.ledger, root) == 1


def test_what_is_refused_of_one_keeps_no_other_waiting(world: World, key: bytes, book: SqlSendings) -> None:
    """H-7: the node answers everything but what becomes of the first."""
    proxy = Proxy(world.chain.url)
    ledger = open_ledger(proxy.url, world.chain.deployment, timeout=5.0)
    sender = ChainSender(ledger.connection, key, sendings=book, wait_seconds=0.02)
    with no_blocks(world.ledger.connection.rpc):
        for _ in range(2):
            with pytest.raises(ChainStale):
                anchor(sender, secrets.token_bytes(32))
    first, _ = book.of(sender.address)
    refuses = saying({"eth_getTransactionReceipt": TOO_MANY})
    proxy.change = lambda path, body, answer: (
        refuses(path, body, answer) if first.attempts[0].hash.hex() in body.decode() else answer
    )
    until(lambda: sender.tend() == 1, "the end of the second")
    assert book.of(sender.address) == (first,)
    proxy.change = unchanged
    until(lambda: sender.tend() == 0, "the end of the first")
    ledger.connection.close()
    proxy.close()
