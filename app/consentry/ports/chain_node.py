"""A chain node that is asked in JSON-RPC on behalf of somebody else (specification W-13)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class Question:
    """A method and its positional parameters, checked already."""

    method: str
    params: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Refused:
    """A JSON-RPC error object (EIP-1474), in words of ours: a node's own may name places. `data`: revert bytes in hex."""

    code: int
    message: str
    data: str | None = None


@dataclass(frozen=True)
class Said:
    """The node's result, as it came."""

    result: Any


@dataclass(frozen=True)
class NodesSeen:
    """How many nodes of the chain are in the settings, how many of them are good, and which is asked (from 1, in the order of
    the settings). `disputed`: two tell different stories, and no third says which is right (specification H-5)."""

    nodes: int
    good: int
    using: int
    disputed: bool


class ChainNode(Protocol):
    def ask(self, questions: Sequence[Question]) -> list[Said | Refused]:
        """One answer to each question, in order, of bounded size. Raises ChainUnreachable, ChainWrong."""

    def close(self) -> None:
        """End its connections."""
