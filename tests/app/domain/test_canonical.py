"""Canonical JSON on values nobody thought of."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consentry.domain import canonical
from consentry.errors import LayoutInvalid

TEXT = st.text(st.characters(blacklist_categories=["Cs"]))
KEYS = st.text(st.characters(max_codepoint=127), max_size=5)
LEAVES = st.one_of(st.none(), st.booleans(), st.integers(1 - 2**53, 2**53 - 1), TEXT)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(value=VALUES)
@settings(deadline=None)
def test_loads_gives_back_what_dumps_wrote(value: Any) -> None:
    """L-1: and no other spelling of it."""
    try:
        raw = canonical.dumps(value)
    except LayoutInvalid as refused:
        assert "deep" in refused.diagnostics
        return
    assert canonical.loads(raw) == value
    spaced = json.dumps(value, indent=1).encode()
    if spaced != raw:
        with pytest.raises(LayoutInvalid):
            canonical.loads(spaced)


@given(raw=st.binary(max_size=60))
@settings(max_examples=300, deadline=None)
def test_loads_refuses_or_reads_any_bytes(raw: bytes) -> None:
    """L-1: nothing but LayoutInvalid escapes."""
    try:
        assert canonical.dumps(canonical.loads(raw)) == raw
    except LayoutInvalid:
        return


@pytest.mark.parametrize(
    "value", [1.0, float("nan"), b"x", {1: 2}, {"é": 1}, {"a": {3}}, 2**53, "\ud800", object()]
)
def test_dumps_refuses_what_is_not_in_the_layout(value: Any) -> None:
    """L-1."""
    with pytest.raises(LayoutInvalid):
        canonical.dumps(value)


def test_dumps_refuses_what_is_nested_in_itself() -> None:
    """L-1."""
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(LayoutInvalid, match="deep"):
        canonical.dumps(endless)


def test_loads_refuses_text() -> None:
    """L-1: only bytes have a canonical form."""
    with pytest.raises(LayoutInvalid, match="manifest"):
        canonical.loads("{}", "manifest")  # type: ignore[arg-type]


def test_keccak_is_keccak_256_of_the_concatenation() -> None:
    """L-4."""
    empty = "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"
    assert canonical.keccak().hex() == empty
    assert canonical.keccak(b"a", b"", b"bc") == canonical.keccak(b"abc")
