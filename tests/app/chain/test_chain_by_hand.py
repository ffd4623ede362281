"""What is encoded and decoded by hand is what eth-abi gives, and what eth-abi refuses is refused (docs/adr/0006; C-9, K-11)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from eth_abi.abi import decode, encode
from eth_abi.exceptions import DecodingError
from hypothesis import example, given
from hypothesis import strategies as st

from consentry.chain.by_hand import asker_body, grant_words, records_body
from consentry.chain.contracts import Function
from consentry.domain.addresses import ZERO
from consentry.domain.ledger import Asker, Grant, RecordFacts
from consentry.errors import ChainWrong, LayoutInvalid

WORDS = {
    "address": st.binary(min_size=20, max_size=20).map(lambda raw: "0x" + raw.hex()),
    "bytes32": st.binary(min_size=32, max_size=32),
}
SHAPES = [
    ("bool",),
    ("address",),
    ("uint64", "uint32"),
    ("(address,bytes32,bytes32,uint64)",),
    ("uint8", "uint64", "uint64", "uint64"),
    ("bytes32", "uint256", "bool"),
    ("(address,string)",),
    ("((address,uint8),bool)",),
    ("uint8[]",),
    ("(uint8,address[])",),
    (),
]
raw_words = st.one_of(
    st.integers(0, 3).map(lambda number: number.to_bytes(32, "big")),
    st.binary(min_size=20, max_size=20).map(lambda raw: bytes(12) + raw),
    st.binary(min_size=8, max_size=8).map(lambda raw: bytes(24) + raw),
    st.binary(min_size=32, max_size=32),
)


def function(inputs: tuple[str, ...] = (), outputs: tuple[str, ...] = ()) -> Function:
    return Function("f", b"\x01\x02\x03\x04", inputs, outputs)


@given(st.lists(st.sampled_from(sorted(WORDS)), max_size=4).flatmap(
    lambda kinds: st.tuples(st.just(tuple(kinds)), st.tuples(*(WORDS[kind] for kind in kinds)))
))  # fmt: skip
def test_words_are_encoded_as_eth_abi_does(call: tuple[tuple[str, ...], tuple[Any, ...]]) -> None:
    kinds, values = call
    assert function(kinds).encode(*values) == b"\x01\x02\x03\x04" + encode(kinds, values)


@pytest.mark.parametrize(
    "values",
    [("0x12", bytes(32)), ("0x" + "0" * 40, bytes(33)), ("0x" + "0" * 40,), ("0x" + "0" * 40, bytes(32), 1), (1, 2)],
)  # fmt: skip
def test_arguments_of_other_types_are_refused(values: tuple[Any, ...]) -> None:
    with pytest.raises(LayoutInvalid):
        function(("address", "bytes32")).encode(*values)


@given(st.sampled_from(SHAPES), st.lists(raw_words, max_size=6).map(b"".join), st.binary(max_size=2))
@example(("bool",), (2).to_bytes(32, "big"), b"")
@example(("address",), b"\x01" + bytes(31), b"")
@example(("uint64", "uint32"), b"\xff" * 64, b"")
@example((), b"", b"")
def test_answers_are_decoded_as_eth_abi_does(kinds: tuple[str, ...], words: bytes, more: bytes) -> None:
    data = words + more
    try:
        expected = decode(kinds, data)
    except (DecodingError, ValueError, OverflowError):
        with pytest.raises(ChainWrong):
            function(outputs=kinds).decode(data)
    else:
        assert function(outputs=kinds).decode(data) == expected


ASKER = Asker(ZERO, ZERO, "TREAT", 0)
RECORD = RecordFacts(bytes(32), ZERO, "vitals", 3, "N", "lab", "2026-01-01T00:00:00Z")
GRANT = Grant(ZERO, bytes(32), 0, 1, 1)


@pytest.mark.parametrize(
    "encode_misfit",
    [
        lambda: grant_words(replace(GRANT, patient="0x" + "00" * 19)),
        lambda: grant_words(replace(GRANT, patient="0x" + "00 " * 13 + "0")),
        lambda: grant_words(replace(GRANT, terms_hash=bytes(31))),
        lambda: grant_words(replace(GRANT, valid_until=2**64)),
        lambda: grant_words(replace(GRANT, relay_before=-1)),
        lambda: asker_body(replace(ASKER, purpose="\ud800")),
        lambda: asker_body(replace(ASKER, at=2**64)),
        lambda: records_body([replace(RECORD, record_id=bytes(33))]),
        lambda: records_body([replace(RECORD, level=256)]),
        lambda: records_body([RECORD, replace(RECORD, author="0x" + "AB" * 20)]),
    ],
)
def test_what_does_not_fit_is_refused(encode_misfit: Callable[[], bytes]) -> None:
    """C-9: one byte too many would make the contract judge something else."""
    with pytest.raises(LayoutInvalid):
        encode_misfit()
