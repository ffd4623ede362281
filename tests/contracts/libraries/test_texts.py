"""Short texts and signatures at the level of bytes."""

import pytest
from eth_account import Account
from eth_utils import keccak

from tests.contracts.consents import HALF_ORDER, ORDER, RECORD


def test_to_hex_writes_lower_case_when_given_an_id(libraries):
    """C-9"""
    value = bytes(range(0xE0, 0x100))
    assert bytes(libraries.toHex(value)).decode() == "0x" + value.hex()
    assert bytes(libraries.toHex(RECORD)).decode() == RECORD


@pytest.mark.parametrize("word", ["", "a", "attending", "x" * 31, "y" * 32])
def test_text_hash_ignores_padding_when_text_is_short(libraries, word):
    """I-3"""
    assert bytes(libraries.textHash("0x" + word.encode().ljust(32, b"\0").hex())) == keccak(text=word)


@pytest.mark.parametrize(
    ("value", "text", "equal"),
    [
        ("attending", "attending", True),
        ("attending\0", "attending", False),
        ("attendin", "attending", False),
        ("attendingx", "attending", False),
        ("", "", True),
        ("", "a", False),
        ("\0", "", False),
        ("y" * 32, "y" * 32, True),
        ("y" * 33, "y" * 32, False),
    ],
)
def test_equal_compares_every_byte_when_texts_differ_in_length(libraries, value, text, equal):
    """C-9"""
    assert libraries.textEqual(value, "0x" + text.encode().ljust(32, b"\0").hex()) == equal


def test_recover_gives_nobody_when_signature_is_malformed(libraries, alice):
    """C-4"""
    digest = keccak(b"a digest")
    signature = bytes(Account.unsafe_sign_hash(digest, alice.key).signature)
    r, s, v = signature[:32], int.from_bytes(signature[32:64], "big"), signature[64]
    assert s <= HALF_ORDER
    assert libraries.recover(digest, signature) == alice.address
    high = r + (ORDER - s).to_bytes(32, "big") + bytes([55 - v])
    compact = r + (s | ((v - 27) << 255)).to_bytes(32, "big")
    for bad in (
        high,
        compact,
        signature + b"\0",
        signature[:64],
        b"",
        signature[:64] + bytes([v - 27]),
        bytes(65),
    ):
        assert int(libraries.recover(digest, bad), 16) == 0
