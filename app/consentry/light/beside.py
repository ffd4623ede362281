"""An endpoint's proofs for strangers who ask beside (the relay, W-13): each question has its turn, its gas and its room.

Whoever asks there has not signed in, and every answer is worked out in this process: so one question can be neither long nor
large, strangers wait for one another, and the gateway's own questions for none of them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any, Final

from consentry.chain.connection import quantity
from consentry.chain.rpc import AnswerHuge, Request, RpcError

GAS: Final = 2_000_000
"""Half a second of processor time, measured where a call only spends; what pages ask takes a tenth of it."""

Answered = Callable[[Iterable[Request]], list[Any]]
"""Of a ProvenRpc with states of its own."""


class Beside:
    """An Rpc that does not end the one behind it. At most `most_answer_bytes` of JSON in all answers of a batch."""

    def __init__(self, place: str, answered: Answered, most_answer_bytes: int) -> None:
        self.place = place
        self._answered = answered
        self._most = most_answer_bytes

    def call(self, method: str, *params: Any) -> Any:
        result = self.batch([Request(method, params)])[0]
        if isinstance(result, RpcError):
            raise result
        return result

    def batch(self, wanted: Iterable[Request]) -> list[Any]:
        """Each at the head of its own turn. Raises what `ProvenRpc.batch_followed` does, and AnswerHuge."""
        answers: list[Any] = []
        left = self._most
        for one in wanted:
            answers += self._answered([_within(one)])
            if not isinstance(answers[-1], RpcError):
                left -= len(json.dumps(answers[-1]))
            if left < 0:
                raise AnswerHuge(f"more than {self._most} bytes")
        return answers

    def beside(self, *, most_answer_bytes: int) -> Beside:
        return Beside(self.place, self._answered, most_answer_bytes)

    def close(self) -> None:
        return


def _within(wanted: Request) -> Request:
    """A call with no more gas than strangers get."""
    if wanted.method != "eth_call":
        return wanted
    asked, *others = wanted.params
    gas = min(quantity(asked["gas"]), GAS) if "gas" in asked else GAS
    return Request(wanted.method, (asked | {"gas": hex(gas)}, *others))
