"""What a header says, and the hash that binds it, from a node's JSON.

Ethereum's order of fields (Yellow Paper 4.3, then EIP-1559, 4895, 4844, 4788); an engine's own order and hash are beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import rlp

from consentry.errors import ChainStale, ChainUnproven
from consentry.light.answers import octets, quantity

MOST_EXTRA_BYTES: Final = 64 * 1024
"""Of `extraData`: a thousand validators with their seals take less."""

_NUMBERS = frozenset(
    {
        "difficulty",
        "number",
        "gasLimit",
        "gasUsed",
        "timestamp",
        "baseFeePerGas",
        "blobGasUsed",
        "excessBlobGas",
    }
)
_ALWAYS = (
    "parentHash",
    "sha3Uncles",
    "miner",
    "stateRoot",
    "transactionsRoot",
    "receiptsRoot",
    "logsBloom",
    "difficulty",
    "number",
    "gasLimit",
    "gasUsed",
    "timestamp",
    "extraData",
    "mixHash",
    "nonce",
)
_LATER = ("baseFeePerGas", "withdrawalsRoot", "blobGasUsed", "excessBlobGas", "parentBeaconBlockRoot")
_GAS_USED_AT: Final = _ALWAYS.index("gasUsed")
EXTRA_AT: Final = _ALWAYS.index("extraData")


_MOST_NESTED: Final = 16
"""Lists within lists: headers, accounts and nodes of a trie stay far below, and far below Python's own bound."""


@dataclass(frozen=True)
class Header:
    """A block, by the hash of all that its header says. Times in seconds; `fields` are the items of its RLP, in order.

    `hash`, `parent`, `state_root`, `transactions_root`, `receipts_root`: 32 bytes, `bloom`: 256, all computed here from `fields`,
    never taken from who sends them. `base_fee`: wei per gas; None on chains without one.
    """

    number: int
    timestamp: int
    hash: bytes
    parent: bytes
    state_root: bytes
    extra: bytes
    difficulty: int
    fields: tuple[bytes, ...]
    transactions_root: bytes
    receipts_root: bytes
    bloom: bytes
    base_fee: int | None = None
    gas_used: int = 0


def ethereum_header(fields: tuple[bytes, ...], block_hash: bytes) -> Header:
    """Of the items of a header in Ethereum's order."""
    return Header(
        number_in(fields[8]),
        number_in(fields[11]),
        block_hash,
        fields[0],
        fields[3],
        fields[EXTRA_AT],
        number_in(fields[7]),
        fields,
        fields[4],
        fields[5],
        fields[6],
        number_in(fields[15]) if len(fields) > len(_ALWAYS) else None,
        number_in(fields[_GAS_USED_AT]),
    )


def ethereum_fields(raw: Any) -> tuple[bytes, ...]:
    """The items of the header's RLP. Raises ChainStale when there is no block, ChainUnproven when it is none."""
    block = block_of(raw)
    present = [name for name in _LATER if block.get(name) is not None]
    return tuple(item(block, name, _NUMBERS) for name in (*_ALWAYS, *present))


def block_of(raw: Any) -> Mapping[str, Any]:
    """Raises ChainStale for no block."""
    if not isinstance(raw, Mapping):
        raise ChainStale("the node does not have this block")
    return raw


def item(block: Mapping[str, Any], name: str, numbers: frozenset[str]) -> bytes:
    """One field as RLP holds it: data, or one of the `numbers` without leading zeros. Raises ChainUnproven."""
    try:
        if name in numbers:
            number = quantity(block.get(name))
            return number.to_bytes((number.bit_length() + 7) // 8, "big")
        value = octets(block.get(name))
    except ChainUnproven:
        raise ChainUnproven(f"a header without a proper {name}") from None
    if len(value) > MOST_EXTRA_BYTES:
        raise ChainUnproven(f"a header whose {name} is too long")
    return value


def number_in(value: bytes) -> int:
    return int.from_bytes(value, "big")


def decoded(raw: bytes, what: str) -> list[Any]:
    """An RLP list. Raises ChainUnproven, naming what it should have been."""
    try:
        items = rlp.decode(raw)
    except (rlp.DecodingError, TypeError, RecursionError):
        raise ChainUnproven(f"{what} is not RLP") from None
    if not isinstance(items, list):
        raise ChainUnproven(f"{what} is not a list")
    within = items
    for _ in range(_MOST_NESTED):
        within = [inner for one in within if isinstance(one, list) for inner in one]
    if within:
        raise ChainUnproven(f"{what} nests too many lists")
    return items
