"""ERC-1056 histories walked back from `changed` without any scan, and the commits of receipts."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from functools import partial
from threading import Lock

from consentry.chain.calls import text_of_code32
from consentry.chain.connection import Connection, value_of
from consentry.chain.contracts import Contract
from consentry.chain.logs import Log, Steps, Topics, answers, log_of, logs_request, sorted_logs, word_of
from consentry.chain.rpc import Request
from consentry.domain.ledger import AttributeChange, ReceiptsCommit
from consentry.errors import ChainUnreachable, ChainWrong, HistoryTooLong

# A patient renews a directory document and names representatives some times a year: a longer chain of changes than
# a lifetime of these is somebody's flooding, and each block of it costs a question.
MAX_CHANGES = 1_024

# Blocks of identities' changes that are remembered, and how many logs and bytes one of them may hold for that: anybody
# can have as much written as a block takes.
STEPS_KEPT, STEP_LOGS_KEPT, STEP_BYTES_KEPT = 4_096, 4, 1_024

_IDENTITY_EVENTS = ("DIDOwnerChanged", "DIDDelegateChanged", "DIDAttributeChanged")


class History:
    """The logs of the deployment's contracts."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._steps: OrderedDict[tuple[str, int], list[Log]] = OrderedDict()
        self._lock = Lock()

    def logs(self, contract: Contract, topics: Topics, first_block: int, last_block: int) -> Iterator[Log]:
        """Logs in chain order, both ends inclusive. Raises ChainUnreachable."""
        steps = Steps(max(first_block, self._connection.deployment.block), last_block)
        for raw in answers(self._connection, contract, topics, steps):
            yield from sorted_logs(raw, partial(log_of, contract))

    def _range(self, contract: Contract, topics: Topics, first_block: int, last_block: int) -> list[Log]:
        asked = logs_request(contract, topics, first_block, last_block)
        return sorted_logs(self._connection.ask([asked])[0], partial(log_of, contract))

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
            log = log_of(contract, raw) if str(raw.get("address")).lower() == contract.address else None
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


def _commit(log: Log) -> ReceiptsCommit:
    of = log.arguments
    return ReceiptsCommit(of["keeper"], of["root"], of["firstSeq"], of["count"], log.block, log.transaction)
