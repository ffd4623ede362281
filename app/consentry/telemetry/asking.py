"""Gauges that gateways and keepers have in common, as sources of `metrics`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from consentry.ports.chain_node import NodesSeen
from consentry.ports.sendings import Sending
from consentry.telemetry.metrics import Source, Values

P = TypeVar("P")


class _ChainSeen(Protocol):
    @property
    def nodes(self) -> NodesSeen: ...
    @property
    def head_age(self) -> int | None: ...
    @property
    def late(self) -> bool: ...


def nodes_of(ask: Callable[[P], NodesSeen]) -> Source[P]:
    def values(parts: P) -> Values:
        seen = ask(parts)
        return {
            "chain_nodes": seen.nodes,
            "chain_nodes_good": seen.good,
            "chain_nodes_disputed": int(seen.disputed),
        }

    gauges = {
        "chain_nodes": "Chain nodes in the settings",
        "chain_nodes_good": "Of these, those that answer and tell the chain as most others do",
        "chain_nodes_disputed": "1 while two chain nodes tell different stories",
    }
    return Source("chain-nodes", gauges, values)


def chain_of(ask: Callable[[P], tuple[int, _ChainSeen]]) -> Source[P]:
    """`ask`: number of the newest block, and what is to be said of it."""

    def values(parts: P) -> Values:
        number, seen = ask(parts)
        told: dict[str, float] = {"chain_head_block": number, "chain_head_late": int(seen.late)}
        return told if seen.head_age is None else told | {"chain_head_age_seconds": seen.head_age}

    gauges = {
        "chain_head_block": "Number of the newest block",
        "chain_head_age_seconds": "Age of the newest block by this machine's clock",
        "chain_head_late": "1 while the newest block is older than the settings allow",
    }
    return Source("chain", gauges, values)


def sendings_of(ask: Callable[[P], Sequence[Sending]], head: Callable[[P], int]) -> Source[P]:
    """Of the transactions that were begun and are not final."""

    def values(parts: P) -> Values:
        open_now = ask(parts)
        oldest = min((one.attempts[0].block for one in open_now if one.attempts), default=None)
        return {
            "sendings_waiting": len(open_now),
            "sendings_retried": sum(len(one.attempts) > 1 for one in open_now),
            "sendings_oldest_blocks": 0 if oldest is None else max(head(parts) - oldest, 0),
        }

    gauges = {
        "sendings_waiting": "Transactions that were begun and are in no final block yet",
        "sendings_retried": "Of these, those for which more was offered after five blocks: stuck if it stays",
        "sendings_oldest_blocks": "Blocks since the oldest of these was signed",
    }
    return Source("sendings", gauges, values)
