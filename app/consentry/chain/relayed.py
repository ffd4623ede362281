"""The node behind the relay: the same one, over connections of its own with smaller answers (specification W-13)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from consentry.chain.connection import Connection
from consentry.chain.reverts import revert_data
from consentry.chain.rpc import AnswerHuge, Request, RpcError
from consentry.ports.chain_node import Question, Refused, Said

MOST_ANSWER_BYTES = 8 * 2**20
"""Of a whole batch: a range of logs that is larger is asked for in smaller ones."""

REVERTED, LIMIT_EXCEEDED = 3, -32005
"""As geth answers a revert; EIP-1474."""


class RelayedNode:
    """The ChainNode port. Thread-safe."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rpc = connection.rpc.beside(most_answer_bytes=MOST_ANSWER_BYTES)

    def ask(self, questions: Sequence[Question]) -> list[Said | Refused]:
        self._connection.check_beside(self._rpc)
        try:
            results = self._rpc.batch([Request(one.method, one.params) for one in questions])
        except AnswerHuge:
            return [Refused(LIMIT_EXCEEDED, "the answer is too large: ask for fewer blocks at once")] * len(
                questions
            )
        return [_answer(result) for result in results]

    def close(self) -> None:
        self._rpc.close()


def _answer(result: Any) -> Said | Refused:
    if not isinstance(result, RpcError):
        return Said(result)
    data = revert_data(result.data)
    if data is not None:
        return Refused(REVERTED, "execution reverted", "0x" + data.hex())
    if "revert" in result.message.lower():
        return Refused(REVERTED, "execution reverted", "0x")
    return Refused(result.rpc_code, "the chain node refuses the question")
