"""Ethereum addresses, kept as `0x` and 40 lower-case hex digits, and the DIDs of patients (did:ethr,
ERC-1056).
"""

from __future__ import annotations

import re
from typing import NewType

from consentry.domain.canonical import keccak
from consentry.errors import LayoutInvalid

Address = NewType("Address", str)

ZERO = Address("0x" + "0" * 40)

_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}")
_DID = re.compile(r"did:ethr:0x([1-9a-f][0-9a-f]{0,15}):(0x[0-9a-fA-F]{40})")


def address(text: str) -> Address:
    """The address written in `text`; one in mixed case must carry a right EIP-55 checksum.

    Raises LayoutInvalid.
    """
    if not isinstance(text, str) or _ADDRESS.fullmatch(text) is None:
        raise LayoutInvalid("address: must be 0x and 40 hex digits")
    lower = Address("0x" + text[2:].lower())
    if text[2:] not in (lower[2:], lower[2:].upper()) and text != checksum(lower):
        raise LayoutInvalid("address: the checksum of its capital letters is wrong")
    return lower


def is_account(value: object) -> bool:
    """Whether this is an address as it is kept here: lower case."""
    return isinstance(value, str) and _ADDRESS.fullmatch(value) is not None and value == value.lower()


def checksum(value: Address) -> str:
    """The address in EIP-55 mixed case, as wallets show it."""
    digits = value[2:]
    marks = keccak(digits.encode("ascii")).hex()
    return "0x" + "".join(
        digit.upper() if int(mark, 16) >= 8 else digit for digit, mark in zip(digits, marks[:40], strict=True)
    )


def to_bytes(value: Address) -> bytes:
    """The 20 bytes of an address."""
    return bytes.fromhex(value[2:])


def from_bytes(raw: bytes) -> Address:
    """The address of 20 bytes. Raises LayoutInvalid for another length."""
    if len(raw) != 20:
        raise LayoutInvalid("address: must be 20 bytes")
    return Address("0x" + raw.hex())


def did(value: Address, chain_id: int) -> str:
    """`did:ethr:0x…chain:0x…address`."""
    return f"did:ethr:0x{chain_id:x}:{value}"


def address_of_did(text: str, chain_id: int) -> Address:
    """The address in a DID of this chain. Raises LayoutInvalid for another method, chain or form."""
    found = _DID.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise LayoutInvalid("did: must be did:ethr, a chain id in hex and an address")
    if int(found.group(1), 16) != chain_id:
        raise LayoutInvalid("did: belongs to another chain")
    return address(found.group(2))
