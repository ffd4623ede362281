"""Merkle trees over 32-byte values (specification L-5).

Leaves and nodes are hashed with distinct prefixes, so that no node passes for a leaf. Values stay in index
order; an odd node is promoted unchanged. A proof holds the index and the count, so that its length is fixed
by its position.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from consentry.domain import fields
from consentry.domain.canonical import keccak

MAX_COUNT = 2**32 - 1


@dataclass(frozen=True)
class Proof:
    """That a value stands at `index` among `count` values: siblings (32 bytes each) from leaf to root."""

    index: int
    count: int
    siblings: tuple[bytes, ...]

    def __post_init__(self) -> None:
        fields.integer(self.count, "proof.count", 1, MAX_COUNT)
        fields.integer(self.index, "proof.index", 0, self.count - 1)
        for sibling in self.siblings:
            fields.raw_bytes(sibling, "proof.siblings")

    def to_json(self) -> dict[str, Any]:
        return {
            "count": self.count,
            "index": self.index,
            "siblings": [fields.to_hex(sibling) for sibling in self.siblings],
        }

    @classmethod
    def parse(cls, obj: Any, where: str = "proof") -> Proof:
        """Read the JSON form. Raises LayoutInvalid."""
        got = fields.exact(obj, ("count", "index", "siblings"), where)
        siblings = fields.array(got["siblings"], f"{where}.siblings", 0, 32)
        return cls(
            index=got["index"],
            count=got["count"],
            siblings=tuple(fields.hex_bytes(one, f"{where}.siblings") for one in siblings),
        )


def root(values: Sequence[bytes]) -> bytes:
    """The root over the values. Raises LayoutInvalid for none, or for one that is not 32 bytes."""
    return Tree(values).root


def proof(values: Sequence[bytes], index: int) -> Proof:
    """The proof for the value at `index`. Raises LayoutInvalid if there is none there."""
    return Tree(values).proof(index)


class Tree:
    """All nodes over the values, for whoever needs many proofs. Raises LayoutInvalid as `root` does."""

    def __init__(self, values: Sequence[bytes]) -> None:
        self._levels = _levels(values)

    @property
    def root(self) -> bytes:
        return self._levels[-1][0]

    def proof(self, index: int) -> Proof:
        """The proof for the value at `index`. Raises LayoutInvalid if there is none there."""
        count = len(self._levels[0])
        fields.integer(index, "index", 0, count - 1)
        siblings, position = [], index
        for level in self._levels[:-1]:
            if position ^ 1 < len(level):
                siblings.append(level[position ^ 1])
            position //= 2
        return Proof(index, count, tuple(siblings))


def verify(root: bytes, value: bytes, proof: Proof) -> bool:
    """Whether the proof leads from value to root, with exactly the siblings its position calls for."""
    if len(value) != 32:
        return False
    node, position, width = _leaf(value), proof.index, proof.count
    remaining = list(reversed(proof.siblings))
    while width > 1:
        if position ^ 1 < width:
            if not remaining:
                return False
            sibling = remaining.pop()
            node = _node(sibling, node) if position & 1 else _node(node, sibling)
        position, width = position // 2, (width + 1) // 2
    return not remaining and node == root


def _levels(values: Sequence[bytes]) -> list[list[bytes]]:
    if not values:
        fields.refuse("values", "be at least one: there is no empty tree")
    levels = [[_leaf(fields.raw_bytes(value, "values")) for value in values]]
    while len(levels[-1]) > 1:
        below = levels[-1]
        pairs = [_node(below[i], below[i + 1]) for i in range(0, len(below) - 1, 2)]
        levels.append(pairs + below[len(pairs) * 2 :])
    return levels


def _leaf(value: bytes) -> bytes:
    return keccak(b"\x00", value)


@lru_cache(maxsize=4_096)
def _node(left: bytes, right: bytes) -> bytes:
    """Remembered: records of one batch, asked for together, share most of the way to their root."""
    return keccak(b"\x01", left, right)
