"""What everybody with a node sees of an exchange, and the comparison of two.

A line stands for each transaction and each of its logs, word by word. Masked is what must differ between any two runs:
32-byte digests and signatures, CIDs, ports. Addresses are numbered in order of first appearance, times are hours from
their block. Everything else stays as it is: texts, numbers, lengths, who sends and in which order. The chain's storage
follows from its transactions, so it can't tell more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from eth_abi.abi import decode

from consentry.chain.rpc import RpcClient
from consentry.domain.canonical import keccak
from consentry.services.directory import VALIDITY_SECONDS

WORD = 32
THRESHOLD, SEATS = 3, 5
_COMMIT = keccak(b"commit(bytes32,uint64,uint32)")[:4]
_MULTICALL = keccak(b"multicall(bytes[])")[:4]
_CID = re.compile(rb"bafkrei[a-z2-7]{52}")
_PORT = re.compile(rb"(?<=:)\d{5}\b")
_TIMES = range(1_600_000_000, 253_402_300_800)
_LONGEST_NUMBER = 2**64


@dataclass(frozen=True)
class Log:
    address: str
    topics: tuple[bytes, ...]
    data: bytes


@dataclass(frozen=True)
class Transaction:
    """`time`: of its block, in seconds. `to` is empty when it creates a contract."""

    time: int
    sender: str
    to: str
    input: bytes
    logs: tuple[Log, ...]


def transactions(rpc: RpcClient) -> list[Transaction]:
    """All of a chain, in order."""
    found = []
    for number in range(int(rpc.call("eth_blockNumber"), 16) + 1):
        block = rpc.call("eth_getBlockByNumber", hex(number), True)
        for one in block["transactions"]:
            receipt = rpc.call("eth_getTransactionReceipt", one["hash"])
            logs = tuple(_log(log) for log in receipt["logs"])
            time, to = int(block["timestamp"], 16), (one["to"] or "").lower()
            found.append(Transaction(time, one["from"].lower(), to, _octets(one["input"]), logs))
    return found


@dataclass(frozen=True)
class Trace:
    """`lines`: in order. `receipts`: how many all keepers committed. Which keepers are asked is a reader's random choice, when
    one commits follows its own clock, and one that is slow has another asked in its place: so receipts are compared in all,
    and as equal between what `THRESHOLD` and what `SEATS` of them would have filed."""

    lines: tuple[str, ...]
    receipts: int


def trace(seen: list[Transaction], audit_log: str) -> Trace:
    """What is comparable."""
    names: dict[str, str] = {}
    lines: list[str] = []
    receipts = 0
    for one in seen:
        sender = _named(one.sender, names)
        if one.to == audit_log:
            if one.input[:4] == _COMMIT:
                receipts += int.from_bytes(one.input[-WORD:], "big")
            continue
        lines.extend(_lines(one, sender, names))
    return Trace(tuple(lines), receipts)


def differences(one: Trace, other: Trace) -> list[str]:
    """Each line that differs, as “first | second”; empty if nobody could tell the two apart."""
    pairs = zip_longest(one.lines, other.lines, fillvalue="(nothing)")
    found = [f"{left} | {right}" for left, right in pairs if left != right]
    fewer, more = sorted((one.receipts, other.receipts))
    if more * THRESHOLD > fewer * SEATS:
        found.append(f"receipts {one.receipts} | {other.receipts}")
    return found


def _lines(one: Transaction, sender: str, names: dict[str, str]) -> Iterator[str]:
    if one.to:
        target = _named(one.to, names)
        said = " and ".join(
            f"{call[:4].hex()} {_words(call[4:], one.time, names)}" for call in _calls(one.input)
        )
        yield f"{sender} to {target}: {len(one.input)} bytes, {said}"
    else:
        yield f"{sender} creates a contract: {len(one.input)} bytes"
    for log in one.logs:
        topics = [_word(topic, one.time, names) for topic in log.topics[1:]]
        emitted = f"{_named(log.address, names)} logs {log.topics[0].hex()} {' '.join(topics)}"
        yield f"{emitted}: {len(log.data)} bytes, {_words(log.data, one.time, names)}"


def _calls(data: bytes) -> tuple[bytes, ...]:
    """The calls that a transaction makes: several in a multicall, where the words of none would stand in line."""
    return decode(["bytes[]"], data[4:])[0] if data[:4] == _MULTICALL else (data,)


def _words(data: bytes, time: int, names: dict[str, str]) -> str:
    data = _PORT.sub(b"*****", _CID.sub(b"c" * 59, data))
    parts = [data[at : at + WORD] for at in range(0, len(data), WORD)]
    return " ".join(_word(part, time, names) for part in parts)


def _word(word: bytes, time: int, names: dict[str, str]) -> str:
    if len(word) < WORD:
        return f"rest:{word.hex()}"
    number = int.from_bytes(word, "big")
    if number < _LONGEST_NUMBER:
        is_time = number in _TIMES and number != VALIDITY_SECONDS
        return f"{round((number - time) / 3600)} h" if is_time else str(number)
    if number < 2**160:
        return _named("0x" + word[-20:].hex(), names)
    if word[0] in (27, 28) and not any(word[1:]):
        return "v"
    text = word.rstrip(b"\0")
    try:
        return repr(text.decode("utf-8")) if text.decode("utf-8").isprintable() else "#"
    except UnicodeDecodeError:
        return "#"


def _named(address: str, names: dict[str, str]) -> str:
    return names.setdefault(address, f"account {len(names)}")


def _log(log: dict[str, Any]) -> Log:
    topics = tuple(_octets(topic) for topic in log["topics"])
    return Log(log["address"].lower(), topics, _octets(log["data"]))


def _octets(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))
