"""What an endpoint answers, as it may be: anything at all. What cannot be read says nothing of the chain (specification H-86)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from consentry.chain import connection
from consentry.chain.rpc import Request, Rpc, RpcError
from consentry.errors import ChainUnproven, ChainUnreachable


class Doubted:
    """The Rpc of an endpoint. An RpcError of it stands in the place of an answer and is never raised: raised while a contract
    runs here it would pass for the contract's own revert."""

    def __init__(self, rpc: Rpc) -> None:
        self._rpc = rpc

    @property
    def place(self) -> str:
        return self._rpc.place

    def call(self, method: str, *params: Any) -> Any:
        """Raises ChainUnproven for a refusal, ChainUnreachable."""
        return value_of(self.batch([Request(method, params)])[0])

    def batch(self, wanted: Iterable[Request]) -> list[Any]:
        """Raises ChainUnproven where all of it is refused, ChainUnreachable."""
        try:
            return self._rpc.batch(wanted)
        except RpcError as refusal:
            raise _refused() from refusal

    def beside(self, *, most_answer_bytes: int) -> Doubted:
        return Doubted(self._rpc.beside(most_answer_bytes=most_answer_bytes))

    def close(self) -> None:
        self._rpc.close()


def value_of(result: Any) -> Any:
    """The answer. Raises ChainUnproven for a refusal in its place."""
    if isinstance(result, RpcError):
        raise _refused() from result
    return result


def quantity(value: Any) -> int:
    """A JSON-RPC quantity of 256 bits at most. Raises ChainUnproven for anything else."""
    try:
        return connection.quantity(value)
    except ChainUnreachable:
        raise ChainUnproven("the endpoint's answer is not a number") from None


def octets(value: Any) -> bytes:
    """JSON-RPC data. Raises ChainUnproven for anything else."""
    try:
        return connection.octets(value)
    except ChainUnreachable:
        raise ChainUnproven("the endpoint's answer is not data") from None


def _refused() -> ChainUnproven:
    return ChainUnproven("the endpoint refuses a question")
