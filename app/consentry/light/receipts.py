"""Receipts and transactions of a block, proven whole by the two roots in its header (specification H-78).

Both tries hold all items of the block by their RLP-encoded place (Yellow Paper 4.3): with all of them here the root is computed
anew, so that nothing can be left out, added or changed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import rlp
from eth_bloom.bloom import BloomFilter
from trie import HexaryTrie

from consentry.chain.rpc import AnswerHuge, Request, Rpc, RpcError
from consentry.domain.canonical import keccak
from consentry.errors import ChainStale, ChainUnproven
from consentry.light.answers import octets, quantity
from consentry.light.gas import check_bytes, check_count, check_logs
from consentry.light.headers import Header

AT_ONCE: Final = 64
MOST_ANSWER_BYTES: Final = 64 * 2**20
"""Of 64 blocks with the hashes of all their transactions, 64 proofs, or the receipts of one block, however asked for."""
_NO_METHOD: Final = -32601
_KAIA_ETHEREUM: Final = 0x78


@dataclass(frozen=True)
class ProvenLog:
    """`place`: among all logs of its block. `address`: 20 bytes, `topics`: 32 each."""

    place: int
    address: bytes
    topics: tuple[bytes, ...]
    data: bytes


@dataclass(frozen=True)
class ProvenReceipt:
    """Of the transaction with this hash (32 bytes), which stands at this place in its block."""

    transaction: bytes
    place: int
    succeeded: bool
    gas_used: int
    logs: tuple[ProvenLog, ...]


@dataclass(frozen=True)
class Form:
    """How one kind of chain tells receipts and transactions, and writes them into tries. `status`: the number that `encoded`
    writes, 1 for a success. `total`: a receipt says how much gas the block had used, instead of its own transaction.
    `gas_percent`: what a step costs there, of Ethereum's price at most. `proves_people`: `eth_getProof` answers for accounts
    without code as well."""

    receipts_method: str
    transaction_method: str
    status: Callable[[Mapping[str, Any]], int]
    encoded: Callable[[Mapping[str, Any]], bytes]
    transaction_hash: Callable[[bytes], bytes]
    total: bool
    gas_percent: int
    proves_people: bool


def may_hold(header: Header, addresses: Sequence[bytes]) -> bool:
    """Whether the block can have logs of these: its bloom, which the validators signed, has no false "no"."""
    bloom = BloomFilter(int.from_bytes(header.bloom, "big"))
    return any(address in bloom for address in addresses)


def receipts_of(rpc: Rpc, form: Form, header: Header) -> tuple[ProvenReceipt, ...]:
    """All of a believed block, each with all its logs. Raises ChainUnproven, ChainUnreachable, ChainStale for none."""
    told = _told(rpc, form, header)
    try:
        check_logs(told, header)
        statuses = [form.status(one) for one in told]
        encoded = [form.encoded(one) for one in told]
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        raise ChainUnproven(f"receipts of block {header.number} are not written as receipts are") from None
    if _root(encoded) != header.receipts_root:
        raise ChainUnproven(f"receipts of block {header.number} are not those that its header names")
    hashes = _transactions(rpc, form, header, len(told))
    found: list[ProvenReceipt] = []
    logs_before = gas_before = 0
    for place, one in enumerate(told):
        gas = quantity(one["cumulativeGasUsed" if form.total else "gasUsed"])
        logs = tuple(
            ProvenLog(
                logs_before + at,
                octets(log["address"]),
                tuple(octets(topic) for topic in log["topics"]),
                octets(log["data"]),
            )
            for at, log in enumerate(one["logs"])
        )
        found.append(ProvenReceipt(hashes[place], place, statuses[place] == 1, gas - gas_before, logs))
        logs_before += len(logs)
        gas_before = gas if form.total else 0
    return tuple(found)


def _told(rpc: Rpc, form: Form, header: Header) -> Sequence[Mapping[str, Any]]:
    (answer,) = rpc.batch([Request(form.receipts_method, (_hex(header.hash),))])
    if isinstance(answer, RpcError) and answer.rpc_code == _NO_METHOD:
        answer = _one_by_one(rpc, header)
    if answer is None or isinstance(answer, RpcError):
        raise ChainStale(f"the endpoint gives no receipts of block {header.number}")
    if not isinstance(answer, list) or not all(isinstance(one, Mapping) for one in answer):
        raise ChainUnproven(f"receipts of block {header.number} are not written as receipts are")
    check_count(len(answer), header)
    return answer


def _one_by_one(rpc: Rpc, header: Header) -> Any:
    """Of nodes that don't give a block's receipts together. Which transactions there are is proven with what they lead to."""
    (block,) = rpc.batch([Request("eth_getBlockByHash", (_hex(header.hash), False))])
    if not isinstance(block, Mapping) or not isinstance(block.get("transactions"), list):
        return None
    check_count(len(block["transactions"]), header)
    found: list[Any] = []
    left = MOST_ANSWER_BYTES
    for start in range(0, len(block["transactions"]), AT_ONCE):
        hashes = block["transactions"][start : start + AT_ONCE]
        told = rpc.batch([Request("eth_getTransactionReceipt", (one,)) for one in hashes])
        if any(one is None or isinstance(one, RpcError) for one in told):
            return None
        left -= len(json.dumps(told))
        if left < 0:
            raise AnswerHuge(f"receipts of block {header.number} have more than {MOST_ANSWER_BYTES} bytes")
        found += told
    return found


def _transactions(rpc: Rpc, form: Form, header: Header, count: int) -> list[bytes]:
    """Hashes of a block's transactions, of which there are as many as receipts."""
    raw: list[bytes] = []
    for start in range(0, count, AT_ONCE):
        places = range(start, min(start + AT_ONCE, count))
        asked = [Request(form.transaction_method, (_hex(header.hash), hex(place))) for place in places]
        answers = rpc.batch(asked)
        if any(one is None or isinstance(one, RpcError) for one in answers):
            raise ChainStale(f"the endpoint gives no transactions of block {header.number}")
        raw += [octets(one) for one in answers]
        check_bytes(raw, header)  # before more are asked for: each answer may be as large as one may be
    if _root(raw) != header.transactions_root:
        raise ChainUnproven(f"transactions of block {header.number} are not those that its header names")
    return [form.transaction_hash(one) for one in raw]


