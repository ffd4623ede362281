"""Merkle Patricia proofs, as `eth_getProof` gives them (EIP-1186): nodes by their own hash, so that their order says nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import rlp
from trie import HexaryTrie
from trie.exceptions import MissingTrieNode

from consentry.domain.canonical import keccak
from consentry.errors import ChainUnproven
from consentry.light.answers import octets
from consentry.light.leaves import NOBODY
from consentry.light.trust import Account

MOST_NODES = 100_000
"""Of one answer: 64 slots of a trie as deep as one can be take some thousands."""


@dataclass(frozen=True)
class Proven:
    """A contract at one block: its account, and values (32 bytes as a number) by slot."""

    account: Account
    slots: Mapping[int, int]


def proven(
    answer: Any,
    state_root: bytes,
    address: bytes,
    slots: Sequence[int],
    account_of: Callable[[bytes], Account],
) -> Proven:
    """What an answer of `eth_getProof` proves of a contract; whatever else it says is not looked at.

    `address`: 20 bytes. `account_of` reads a leaf of the state trie. Raises ChainUnproven.
    """
    nodes = _nodes(answer)
    leaf = _value(nodes, state_root, keccak(address))
    account = account_of(leaf) if leaf else NOBODY
    values = {slot: _slot(nodes, account.storage_root, slot) for slot in slots}
    return Proven(account, values)


def _slot(nodes: dict[bytes, bytes], storage_root: bytes, slot: int) -> int:
    raw = _value(nodes, storage_root, keccak(slot.to_bytes(32, "big")))
    if not raw:
        return 0
    try:
        value = rlp.decode(raw)
    except rlp.DecodingError:
        raise ChainUnproven("a proven slot holds no number") from None
    if not isinstance(value, bytes) or len(value) > 32:
        raise ChainUnproven("a proven slot holds no number")
    return int.from_bytes(value, "big")


def _value(nodes: dict[bytes, bytes], root: bytes, key: bytes) -> bytes:
    """What the trie holds under the key, empty for nothing. Raises ChainUnproven where nodes on the way are missing."""
    try:
        return HexaryTrie(nodes, root_hash=root).get(key)
    except MissingTrieNode:
        raise ChainUnproven("a proof does not lead to the root of the state") from None


def _nodes(answer: Any) -> dict[bytes, bytes]:
    if not isinstance(answer, Mapping):
        raise ChainUnproven("there is no proof")
    nodes: dict[bytes, bytes] = {}
    for text in _texts(answer):
        if len(nodes) >= MOST_NODES:
            raise ChainUnproven("a proof is too long")
        node = octets(text)
        nodes[keccak(node)] = node
    return nodes


def _texts(answer: Mapping[str, Any]) -> Iterable[Any]:
    of_slots = answer.get("storageProof")
    yield from _list(answer.get("accountProof"))
    for one in _list(of_slots):
        if not isinstance(one, Mapping):
            raise ChainUnproven("there is no proof")
        # of a contract that holds nothing yet there are no nodes, which Kaia writes as null
        yield from _list(one.get("proof") or [])


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ChainUnproven("there is no proof")
    return value
