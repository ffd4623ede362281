"""What tests of transactions under way share."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

from consentry.chain.ledger import ChainLedger
from consentry.chain.rpc import Rpc
from consentry.chain.sender import ChainSender
from consentry.index.sendings import SqlSendings
from consentry.ports.sendings import Sending
from tests.waiting import until


@contextmanager
def no_blocks(rpc: Rpc) -> Iterator[None]:
    """Blocks come by `evm_mine` alone."""
    rpc.call("evm_setAutomine", False)
    try:
        yield
    finally:
        rpc.call("evm_setAutomine", True)
        rpc.call("evm_mine")


def anchor(sender: ChainSender, root: bytes) -> int:
    return sender.transact("RecordRegistry", "anchor", root, root, 1).block


def times_anchored(ledger: ChainLedger, root: bytes) -> int:
    return sum(one.root == root for one in ledger.anchors(0, ledger.head().number))


def nonce(rpc: Rpc, account: str, tag: str = "latest") -> int:
    return int(rpc.call("eth_getTransactionCount", account, tag), 16)


@contextmanager
def anchoring(
    rpc: Rpc, sender: ChainSender, root: bytes, book: SqlSendings
) -> Iterator[tuple[Future[int], Sending]]:
    """An anchor that waits for a block, and what the book has of it once a node has it."""
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(anchor, sender, root)
        (sending,) = until(lambda: book.of(sender.address), "the sending")
        until(lambda: rpc.call("eth_getTransactionByHash", "0x" + sending.attempts[0].hash.hex()), "the node")
        yield waiting, sending
