"""Transactions: nonces, refusals by name, bounded waits, both fee models."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from consentry.chain.connection import Connection
from consentry.chain.deployment import FeePolicy
from consentry.chain.rpc import AnswerLate, Request, RpcClient
from consentry.chain.sender import ChainSender, Until
from consentry.errors import ChainStale, ChainUnreachable, LayoutInvalid, TransactionReverted
from tests.app.chain.world import World


def anchor(sender: ChainSender, root: bytes | None = None) -> int:
    chosen = root or secrets.token_bytes(32)
    return sender.transact("RecordRegistry", "anchor", chosen, chosen, 1).block


def test_transact_gives_receipt_with_decoded_logs(each_world: World) -> None:
    """R-1: gas, block and our own events by name; on anvil EIP-1559, on Ganache legacy, both without a fee."""
    root, manifest = secrets.token_bytes(32), secrets.token_bytes(32)
    mercy = each_world.mercy_hospital
    receipt = mercy.transact("RecordRegistry", "anchor", root, manifest, 3)
    assert receipt.block == each_world.ledger.head().number and 30_000 < receipt.gas_used < 100_000
    (log,) = receipt.logs
    assert (log.contract, log.event) == ("RecordRegistry", "RecordsAnchored")
    assert log.arguments == {
        "author": mercy.address,
        "root": root,
        "manifestDigest": manifest,
        "count": 3,
    }


def test_transact_raises_the_contract_s_own_error(each_world: World) -> None:
    """C-13, M-1, R-1: by name and with its values, before anything is sent."""
    mercy, before = each_world.mercy_hospital, each_world.ledger.head()
    root = secrets.token_bytes(32)
    with pytest.raises(TransactionReverted, match="RecordAuthorNotActive") as caught:
        anchor(each_world.alice, root)
    assert caught.value.arguments == (each_world.alice.address,)
    with pytest.raises(TransactionReverted, match="AccessManagedUnauthorized"):
        mercy.transact("MemberRegistry", "suspend", mercy.address)
    with pytest.raises(LayoutInvalid):
        mercy.transact("RecordRegistry", "anchor", b"short", b"short", "many")
    assert each_world.ledger.head() == before


def test_transact_gives_every_thread_its_own_nonce(each_world: World) -> None:
    """G-1: one member's batches and retractions are sent side by side."""
    with ThreadPoolExecutor(8) as pool:
        blocks = list(pool.map(lambda _: anchor(each_world.mercy_hospital), range(24)))
    assert len(blocks) == 24


def test_transact_survives_another_process_with_the_same_key(world: World) -> None:
    """G-1: two senders of one account that know nothing of each other."""
    key = world.chain.key(3)
    first, second = (ChainSender(world.chain.ledger().connection, key) for _ in range(2))
    name = f"Twin {secrets.token_hex(4)}"
    world.consortium.transact("MemberRegistry", "admit", first.address, name, "hospital")
    with ThreadPoolExecutor(6) as pool:
        blocks = list(pool.map(anchor, [first, second] * 6))
    assert len(blocks) == 12


def test_transact_names_why_a_mined_transaction_failed(world: World) -> None:
    """M-4: a suspension overtakes an anchor inside one block; the estimate was good, the transaction is not."""
    rpc = world.ledger.connection.rpc
    author, name = world.actor(), f"Hospital {secrets.token_hex(4)}"
    world.consortium.transact("MemberRegistry", "admit", author.address, name, "hospital")
    registry = world.ledger.connection.contracts["MemberRegistry"]
    suspend = {
        "from": world.consortium.address,
        "to": registry.address,
        "data": "0x" + registry.encode("suspend", author.address).hex(),
        "gas": hex(200_000),
        "gasPrice": hex(10**9),  # dearer goes first
    }
    rpc.call("evm_setAutomine", False)
    try:
        with ThreadPoolExecutor(1) as pool:
            sent = pool.submit(anchor, author)
            deadline = time.monotonic() + 90
            while int(rpc.call("txpool_status")["pending"], 16) < 1:
                assert time.monotonic() < deadline
                threading.Event().wait(0.01)
            rpc.call("eth_sendTransaction", suspend)
            rpc.call("evm_mine")
            failure = sent.exception(timeout=90)
    finally:
        rpc.call("evm_setAutomine", True)
    assert isinstance(failure, TransactionReverted) and failure.name == "RecordAuthorNotActive"


