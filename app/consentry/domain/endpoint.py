"""That a member has no node: the part `endpoint` of a gateway's settings (specification H-81)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

ENGINES = ("clique", "istanbul", "qbft")


@dataclass(frozen=True)
class EndpointSettings:
    """`rpc_url` is then another member's, and is believed as far as it proves. `book`: the file of what was proven, which is made
    where it is not. It begins with the block that the file `checkpoint` of the consortium names, or, without one, with the
    chain's first block, whose validators sign as `engine` says."""

    book: str
    checkpoint: str = ""
    engine: str = ""

    @classmethod
    def read(cls, raw: Any) -> EndpointSettings | None:
        """Raises TypeError, ValueError."""
        if raw is None:
            return None
        if not isinstance(raw, dict):
            raise TypeError("endpoint is an object")
        found = cls(**raw)
        if not all(isinstance(one, str) for one in (found.book, found.checkpoint, found.engine)):
            raise TypeError("endpoint.book, checkpoint and engine are texts")
        if not found.book:
            raise ValueError("endpoint.book names the file in which proven logs are kept")
        if bool(found.checkpoint) == bool(found.engine):
            raise ValueError("endpoint has checkpoint, a file, or engine, to begin with the first block")
        if found.engine and found.engine not in ENGINES:
            raise ValueError(f"endpoint.engine is one of {', '.join(ENGINES)}")
        return found
