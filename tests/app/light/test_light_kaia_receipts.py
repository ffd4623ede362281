"""What an endpoint says of a Kaia transaction beside what its block's root proves (H-78, H-80)."""

from __future__ import annotations

from typing import Any, cast

import pytest
import rlp
from trie import HexaryTrie

from consentry.chain.rpc import AnswerHuge, Request, Rpc, RpcError
from consentry.errors import ChainUnproven
from consentry.light import receipts
from consentry.light.headers import Header
from consentry.light.receipts import KAIA, receipts_of

RAW = b"\x01transaction"


class Endpoint:
    """Of a block with one transaction, which answers with this receipt."""

    def __init__(self, receipt: Any) -> None:
        self._receipt = receipt

    def batch(self, wanted: list[Request]) -> list[Any]:
        (one,) = wanted
        return [[self._receipt] if one.method == KAIA.receipts_method else "0x" + RAW.hex()]


def root(item: bytes) -> bytes:
    trie = HexaryTrie({})
    trie[rlp.encode(0)] = item
    return trie.root_hash


def header(status: int) -> Header:
    """Of a block whose transaction ended with this status, without logs."""
    receipts = root(rlp.encode([status, 21_000, bytes(256), []]))
    none = bytes(32)
    return Header(1, 1, none, none, none, b"", 1, (), root(RAW), receipts, bytes(256), None, 21_000)


def told(**said: str) -> dict[str, Any]:
    return {"gasUsed": "0x5208", "logs": [], **said}


def succeeded(proven: int, **said: str) -> bool:
    (found,) = receipts_of(cast(Rpc, Endpoint(told(**said))), KAIA, header(proven))
    return found.succeeded


def test_what_the_root_proves_says_whether_it_succeeded() -> None:
    """H-78: whatever stands beside a reason for a failure, or if nothing does."""
    assert succeeded(1, status="0x1")
    assert not succeeded(9, status="0x0", txError="0x9")
    assert not succeeded(9, status="0x1", txError="0x9")
    assert not succeeded(9, txError="0x9")


@pytest.mark.parametrize("status", [0, 1])
@pytest.mark.parametrize("said", [{"status": "0x0"}, {"status": "0x1"}, {}], ids=["0", "1", "none"])
def test_a_reason_that_is_none_is_unproven(status: int, said: dict[str, str]) -> None:
    """H-78: a success is not told as a failure, and a receipt without a status ends in a typed error."""
    with pytest.raises(ChainUnproven):
        succeeded(status, txError=hex(status), **said)


def test_more_receipts_than_the_blocks_gas_are_not_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    """H-78: an answer of a million minimal ones would take minutes and gigabytes."""
    endpoint = Endpoint(told(status="0x1"))
    monkeypatch.setattr(endpoint, "batch", lambda wanted: [[told(status="0x1")] * 3])
    with pytest.raises(ChainUnproven, match="gas of so many"):
        receipts_of(cast(Rpc, endpoint), KAIA, header(1))


@pytest.mark.parametrize(
    "log",
    [
        {"address": "0x", "topics": ["0x"] * 112, "data": "0x"},
        {"address": "0x", "topics": [], "data": "0x" + "00" * 5_250},
    ],
    ids=["topics", "data"],
)
def test_more_logs_than_the_blocks_gas_are_not_computed(
    monkeypatch: pytest.MonkeyPatch, log: dict[str, Any]
) -> None:
    """H-78: 64 MB of topics would take minutes of blooms, while all others wait."""
    monkeypatch.setattr(receipts, "BloomFilter", None)
    endpoint = Endpoint(told(status="0x1") | {"logs": [log]})
    with pytest.raises(ChainUnproven, match="gas of so many logs"):
        receipts_of(cast(Rpc, endpoint), KAIA, header(1))


def test_transactions_longer_than_the_blocks_gas_are_unproven(monkeypatch: pytest.MonkeyPatch) -> None:
    """H-78."""
    endpoint = Endpoint(told(status="0x1"))
    monkeypatch.setitem(globals(), "RAW", bytes(10_501))
    with pytest.raises(ChainUnproven, match="such long transactions"):
        receipts_of(cast(Rpc, endpoint), KAIA, header(1))


def test_no_more_transactions_are_asked_for_once_they_are_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """H-78: an answer may be as large as one may be; twenty of them would fill the memory before they were refused."""
    endpoint, asked = Endpoint(told()), list[int]()

    def batch(wanted: list[Request]) -> list[Any]:
        asked.append(len(wanted))
        return ["0x" + bytes(500).hex()] * len(wanted)

    monkeypatch.setattr(endpoint, "batch", batch)
    with pytest.raises(ChainUnproven, match="such long transactions"):
        receipts._transactions(cast(Rpc, endpoint), KAIA, header(1), 3 * receipts.AT_ONCE)
    assert asked == [receipts.AT_ONCE]


def test_receipts_that_come_one_by_one_are_no_longer_than_those_that_come_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """H-78: each answer has its bound; here all of them have one."""
    sent = {
        KAIA.receipts_method: RpcError(-32601, "no method", None),
        "eth_getBlockByHash": {"transactions": ["0x00"]},
        "eth_getTransactionReceipt": told(status="0x1") | {"more": "x" * 1_000},
        KAIA.transaction_method: "0x" + RAW.hex(),
    }
    endpoint = Endpoint(None)
    monkeypatch.setattr(endpoint, "batch", lambda wanted: [sent[one.method] for one in wanted])
    assert len(receipts_of(cast(Rpc, endpoint), KAIA, header(1))) == 1
    monkeypatch.setattr(receipts, "MOST_ANSWER_BYTES", 1_000)
    with pytest.raises(AnswerHuge):
        receipts_of(cast(Rpc, endpoint), KAIA, header(1))
