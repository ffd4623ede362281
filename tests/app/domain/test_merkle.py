"""Merkle trees under attack."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consentry.domain import merkle
from consentry.domain.canonical import keccak
from consentry.errors import LayoutInvalid
from tests.vectors.samples import filler

VALUES = st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=40, unique=True)


def reference(values: list[bytes]) -> bytes:
    """The root by recursion over the largest power of two: what promotion amounts to."""
    if len(values) == 1:
        return keccak(b"\x00", values[0])
    half = 1 << (len(values) - 1).bit_length() - 1
    return keccak(b"\x01", reference(values[:half]), reference(values[half:]))


@given(values=VALUES)
@settings(deadline=None)
def test_root_is_that_of_the_recursive_definition(values: list[bytes]) -> None:
    """L-5."""
    assert merkle.root(values) == reference(values)


@given(values=VALUES, data=st.data())
@settings(deadline=None)
def test_verify_accepts_a_value_at_its_own_place_only(values: list[bytes], data: st.DataObject) -> None:
    """L-5."""
    root = merkle.root(values)
    index = data.draw(st.integers(0, len(values) - 1))
    other = data.draw(st.integers(0, len(values) - 1))
    proof = merkle.proof(values, index)
    assert merkle.verify(root, values[index], proof)
    assert merkle.verify(root, values[other], proof) == (other == index)
    if other != index and len(merkle.proof(values, other).siblings) == len(proof.siblings):
        assert not merkle.verify(root, values[index], replace(proof, index=other))
    for turned in range(len(proof.siblings)):
        siblings = list(proof.siblings)
        siblings[turned] = filler("another sibling")
        assert not merkle.verify(root, values[index], replace(proof, siblings=tuple(siblings)))


@given(values=VALUES)
@settings(deadline=None)
def test_order_and_count_are_part_of_the_root(values: list[bytes]) -> None:
    """L-5: a batch is not another batch with rows exchanged, dropped or repeated."""
    root = merkle.root(values)
    if len(values) > 1:
        assert merkle.root(values[::-1]) != root
        assert merkle.root(values[:-1]) != root
    assert merkle.root([*values, values[-1]]) != root


def test_a_node_does_not_pass_for_a_value() -> None:
    """L-5: the second preimage that trees without prefixes have."""
    values = [filler(str(i)) for i in range(4)]
    root = merkle.root(values)
    left = keccak(b"\x01", keccak(b"\x00", values[0]), keccak(b"\x00", values[1]))
    right = keccak(b"\x01", keccak(b"\x00", values[2]), keccak(b"\x00", values[3]))
    assert keccak(b"\x01", left, right) == root
    assert merkle.root([left, right]) != root
    assert not merkle.verify(root, left, merkle.Proof(0, 2, (right,)))
    assert not merkle.verify(root, root, merkle.Proof(0, 1, ()))
    assert not merkle.verify(root, left + right, merkle.Proof(0, 1, ()))


@pytest.mark.parametrize("values", [[], [b"short"], [bytes(64)], [bytes(32), "text"]])
def test_root_refuses_what_makes_no_tree(values: list[Any]) -> None:
    """L-5."""
    with pytest.raises(LayoutInvalid):
        merkle.root(values)


@pytest.mark.parametrize(
    "obj",
    [
        None,
        [],
        {"count": 1, "index": 0},
        {"count": 0, "index": 0, "siblings": []},
        {"count": 2**32, "index": 0, "siblings": []},
        {"count": 1, "index": 1, "siblings": []},
        {"count": 1, "index": -1, "siblings": []},
        {"count": 1, "index": False, "siblings": []},
        {"count": 2, "index": 0, "siblings": ["0x00"]},
        {"count": 2, "index": 0, "siblings": ["0x" + "00" * 32] * 33},
        {"count": 2, "index": 0, "siblings": "0x"},
    ],
)
def test_proof_parse_refuses(obj: Any) -> None:
    """L-5."""
    with pytest.raises(LayoutInvalid, match="proof"):
        merkle.Proof.parse(obj)


def test_proof_refuses_an_index_outside_the_tree() -> None:
    """L-5."""
    with pytest.raises(LayoutInvalid):
        merkle.proof([bytes(32)], 1)
