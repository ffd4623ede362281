"""Anchors of one deployment: in spans for an index that begins, and in two questions for one that goes on."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from consentry.chain.anchor_logs import AnchorLogs
from consentry.chain.connection import Connection, head_of, value_of
from consentry.chain.contracts import Contract
from consentry.chain.logs import Steps, answers, block_request, log_of, logs_request, sorted_logs
from consentry.chain.rpc import AnswerHuge, RpcError
from consentry.domain.ledger import AnchorEvent, AnchorSpan, ChainHead
from consentry.errors import ChainStale

ANCHORS_AT_ONCE = 1_024
"""Of one span, about: some megabytes while they are read, and a fraction of a second until they are kept."""


class AnchorReads:
    """The part of the Ledger port that reads RecordsAnchored."""

    connection: Connection

    def anchors(self, first_block: int, last_block: int) -> Iterator[AnchorEvent]:
        steps = Steps(max(first_block, self.connection.deployment.block), last_block)
        for found in self._found(steps):
            yield from found

    def anchor_spans(self, first_block: int, head: ChainHead) -> Iterator[AnchorSpan]:
        """As the port says. The head is asked for again once a span's anchors are known: if the chain left it meanwhile, they may
        be of either branch."""
        deployed_by = min(self.connection.deployment.block, head.number)
        steps = Steps(max(first_block, deployed_by), head.number, ANCHORS_AT_ONCE)
        for found in self._found(steps, head.number):
            asked = [block_request(steps.end), block_request(head.number)]
            last, still = map(_hash_or_none, self.connection.ask(asked))
            if last is None or still != head.hash:
                return
            yield AnchorSpan(steps.end, last, found)

    def anchors_after(self, last: int, to: int) -> tuple[bytes | None, tuple[AnchorEvent, ...], bytes | None]:
        """As the port says. The hash of `to` is asked for once the anchors are known: nodes may work on one batch in any order
        (JSON-RPC 2.0, section 6)."""
        contract, logs = self._contract()
        asked = logs_request(contract, (logs.topic,), last + 1, to)
        try:
            before, raw, reached = self.connection.ask([block_request(last), asked, block_request(to)])
        except AnswerHuge:
            return None, (), None
        if isinstance(raw, RpcError) or _hash_or_none(reached) is None:
            return None, (), None  # a node that is behind has no logs of what it lacks
        found = tuple(sorted_logs(raw, partial(_anchor, contract, logs)))
        (after,) = self.connection.ask([block_request(to)])
        return _hash_or_none(before), found, _hash_or_none(after)

    def _found(self, steps: Steps, reached: int | None = None) -> Iterator[tuple[AnchorEvent, ...]]:
        """Of each range that `steps` is at, by nodes that have the block `reached`."""
        contract, logs = self._contract()
        for raw in answers(self.connection, contract, (logs.topic,), steps, reached):
            yield tuple(sorted_logs(raw, partial(_anchor, contract, logs)))

    def _contract(self) -> tuple[Contract, AnchorLogs]:
        contract = self.connection.contracts["RecordRegistry"]
        return contract, AnchorLogs(contract)


def _anchor(contract: Contract, anchor_logs: AnchorLogs, raw: Any) -> AnchorEvent | None:
    usual = anchor_logs.usual(raw)
    log = log_of(contract, raw) if usual is None else None
    if log is None:
        return usual
    of, place = log.arguments, (log.block, log.log_index, log.transaction)
    return AnchorEvent(of["author"], of["root"], of["manifestDigest"], of["count"], *place)


def _hash_or_none(answer: Any) -> bytes | None:
    try:
        return head_of(value_of(answer)).hash
    except (ChainStale, RpcError):
        return None
