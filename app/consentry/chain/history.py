"""Logs: ranges in bounded steps, and ERC-1056 histories walked back from `changed` without any scan."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import Any, Protocol, TypeVar

from consentry.chain.anchor_logs import AnchorLogs
from consentry.chain.calls import text_of_code32
from consentry.chain.connection import Connection, head_of, octets, quantity, value_of
from consentry.chain.contracts import Contract
from consentry.chain.rpc import AnswerHuge, AnswerLate, Request, RpcError
from consentry.domain.ledger import AnchorEvent, AttributeChange, ReceiptsCommit
from consentry.errors import ChainStale, ChainUnreachable, ChainWrong, HistoryTooLong

# Nodes limit the range, the size or the time of an answer (Besu 5,000 blocks by default): start here, go on with
# a quarter of what was refused, and up to half of it.
STEP_BLOCKS = 4_096
# A patient renews a directory document and names representatives some times a year: a longer chain of changes than
# a lifetime of these is somebody's flooding, and each block of it costs a question.
MAX_CHANGES = 1_024

# Blocks of identities' changes that are remembered, and how many logs and bytes one of them may hold for that: anybody
# can have as much written as a block takes.
STEPS_KEPT, STEP_LOGS_KEPT, STEP_BYTES_KEPT = 4_096, 4, 1_024

_IDENTITY_EVENTS = ("DIDOwnerChanged", "DIDDelegateChanged", "DIDAttributeChanged")


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


class History:
    """The logs of the deployment's contracts."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._steps: OrderedDict[tuple[str, int], list[Log]] = OrderedDict()
        self._lock = Lock()

    def logs(
        self,
        contract: Contract,
        topics: Sequence[bytes | Sequence[bytes] | None],
        first_block: int,
        last_block: int,
    ) -> Iterator[Log]:
        """Logs in chain order, both ends inclusive. Raises ChainUnreachable."""
        for raw in self._answers(contract, topics, first_block, last_block):
            yield from _sorted_logs(raw, partial(_log, contract))

    def _answers(
        self, contract: Contract, topics: Sequence[Any], first_block: int, last_block: int
    ) -> Iterator[Any]:
        """What the node has of each range, one after the other."""
        step = most = STEP_BLOCKS
        start = max(first_block, self._connection.deployment.block)
        while start <= last_block:
            end = min(start + step - 1, last_block)
            try:
                found = value_of(self._connection.ask([_logs_request(contract, topics, start, end)])[0])
            except (RpcError, AnswerHuge, AnswerLate):
                if end == start:
                    raise
                most = (end - start + 1) // 2
                step = max(most // 2, 1)
                continue
            yield found
            start = end + 1
            step = min(2 * step, most)

    def _range(
        self, contract: Contract, topics: Sequence[Any], first_block: int, last_block: int
    ) -> list[Log]:
        asked = _logs_request(contract, topics, first_block, last_block)
        return _sorted_logs(self._connection.ask([asked])[0], partial(_log, contract))

    def anchors(self, first_block: int, last_block: int) -> Iterator[AnchorEvent]:
        """RecordsAnchored in chain order."""
        contract, anchor_logs = self._anchored()
        for raw in self._answers(contract, (anchor_logs.topic,), first_block, last_block):
            yield from _sorted_logs(raw, partial(_anchor, contract, anchor_logs))

    def anchors_after(self, last: int, to: int) -> tuple[bytes | None, tuple[AnchorEvent, ...], bytes | None]:
        """Hash of block `last`, the anchors after it up to `to`, hash of `to` asked for once these are known: nodes may work on
        the questions of one batch in any order (JSON-RPC 2.0, section 6). No hashes where the node refuses so many at once.

        Raises ChainUnreachable.
        """
        contract, anchor_logs = self._anchored()
        asked = _logs_request(contract, (anchor_logs.topic,), last + 1, to)
        try:
            before, raw = self._connection.ask([_block_request(last), asked])
        except AnswerHuge:
            return None, (), None
        if isinstance(raw, RpcError):
            return None, (), None
        found = tuple(_sorted_logs(raw, partial(_anchor, contract, anchor_logs)))
        (after,) = self._connection.ask([_block_request(to)])
        return _hash_or_none(before), found, _hash_or_none(after)

    def _anchored(self) -> tuple[Contract, AnchorLogs]:
        contract = self._connection.contracts["RecordRegistry"]
        return contract, AnchorLogs(contract)

    def commits(self, keeper: str, root: bytes | None, last_block: int) -> Iterator[ReceiptsCommit]:
        """ReceiptsCommitted of a keeper in chain order, of one root only if it is given."""
        contract = self._connection.contracts["AuditLog"]
        topics = (contract.events["ReceiptsCommitted"].topic, word_of(keeper), root)
        for log in self.logs(contract, topics, 0, last_block):
            yield _commit(log)

    def commits_in(self, transaction: bytes) -> Iterator[ReceiptsCommit]:
        """ReceiptsCommitted of one transaction, in one question; none while it is not mined."""
        contract = self._connection.contracts["AuditLog"]
        asked = Request("eth_getTransactionReceipt", ("0x" + transaction.hex(),))
        receipt = value_of(self._connection.ask([asked])[0])
        if receipt is None:
            return
        logs = receipt.get("logs") if isinstance(receipt, dict) else None
        if not isinstance(logs, list) or not all(isinstance(one, dict) for one in logs):
            raise ChainUnreachable("the node's answer is not a receipt")
        for raw in logs:
            log = _log(contract, raw) if str(raw.get("address")).lower() == contract.address else None
            if log is not None and log.event == "ReceiptsCommitted" and log.transaction == transaction:
                yield _commit(log)

    def changes(self, identity: str, changed: int) -> Iterator[Log]:
        """All ERC-1056 logs of an identity, newest first, from block `changed` (0: none).

        One request for each block with a change. Raises ChainWrong when they do not lead back to a start,
        HistoryTooLong when there are more than MAX_CHANGES.
        """
        registry = self._connection.contracts["IdentityRegistry"]
        kinds = [registry.events[name].topic for name in _IDENTITY_EVENTS]
        seen = 0
        while changed:
            logs = self._steps.get((identity, changed)) or self._step(registry, kinds, identity, changed)
            yield from reversed(logs)
            seen += len(logs)
            # Within one block each log points to the block itself, except the first.
            previous = min(int(log.arguments["previousChange"]) for log in logs)
            if previous >= changed:
                raise ChainWrong("the changes of an identity do not lead back to its start")
            if seen > MAX_CHANGES:
                raise HistoryTooLong()
            changed = previous

    def _step(self, registry: Contract, kinds: Sequence[bytes], identity: str, block: int) -> list[Log]:
        """An identity's logs of one block; remembered where that block cannot change any more."""
        # Before the question: what becomes final while the answer is under way may have been another block when it was given.
        is_final = self._connection.is_final(block)
        logs = self._range(registry, (kinds, word_of(identity)), block, block)
        if not logs:
            raise ChainWrong(f"the node has no logs of block {block}: it does not keep history")
        if is_final and _are_few(logs):
            with self._lock:
                self._steps[identity, block] = logs
                if len(self._steps) > STEPS_KEPT:
                    self._steps.popitem(last=False)
        return logs

    def attribute_changes(self, identity: str, changed: int, name: str) -> Iterator[AttributeChange]:
        """Changes of one attribute, newest first."""
        for log in self.changes(identity, changed):
            if log.event == "DIDAttributeChanged" and text_of_code32(log.arguments["name"]) == name:
                yield AttributeChange(
                    name, log.arguments["value"], log.arguments["validTo"], log.block, log.log_index
                )


def _are_few(logs: Sequence[Log]) -> bool:
    values = [len(value) for log in logs for value in log.arguments.values() if isinstance(value, bytes)]
    return len(logs) <= STEP_LOGS_KEPT and sum(values) <= STEP_BYTES_KEPT


def _logs_request(contract: Contract, topics: Sequence[Any], first_block: int, last_block: int) -> Request:
    wanted = {
        "address": contract.address,
        "fromBlock": hex(first_block),
        "toBlock": hex(last_block),
        "topics": [_topic(topic) for topic in topics],
    }
    return Request("eth_getLogs", (wanted,))


def _block_request(number: int) -> Request:
    return Request("eth_getBlockByNumber", (hex(number), False))


def _hash_or_none(answer: Any) -> bytes | None:
    try:
        return head_of(value_of(answer)).hash
    except (ChainStale, RpcError):
        return None


def _sorted_logs(answer: Any, read: Callable[[Any], _Read | None]) -> list[_Read]:
    raw = value_of(answer)
    if not isinstance(raw, list):
        raise ChainUnreachable("the node's answer is not a list of logs")
    logs = [log for log in map(read, raw) if log is not None]
    return sorted(logs, key=lambda log: (log.block, log.log_index))


def _anchor(contract: Contract, anchor_logs: AnchorLogs, raw: Any) -> AnchorEvent | None:
    usual = anchor_logs.usual(raw)
    log = _log(contract, raw) if usual is None else None
    if log is None:
        return usual
    of, place = log.arguments, (log.block, log.log_index, log.transaction)
    return AnchorEvent(of["author"], of["root"], of["manifestDigest"], of["count"], *place)


def _commit(log: Log) -> ReceiptsCommit:
    of = log.arguments
    return ReceiptsCommit(of["keeper"], of["root"], of["firstSeq"], of["count"], log.block, log.transaction)


def word_of(address: str) -> bytes:
    """An address as an indexed topic."""
    return bytes.fromhex(address[2:]).rjust(32, b"\0")


def _topic(topic: bytes | Sequence[bytes] | None) -> Any:
    if topic is None:
        return None
    if isinstance(topic, bytes):
        return "0x" + topic.hex()
    return ["0x" + one.hex() for one in topic]


def _log(contract: Contract, raw: Any) -> Log | None:
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
