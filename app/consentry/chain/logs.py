"""Logs as nodes answer them: asked for in bounded ranges of blocks, decoded by the ABI, in the order of the chain."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from consentry.chain.connection import Connection, octets, quantity, value_of
from consentry.chain.contracts import Contract
from consentry.chain.rpc import AnswerHuge, AnswerLate, Request, RpcError
from consentry.errors import ChainUnreachable

# Nodes limit the range, the size or the time of an answer (Besu 5,000 blocks by default): start here, go on with
# a quarter of what was refused, and up to half of it.
STEP_BLOCKS = 4_096

Topics = Sequence[bytes | Sequence[bytes] | None]


@dataclass(frozen=True)
class Log:
    """A decoded log with its place in the chain."""

    event: str
    arguments: dict[str, Any]
    block: int
    log_index: int
    transaction: bytes


class _Placed(Protocol):
    """Whatever is read of a log."""

    @property
    def block(self) -> int: ...

    @property
    def log_index(self) -> int: ...


_Read = TypeVar("_Read", bound=_Placed)


class Steps:
    """Blocks `start` to `end`, then those after them, up to `last`: so many that the node answers.

    `logs`: about how many one answer is to hold; it begins as if each block had one. None: however many there are.
    """

    def __init__(self, first: int, last: int, logs: int | None = None) -> None:
        self.start = first
        self._last = last
        self._logs = logs
        self._most = STEP_BLOCKS
        self._blocks = STEP_BLOCKS if logs is None else min(logs, STEP_BLOCKS)

    @property
    def end(self) -> int:
        return min(self.start + self._blocks - 1, self._last)

    @property
    def are_left(self) -> bool:
        return self.start <= self._last

    def refused(self) -> bool:
        """Ask for fewer; whether there are fewer to ask for."""
        asked = self.end - self.start + 1
        self._most = asked // 2
        self._blocks = max(self._most // 2, 1)
        return asked > 1

    def answered(self, logs: int) -> None:
        """Go on after these, which held so many logs."""
        asked = self.end - self.start + 1
        self.start += asked
        fitting = asked * self._logs // logs if self._logs is not None and logs else self._most
        self._blocks = max(min(fitting, 2 * self._blocks, self._most), 1)


def answers(
    connection: Connection, contract: Contract, topics: Topics, steps: Steps, reached: int | None = None
) -> Iterator[Any]:
    """What the node has of each range; `steps` is at that range until the next one is asked for. It ends where a node lacks the
    block `reached`, asked in the same batch and so of the same node: one that is behind gives no logs of what it lacks, without
    a word. Raises ChainUnreachable."""
    there = [] if reached is None else [block_request(reached)]
    while steps.are_left:
        asked = logs_request(contract, topics, steps.start, steps.end)
        try:
            found, *block = map(value_of, connection.ask([asked, *there]))
        except (RpcError, AnswerHuge, AnswerLate):
            if not steps.refused():
                raise
            continue
        if None in block:
            return
        yield found
        steps.answered(len(found) if isinstance(found, list) else 0)


def logs_request(contract: Contract, topics: Topics, first_block: int, last_block: int) -> Request:
    wanted = {
        "address": contract.address,
        "fromBlock": hex(first_block),
        "toBlock": hex(last_block),
        "topics": [_topic(topic) for topic in topics],
    }
    return Request("eth_getLogs", (wanted,))


def block_request(number: int) -> Request:
    return Request("eth_getBlockByNumber", (hex(number), False))


def sorted_logs(answer: Any, read: Callable[[Any], _Read | None]) -> list[_Read]:
    """Those that `read` makes something of, in the order of the chain. Raises ChainUnreachable."""
    raw = value_of(answer)
    if not isinstance(raw, list):
        raise ChainUnreachable("the node's answer is not a list of logs")
    logs = [log for log in map(read, raw) if log is not None]
    return sorted(logs, key=lambda log: (log.block, log.log_index))


def log_of(contract: Contract, raw: Any) -> Log | None:
    """None for one that the contract's ABI does not know, or that a node takes back. Raises ChainUnreachable, ChainWrong."""
    if not isinstance(raw, dict) or not isinstance(raw.get("topics"), list):
        raise ChainUnreachable("the node's answer is not a log")
    decoded = contract.decode_log([octets(topic) for topic in raw["topics"]], octets(raw.get("data")))
    if decoded is None or raw.get("removed"):
        return None
    return Log(
        decoded.event,
        dict(decoded.arguments),
        quantity(raw.get("blockNumber")),
        quantity(raw.get("logIndex")),
        octets(raw.get("transactionHash")),
    )


def word_of(address: str) -> bytes:
    """An address as an indexed topic."""
    return bytes.fromhex(address[2:]).rjust(32, b"\0")


def _topic(topic: bytes | Sequence[bytes] | None) -> Any:
    if topic is None:
        return None
    if isinstance(topic, bytes):
        return "0x" + topic.hex()
    return ["0x" + one.hex() for one in topic]
