"""Content ids: one spelling for one content."""

from __future__ import annotations

import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consentry.errors import CidInvalid
from consentry.storage.cid import DAG_PB, RAW, Cid, parse_cid, parse_cid_bytes, raw_cid

DIGEST = hashlib.sha256(b"hello world").digest()
# what `ipfs add --cid-version=1 --raw-leaves` of Kubo 0.43.1 answers for "hello world"
HELLO = "bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e"


def spelt(data: bytes) -> str:
    return "b" + base64.b32encode(data).decode().rstrip("=").lower()


def test_raw_cid_is_the_known_one() -> None:
    """B-1"""
    assert raw_cid(DIGEST) == HELLO
    assert parse_cid(HELLO).digest == DIGEST


@given(st.sampled_from([RAW, DAG_PB]), st.binary(min_size=32, max_size=32))
def test_parse_cid_returns_what_was_formatted(codec: int, digest: bytes) -> None:
    """B-1"""
    cid = Cid(codec, digest)
    assert parse_cid(str(cid)) == cid
    assert parse_cid_bytes(bytes(cid)) == cid


@pytest.mark.parametrize(
    "text",
    [
        "",
        "b",
        "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKrBCm",  # version 0
        HELLO.upper(),
        HELLO[:-1],
        HELLO + "a",
        HELLO + "\n",
        " " + HELLO,
        HELLO[:-1] + "f",  # the same 36 bytes, with a stray bit behind them
        HELLO[:-1] + "1",
        "z" + HELLO[1:],
        "/ipfs/" + HELLO,
        HELLO[:-1] + "é",
        spelt(bytes((1, 0x71)) + b"\x12\x20" + DIGEST),  # dag-cbor
        spelt(bytes((2, RAW)) + b"\x12\x20" + DIGEST),
        spelt(bytes((1, RAW)) + b"\x13\x20" + DIGEST),  # sha2-512's code
        spelt(bytes((1, RAW)) + b"\x12\x1f" + DIGEST),
        spelt(bytes((1, RAW)) + b"\x12\x20" + DIGEST[:-1]),
        spelt(bytes((1, RAW)) + b"\x12\x20" + DIGEST + b"\0"),
        None,
        7,
        HELLO.encode(),
    ],
)
def test_parse_cid_refuses_anything_else(text: object) -> None:
    """B-1"""
    with pytest.raises(CidInvalid):
        parse_cid(text)  # type: ignore[arg-type]


@given(st.text())
def test_parse_cid_raises_nothing_but_cid_invalid(text: str) -> None:
    """B-1"""
    try:
        assert str(parse_cid(text)) == text
    except CidInvalid:
        assert text != HELLO


@pytest.mark.parametrize("digest", [b"", DIGEST[:-1], DIGEST + b"\0"])
def test_raw_cid_refuses_a_digest_of_another_length(digest: bytes) -> None:
    """B-1"""
    with pytest.raises(CidInvalid):
        raw_cid(digest)
