"""Answers JSON-RPC like a node, to pages and wallets that have none (specification W-13).

What may be asked is `relayed_questions`; here is the envelope (JSON-RPC 2.0), and who may ask how much. Nobody signs in for
it: wallets cannot, and everything that is told stands on the chain, for everyone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from consentry.ports.chain_node import ChainNode, Question, Refused, Said
from consentry.services.pace import Pace, Room
from consentry.services.relayed_questions import Reach, Unfit, fit, quantity

MOST_AT_ONCE = 20
MOST_QUESTIONS_PER_SECOND = 1_000.0
BURST = 10_000
MOST_UNDER_WAY = 6
"""Of the gateway's threads: the others go on serving hospitals."""
REQUEST_INVALID = -32600
_NEWEST: Final = Question("eth_blockNumber")


@dataclass(frozen=True)
class RelayPorts:
    """`contracts`: addresses that may be asked, lower case. `pace` counts questions by the network address they come from."""

    node: ChainNode
    contracts: frozenset[str]
    pace: Pace = field(default_factory=lambda: Pace(MOST_QUESTIONS_PER_SECOND, BURST))
    room: Room = field(default_factory=lambda: Room(MOST_UNDER_WAY))


class _Head:
    """The newest block's number, asked for once a request and only if needed; of the node as strangers ask it (H-81)."""

    def __init__(self, node: ChainNode) -> None:
        self._node = node

    @cached_property
    def told(self) -> Said | Refused:
        return self._node.ask([_NEWEST])[0]

    def number(self) -> int:
        """Raises Unfit where the node refuses it, ChainUnreachable for what is no number."""
        if isinstance(self.told, Refused):
            raise Unfit(self.told)
        return quantity(self.told.result)


def answer(asked: Any, caller: str, ports: RelayPorts) -> dict[str, Any] | list[dict[str, Any]]:
    """The answer to one request object, or to a batch of at most MOST_AT_ONCE.

    Raises RateLimited, ChainUnreachable, ChainWrong.
    """
    ports.pace.take(caller, min(max(len(asked), 1), MOST_AT_ONCE) if isinstance(asked, list) else 1)
    if isinstance(asked, list):
        if not 0 < len(asked) <= MOST_AT_ONCE:
            return _error(None, Refused(REQUEST_INVALID, f"a batch holds 1 to {MOST_AT_ONCE} requests"))
        return _answers(asked, ports)
    return _answers([asked], ports)[0]


def _answers(asked: list[Any], ports: RelayPorts) -> list[dict[str, Any]]:
    reach = Reach(ports.contracts, _Head(ports.node).number)
    with ports.room.place():
        read = [_read(one, reach) for one in asked]
        passed = [one for one in read if isinstance(one, Question)]
        found = iter(ports.node.ask(passed) if passed else [])
    told = [next(found) if isinstance(one, Question) else one for one in read]
    return [
        _error(_id(one), what)
        if isinstance(what, Refused)
        else {"jsonrpc": "2.0", "id": _id(one), "result": what.result}
        for one, what in zip(asked, told, strict=True)
    ]


def _read(asked: Any, reach: Reach) -> Question | Refused:
    if not isinstance(asked, dict) or asked.get("jsonrpc") != "2.0" or not _is_id(asked.get("id")):
        return Refused(REQUEST_INVALID, "a request has jsonrpc 2.0, an id, a method and params")
    try:
        return fit(asked.get("method"), asked.get("params", []), reach)
    except Unfit as unfit:
        return unfit.why


def _id(asked: Any) -> Any:
    """None where the request has none, as JSON-RPC 2.0 §5 wants it."""
    found = asked.get("id") if isinstance(asked, dict) else None
    return found if _is_id(found) else None


def _is_id(value: Any) -> bool:
    return isinstance(value, (str, int)) and not isinstance(value, bool)


def _error(number: Any, why: Refused) -> dict[str, Any]:
    told: dict[str, Any] = {"code": why.code, "message": why.message}
    if why.data is not None:
        told["data"] = why.data
    return {"jsonrpc": "2.0", "id": number, "error": told}
