"""Envelopes of every shape, honest and not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consentry.crypto import envelope
from consentry.errors import EnvelopeCorrupt, LayoutInvalid
from tests.vectors.samples import filler
from tests.vectors.sealing_cases import ramp

KEY = filler("aead key")
SIZES = st.one_of(st.integers(0, 70_000), st.sampled_from([65_536, 131_071, 131_072, 131_073, 200_000]))


def pieces(whole: bytes, sizes: list[int]) -> Iterator[bytes]:
    """Cut into pieces of these sizes, over and over."""
    at, turn = 0, 0
    while at < len(whole):
        size = sizes[turn % len(sizes)]
        yield whole[at : at + size]
        at, turn = at + size, turn + 1


CUTS = st.lists(st.integers(1, 150_000), min_size=1, max_size=4)


@given(size=SIZES, one=CUTS, other=CUTS)
@settings(max_examples=60, deadline=None)
def test_envelope_does_not_depend_on_how_it_is_cut(size: int, one: list[int], other: list[int]) -> None:
    """L-6: the same bytes for any pieces, and back from any pieces."""
    plaintext = ramp(size)
    whole = b"".join(envelope.seal([plaintext], KEY))
    assert b"".join(envelope.seal(pieces(plaintext, one), KEY)) == whole
    assert b"".join(envelope.open_(pieces(whole, other), KEY)) == plaintext


@given(size=SIZES, data=st.data())
@settings(max_examples=60, deadline=None)
def test_open_finds_any_flipped_bit_and_any_cut(size: int, data: st.DataObject) -> None:
    """S-3."""
    whole = bytearray(b"".join(envelope.seal([ramp(size)], KEY)))
    at = data.draw(st.integers(0, len(whole) - 1))
    cut = bytes(whole[:at])
    whole[at] ^= 1 << data.draw(st.integers(0, 7))
    for bad in (bytes(whole), cut):
        with pytest.raises(EnvelopeCorrupt):
            list(envelope.open_([bad], KEY))


@given(order=st.lists(st.integers(0, 3), max_size=6))
@settings(max_examples=100, deadline=None)
def test_open_accepts_chunks_in_their_own_order_only(order: list[int]) -> None:
    """S-3: dropped, repeated, reordered, appended."""
    plaintext = ramp(3 * 65_536 + 5)
    chunks = list(envelope.seal([plaintext], KEY))
    opened, failed = [], False
    try:
        for chunk in envelope.open_([chunks[place] for place in order], KEY):
            opened.append(chunk)
    except EnvelopeCorrupt:
        failed = True
    assert failed == (order != [0, 1, 2, 3])
    assert plaintext.startswith(b"".join(opened))


def test_open_refuses_another_key() -> None:
    """S-3."""
    with pytest.raises(EnvelopeCorrupt, match="chunk 0"):
        list(envelope.open_(envelope.seal([b"text"], KEY), filler("another key")))


def test_open_refuses_an_empty_last_chunk_after_others() -> None:
    """L-6: only an empty envelope has an empty chunk, even one that its key sealed."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    aead = AESGCM(KEY)
    first = aead.encrypt(bytes(12), bytes(65_536), None)
    last = aead.encrypt((1).to_bytes(11, "big") + b"\1", b"", None)
    with pytest.raises(EnvelopeCorrupt, match="cut short"):
        list(envelope.open_([first + last], KEY))


def test_seal_and_open_take_no_more_than_they_need() -> None:
    """L-6: a stream is never held whole."""
    taken = 0

    def endless() -> Iterator[bytes]:
        nonlocal taken
        while True:
            taken += 1
            yield bytes(65_536)

    sealed = envelope.seal(endless(), KEY)
    opened = envelope.open_(sealed, KEY)
    for _ in range(10):
        next(opened)
    assert taken < 16


def test_seal_and_open_refuse_a_key_of_another_size() -> None:
    """L-6: at once, not at the first chunk."""
    for function in (envelope.seal, envelope.open_):
        with pytest.raises(LayoutInvalid):
            function([b""], bytes(16))


def test_derive_separates_records_and_refuses_other_suites() -> None:
    """L-6, S-2."""
    key = filler("record key")
    first, second = (envelope.derive(key, filler(name)) for name in ("record", "later"))
    assert len({*first, *second}) == 4
    with pytest.raises(LayoutInvalid):
        envelope.derive(key, filler("record"), "SM4GCM-STREAM64K")
