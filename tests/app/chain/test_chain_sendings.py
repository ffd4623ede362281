"""What happens to transactions between signing and the final block: nothing is lost, and nothing takes effect twice."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any

import pytest

from consentry.chain import attempts
from consentry.chain.connection import Connection
from consentry.chain.deployment import FeePolicy
from consentry.chain.rpc import RpcClient
from consentry.chain.sender import ChainSender
from consentry.errors import ChainStale
from consentry.index.sendings import SqlSendings
from tests.app.chain.sending import anchor, anchoring, no_blocks, nonce, times_anchored
from tests.app.chain.world import World
from tests.waiting import until

GIGA = 10**9


class Killed(BaseException):
    """The process ends here."""


def test_what_was_kept_is_sent_after_a_crash_and_the_same_call_joins_it(
    world: World, key: bytes, book: SqlSendings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """H-7: the process dies between the book and the node; whoever comes next brings it to the chain, once."""
    root, own = secrets.token_bytes(32), world.ledger.connection
    send = RpcClient.call

    def dies(self: RpcClient, method: str, *params: Any) -> Any:
        if method == "eth_sendRawTransaction":
            raise Killed
        return send(self, method, *params)

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(RpcClient, "call", dies)
        anchor(ChainSender(own, key, sendings=book), root)
    after = ChainSender(own, key, sendings=book)
    assert len(book.of(after.address)) == 1 and times_anchored(world.ledger, root) == 0
    assert anchor(after, root) == world.ledger.head().number
    assert times_anchored(world.ledger, root) == 1 and book.of(after.address) == ()


def test_tend_brings_what_nobody_waits_for_to_its_end(world: World, key: bytes, book: SqlSendings) -> None:
    """H-7: the wait is over, the node forgot the transaction, and the effect comes all the same."""
    root, rpc = secrets.token_bytes(32), world.ledger.connection.rpc
    sender = ChainSender(world.ledger.connection, key, sendings=book, wait_seconds=0.02)
    with no_blocks(rpc):
        with pytest.raises(ChainStale):
            anchor(sender, root)
        (sending,) = book.of(sender.address)
        rpc.call("anvil_dropTransaction", "0x" + sending.attempts[0].hash.hex())
    assert times_anchored(world.ledger, root) == 0
    until(lambda: sender.tend() == 0, "its end")
    assert times_anchored(world.ledger, root) == 1


def test_a_transaction_that_the_node_drops_is_sent_again(world: World, key: bytes, book: SqlSendings) -> None:
    """H-8"""
    root, rpc = secrets.token_bytes(32), world.ledger.connection.rpc
    sender = ChainSender(world.ledger.connection, key, sendings=book)
    with no_blocks(rpc), anchoring(rpc, sender, root, book) as (waiting, sending):
        sent = "0x" + sending.attempts[0].hash.hex()
        rpc.call("anvil_dropTransaction", sent)
        until(lambda: rpc.call("eth_getTransactionByHash", sent), "it again")
        rpc.call("evm_mine")
        assert waiting.result(timeout=90) == world.ledger.head().number


def test_a_gap_before_a_transaction_is_filled(world: World, key: bytes, book: SqlSendings) -> None:
    """H-8: another process's transaction had the nonce before ours, and the node dropped it."""
    root, rpc = secrets.token_bytes(32), world.ledger.connection.rpc
    sender = ChainSender(world.ledger.connection, key, sendings=book)
    before = nonce(rpc, sender.address)
    rpc.call("anvil_impersonateAccount", sender.address)
    with no_blocks(rpc):
        other = rpc.call(
            "eth_sendTransaction", {"from": sender.address, "to": sender.address, "gas": hex(21_000)}
        )
        with anchoring(rpc, sender, root, book) as (waiting, sending):
            assert sending.nonce == before + 1
            rpc.call("anvil_dropTransaction", other)
            until(lambda: nonce(rpc, sender.address, "pending") == before + 2, "the gap's end")
            rpc.call("evm_mine")
            assert waiting.result(timeout=90) == world.ledger.head().number
    until(lambda: sender.tend() == 0, "the end of what filled it")
    assert nonce(rpc, sender.address) == before + 2 and times_anchored(world.ledger, root) == 1


def test_a_nonce_that_another_process_took_is_left_for_the_next(
    world: World, key: bytes, book: SqlSendings
) -> None:
    """H-7: the call takes effect once, by another transaction."""
    root, rpc = secrets.token_bytes(32), world.ledger.connection.rpc
    sender = ChainSender(world.ledger.connection, key, sendings=book)
    before = nonce(rpc, sender.address)
    rpc.call("anvil_impersonateAccount", sender.address)
    with no_blocks(rpc), anchoring(rpc, sender, root, book) as (waiting, sending):
        dear = {"gas": hex(21_000), "gasPrice": hex(10**11), "nonce": hex(sending.nonce)}
        rpc.call("eth_sendTransaction", {"from": sender.address, "to": sender.address, **dear})
        rpc.call("evm_mine")
        until(lambda: [one.nonce for one in book.of(sender.address)] == [before + 1], "the next nonce")
        rpc.call("evm_mine")
        assert waiting.result(timeout=90) == world.ledger.head().number
    assert times_anchored(world.ledger, root) == 1 and nonce(rpc, sender.address) == before + 2


def test_one_that_is_stuck_offers_more_and_either_counts(world: World, key: bytes, book: SqlSendings) -> None:
    """H-8: after five blocks without it, within what the deployment allows."""
    root, own = secrets.token_bytes(32), world.ledger.connection
    dear = Connection(own.rpc, replace(own.deployment, fees=FeePolicy("eip1559", 100 * GIGA, GIGA)))
    sender = ChainSender(dear, key, sendings=book)
    with no_blocks(own.rpc):
        with anchoring(own.rpc, sender, root, book) as (waiting, sending):
            assert sending.attempts[0].max_fee == GIGA
            for _ in range(attempts.STUCK_BLOCKS + 1):
                own.rpc.call("anvil_setNextBlockBaseFeePerGas", hex(20 * GIGA))
                own.rpc.call("evm_mine")
            until(lambda: len(book.of(sender.address)[0].attempts) > 1, "a dearer attempt")
            assert not waiting.done()
            own.rpc.call("anvil_setNextBlockBaseFeePerGas", hex(20 * GIGA))
            own.rpc.call("evm_mine")
            assert waiting.result(timeout=90) == world.ledger.head().number
        own.rpc.call("anvil_setNextBlockBaseFeePerGas", hex(0))
    assert times_anchored(world.ledger, root) == 1 and sender.tend() == 0