def _root(items: Sequence[bytes]) -> bytes:
    trie = HexaryTrie({}, prune=True)
    with trie.squash_changes() as batch:
        for place, item in enumerate(items):
            batch[rlp.encode(place)] = item
    return trie.root_hash


def _ethereum(receipt: Mapping[str, Any]) -> bytes:
    """EIP-2718, EIP-658."""
    logs = _logs(receipt["logs"])
    kind = quantity(receipt.get("type") or "0x0")
    body = rlp.encode([_ethereum_status(receipt), quantity(receipt["cumulativeGasUsed"]), _bloom(logs), logs])
    return bytes([kind]) + body if kind else body


def _ethereum_status(receipt: Mapping[str, Any]) -> int:
    return quantity(receipt["status"])


def _kaia_status(receipt: Mapping[str, Any]) -> int:
    """What the root proves: beside a reason (`txError`) nothing proves `status`, so that it is not read."""
    if not receipt.get("txError"):
        return quantity(receipt["status"])
    reason = quantity(receipt["txError"])
    if reason in (0, 1):
        raise ValueError("no reason for a failure")
    return reason


def _kaia(receipt: Mapping[str, Any]) -> bytes:
    """kaia v1.0.3, blockchain/types/receipt.go: without a type; the status of a failed one says why (`txError`)."""
    logs = _logs(receipt["logs"])
    return rlp.encode([_kaia_status(receipt), quantity(receipt["gasUsed"]), _bloom(logs), logs])


def _logs(raw: Sequence[Mapping[str, Any]]) -> list[list[Any]]:
    return [
        [octets(log["address"]), [octets(topic) for topic in log["topics"]], octets(log["data"])]
        for log in raw
    ]


def _bloom(logs: Sequence[Sequence[Any]]) -> bytes:
    bloom = BloomFilter()
    for address, topics, _ in logs:
        bloom.add(address)
        bloom.extend(topics)
    return int(bloom).to_bytes(256, "big")


def _kaia_transaction_hash(raw: bytes) -> bytes:
    """Ethereum's kinds of transactions stand behind a byte of Kaia's, which their hash leaves out."""
    return keccak(raw[1:] if raw[:1] == bytes([_KAIA_ETHEREUM]) else raw)


def _hex(raw: bytes) -> str:
    return "0x" + raw.hex()


ETHEREUM: Final = Form(
    "eth_getBlockReceipts",
    "eth_getRawTransactionByBlockHashAndIndex",
    _ethereum_status,
    _ethereum,
    keccak,
    total=True,
    gas_percent=100,
    proves_people=True,
)
KAIA: Final = Form(
    "kaia_getBlockReceipts",
    "kaia_getRawTransactionByBlockHashAndIndex",
    _kaia_status,
    _kaia,
    _kaia_transaction_hash,
    total=False,
    gas_percent=200,
    proves_people=False,
)
