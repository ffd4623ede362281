"""Plain text that a wallet signs (`personal_sign`, EIP-191 version 0x45)."""

from __future__ import annotations

from consentry.domain import fields
from consentry.domain.canonical import keccak
from consentry.errors import LayoutInvalid, SignatureInvalid

_PREFIX = b"\x19Ethereum Signed Message:\n"


def personal_digest(text: str) -> bytes:
    """The 32 bytes that are signed."""
    raw = text.encode("utf-8")
    return keccak(_PREFIX, str(len(raw)).encode("ascii"), raw)


def signature_bytes(value: object, most: int = 65) -> bytes:
    """A wallet's signature from `0x` and hex: 65 bytes, or up to `most` where a wallet contract may answer.

    Wallets give hex in either case. Raises SignatureInvalid.
    """
    try:
        return fields.hex_bytes(value.lower() if isinstance(value, str) else value, "signature", 65, most)
    except LayoutInvalid:
        raise SignatureInvalid("a signature is 0x and the hex of 65 bytes") from None
