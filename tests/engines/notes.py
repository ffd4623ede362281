"""Calls to nobody, which every chain takes: transactions under load without contracts of ours."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Sequence

from consentry.chain.connection import head_of, octets, quantity
from consentry.chain.deployment import Deployment, FeePolicy
from consentry.chain.endpoints import SeveralNodes
from consentry.chain.rpc import RpcClient
from consentry.chain.watch import WatchTimes
from consentry.domain.canonical import keccak

NOBODY = "0x" + "cc" * 20
NOTE = {
    "type": "function",
    "name": "note",
    "stateMutability": "nonpayable",
    "inputs": [{"name": "what", "type": "bytes32"}],
    "outputs": [],
}
TIMES = WatchTimes(look=1.0, behind=6.0, back=4.0)


def connection_to(urls: Sequence[str], finality: int) -> SeveralNodes:
    """To nodes of one chain on which nothing is deployed, watched at a quick pace."""
    first = RpcClient(urls[0])
    try:
        genesis = head_of(first.call("eth_getBlockByNumber", "0x0", False)).hash
        chain_id = quantity(first.call("eth_chainId"))
    finally:
        first.close()
    deployment = Deployment(
        chain_id=chain_id,
        addresses={"Nobody": NOBODY},
        block=0,
        finality=finality,
        fees=FeePolicy(),
        abis={"Nobody": [NOTE]},
        genesis=genesis,
        code_digests={"Nobody": keccak(b"")},
    )
    return SeveralNodes([RpcClient(url, timeout=5.0) for url in urls], deployment, TIMES)


def new_note() -> bytes:
    return secrets.token_bytes(32)


def noted(connection: SeveralNodes, first: int, last: int) -> Counter[bytes]:
    """What stands in the blocks from `first` to `last`, and how often."""
    found: Counter[bytes] = Counter()
    for number in range(first, last + 1):
        block = connection.rpc.call("eth_getBlockByNumber", hex(number), True)
        found.update(octets(one["input"])[4:] for one in block["transactions"] if one["to"] == NOBODY)
    return found
