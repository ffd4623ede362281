"""Which questions a gateway passes on to its chain node: reads of the consortium's own contracts and of the chain's head, each
bounded (specification W-13). Whatever is not named here is refused, also what a node would do."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, NoReturn

from consentry.errors import ChainUnreachable
from consentry.ports.chain_node import Question, Refused

MOST_BLOCKS = 10_000
"""In one range of logs: as nodes themselves bound it (Besu 5,000 by default)."""
MOST_TOPICS = 100
MOST_DATA_CHARS = 128 * 1024
METHOD_UNKNOWN, PARAMS_INVALID, LIMIT_EXCEEDED = -32601, -32602, -32005
"""JSON-RPC 2.0 §5.1, EIP-1474."""
_TAGS = frozenset(("latest", "finalized", "safe", "earliest", "pending"))
_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}")
_HASH = re.compile(r"0x[0-9a-fA-F]{64}")
_DATA = re.compile(r"0x(?:[0-9a-fA-F]{2})*")
_QUANTITY = re.compile(r"0x(?:0|[1-9a-fA-F][0-9a-fA-F]{0,15})")
_CALL = frozenset(("to", "from", "data", "input"))
_FILTER = frozenset(("address", "topics", "fromBlock", "toBlock", "blockHash"))


class Unfit(Exception):
    """A question that is not passed on; `why` is what the asker hears."""

    def __init__(self, why: Refused) -> None:
        super().__init__(why.message)
        self.why = why


@dataclass(frozen=True)
class Reach:
    """What may be asked about: addresses of the contracts, lower case; `head` gives the newest block's number."""

    contracts: frozenset[str]
    head: Callable[[], int]


def fit(method: Any, params: Any, reach: Reach) -> Question:
    """The question as it is passed on. Raises Unfit."""
    check = _METHODS.get(method) if isinstance(method, str) else None
    if check is None:
        raise Unfit(Refused(METHOD_UNKNOWN, "this method is not answered here: only reads of the chain are"))
    if not isinstance(params, list):
        _refuse("params must be an array")
    return Question(method, check(params, reach))


def quantity(told: Any) -> int:
    """A node's own. Raises ChainUnreachable for anything else."""
    if not isinstance(told, str) or not _QUANTITY.fullmatch(told):
        raise ChainUnreachable("the node's answer is not a number")
    return int(told, 16)


def _nothing(params: list[Any], reach: Reach) -> tuple[Any, ...]:
    if params:
        _refuse("this method takes no params")
    return ()


def _call(params: list[Any], reach: Reach) -> tuple[Any, ...]:
    asked, tag = _count(params, 1, 2), _tag(params, 1)
    call = asked[0]
    if not isinstance(call, dict) or not call.keys() <= _CALL or ("data" in call and "input" in call):
        _refuse("a call has `to` and `data`, and may have `from`")
    data = call.get("data", call.get("input", "0x"))
    if not isinstance(data, str) or len(data) > MOST_DATA_CHARS or not _DATA.fullmatch(data):
        _refuse(f"a call's data is hex of at most {MOST_DATA_CHARS} characters")
    passed = {"to": _ours(call.get("to"), reach), "data": data}
    if "from" in call:
        passed["from"] = _matching(_ADDRESS, call["from"], "from must be an address")
    return passed, tag


def _code(params: list[Any], reach: Reach) -> tuple[Any, ...]:
    return _matching(_ADDRESS, _count(params, 1, 2)[0], "an address is missing"), _tag(params, 1)


def _block(params: list[Any], reach: Reach) -> tuple[Any, ...]:
    tag = _tag(_count(params, 1, 2), 0)
    if params[1:] not in ([], [False]):
        _refuse("blocks are given without their transactions: say false")
    return tag, False


def _hash(params: list[Any], reach: Reach) -> tuple[Any, ...]:
    return (_matching(_HASH, _count(params, 1, 1)[0], "a hash is missing"),)


def _logs(params: list[Any], reach: Reach) -> tuple[Any, ...]:
    wanted = _count(params, 1, 1)[0]
    if not isinstance(wanted, dict) or not wanted.keys() <= _FILTER:
        _refuse("a filter has address, topics, and fromBlock and toBlock or blockHash")
    passed = {
        "address": _addresses(wanted.get("address"), reach),
        "topics": _topics(wanted.get("topics", [])),
    }
    if "blockHash" in wanted:
        if "fromBlock" in wanted or "toBlock" in wanted:
            _refuse("blockHash stands without fromBlock and toBlock")
        return (passed | {"blockHash": _matching(_HASH, wanted["blockHash"], "blockHash must be a hash")},)
    first, last = (_number(wanted.get(name, "latest"), reach) for name in ("fromBlock", "toBlock"))
    if last - first >= MOST_BLOCKS:
        raise Unfit(Refused(LIMIT_EXCEEDED, f"logs are given of at most {MOST_BLOCKS} blocks at once"))
    return (passed | {"fromBlock": hex(first), "toBlock": hex(last)},)


def _addresses(value: Any, reach: Reach) -> list[str]:
    found = value if isinstance(value, list) else [value]
    if not 0 < len(found) <= len(reach.contracts):
        _refuse("address must name contracts of this consortium")
    return [_ours(one, reach) for one in found]


def _topics(value: Any) -> list[Any]:
    if not isinstance(value, list) or len(value) > 4:
        _refuse("topics are at most four")
    flat = [one for topic in value for one in (topic if isinstance(topic, list) else [topic])]
    if len(flat) > MOST_TOPICS:
        _refuse(f"of topics at most {MOST_TOPICS} are named")
    for one in flat:
        if one is not None:
            _matching(_HASH, one, "a topic is 32 bytes in hex, or null")
    return value


def _number(tag: Any, reach: Reach) -> int:
    if tag == "earliest":
        return 0
    if isinstance(tag, str) and tag in _TAGS:
        return reach.head()
    return int(_matching(_QUANTITY, tag, "a block is a number in hex, or a tag"), 16)


def _tag(params: list[Any], place: int) -> str:
    tag = params[place] if len(params) > place else "latest"
    if isinstance(tag, str) and tag in _TAGS:
        return tag
    return _matching(_QUANTITY, tag, "a block is a number in hex, or a tag")


def _ours(value: Any, reach: Reach) -> str:
    found = _matching(_ADDRESS, value, "an address is missing").lower()
    if found not in reach.contracts:
        _refuse("only contracts of this consortium are asked; /api/network names them")
    return found


def _matching(pattern: re.Pattern[str], value: Any, otherwise: str) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        _refuse(otherwise)
    return value


def _count(params: list[Any], low: int, high: int) -> list[Any]:
    if not low <= len(params) <= high:
        _refuse(f"this method takes {low} to {high} params")
    return params


def _refuse(why: str) -> NoReturn:
    raise Unfit(Refused(PARAMS_INVALID, why))


_METHODS: Final[Mapping[str, Callable[[list[Any], Reach], tuple[Any, ...]]]] = MappingProxyType(
    {
        "eth_chainId": _nothing,
        "net_version": _nothing,
        "eth_blockNumber": _nothing,
        "eth_gasPrice": _nothing,
        "eth_call": _call,
        "eth_getCode": _code,
        "eth_getBalance": _code,
        "eth_getTransactionCount": _code,
        "eth_getBlockByNumber": _block,
        "eth_getTransactionReceipt": _hash,
        "eth_getLogs": _logs,
    }
)
METHODS: Final[Collection[str]] = tuple(_METHODS)