def test_transact_raises_chain_stale_when_no_block_comes(world: World) -> None:
    """K-11: the wait is bounded and names the transaction."""
    rpc = world.ledger.connection.rpc
    sender = ChainSender(world.ledger.connection, world.chain.key(3), wait_seconds=0.3)
    rpc.call("evm_setAutomine", False)
    try:
        started = time.monotonic()
        with pytest.raises(ChainStale, match="0x[0-9a-f]{64} is in no block"):
            sender.transact("IdentityRegistry", "setAttribute", sender.address, b"\1" * 32, b"x", 60)
        assert time.monotonic() - started < 5
    finally:
        rpc.call("evm_setAutomine", True)
        rpc.call("evm_mine")


def test_transact_waits_for_the_final_block_where_it_is_told_to(world: World) -> None:
    """H-1: mined is not final where two blocks must follow; nothing is said before, and the wait is bounded."""
    own = world.ledger.connection
    slow = Connection(own.rpc, replace(own.deployment, finality=2))
    impatient = ChainSender(slow, world.chain.key(4), wait_seconds=0.5, until=Until.FINAL)
    with pytest.raises(ChainStale, match="is in no final block"):
        impatient.transact("IdentityRegistry", "setAttribute", impatient.address, b"\1" * 32, b"x", 60)
    sender = ChainSender(slow, world.chain.key(4), until=Until.FINAL)
    stop = threading.Event()

    def mine() -> None:
        while not stop.wait(0.05):
            own.rpc.call("evm_mine")

    miner = threading.Thread(target=mine)
    miner.start()
    try:
        block = sender.transact(
            "IdentityRegistry", "setAttribute", sender.address, b"\1" * 32, b"x", 60
        ).block
    finally:
        stop.set()
        miner.join()
    assert slow.head().number >= block + 2


def test_transact_follows_the_deployment_s_fees(world: World) -> None:
    """D6: legacy where the deployment says so; a chain dearer than allowed is refused before anything is sent."""
    deployment = world.ledger.connection.deployment
    legacy = Connection(
        world.ledger.connection.rpc, replace(deployment, fees=FeePolicy("legacy", max_fee=10**9))
    )
    sender = ChainSender(legacy, world.chain.key(5))
    block = sender.transact("IdentityRegistry", "setAttribute", sender.address, b"\1" * 32, b"x", 60).block
    mined = world.ledger.connection.rpc.call("eth_getBlockByNumber", hex(block), True)
    assert int(mined["transactions"][0]["type"], 16) == 0
    assert int(mined["transactions"][0]["gasPrice"], 16) == 10**9
    world.ledger.connection.rpc.call("anvil_setNextBlockBaseFeePerGas", hex(7))
    world.ledger.connection.rpc.call("evm_mine")
    try:
        with pytest.raises(ChainUnreachable, match="wei per gas, the deployment allows 0"):
            world.alice.transact(
                "IdentityRegistry", "setAttribute", world.alice.address, b"\1" * 32, b"x", 60
            )
    finally:
        world.ledger.connection.rpc.call("anvil_setNextBlockBaseFeePerGas", hex(0))
        world.ledger.connection.rpc.call("evm_mine")
    assert anchor(world.mercy_hospital) > block


def test_transact_asks_once_more_where_an_estimate_stays_away(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """G-1: Ganache now and then forgets one; what is sent is sent once, and a node that never answers is given up."""
    batch, left, asked = RpcClient.batch, [1], []

    def forgetful(self: RpcClient, wanted: Iterable[Request]) -> list[Any]:
        questions = list(wanted)
        if any(one.method == "eth_estimateGas" for one in questions):
            asked.append(questions)
            if left[0]:
                left[0] -= 1
                raise AnswerLate("no answer in time from the chain node")
        return batch(self, questions)

    monkeypatch.setattr(RpcClient, "batch", forgetful)
    before = world.ledger.head().number
    assert anchor(world.mercy_hospital) == world.ledger.head().number == before + 1 and len(asked) == 2
    left[0] = 1_000
    with pytest.raises(ChainUnreachable):
        anchor(world.mercy_hospital)
    assert len(asked) == 4 and world.ledger.head().number == before + 1
