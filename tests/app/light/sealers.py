"""Validators of the tests: keys that seal headers as Clique, Kaia and QBFT do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import rlp
from eth_keys.datatypes import PrivateKey

from consentry.domain.canonical import keccak

KEYS = sorted(
    (PrivateKey(keccak(f"validator {number}".encode())) for number in range(4)),
    key=lambda key: key.public_key.to_canonical_address(),
)
STRANGER = PrivateKey(keccak(b"a stranger"))
VANITY = bytes(32)
ZEROS = "0x" + "00" * 32
BLOOM = "0x" + "00" * 256


def account(key: PrivateKey) -> bytes:
    return bytes(key.public_key.to_canonical_address())


def seal(key: PrivateKey, digest: bytes) -> bytes:
    return bytes(key.sign_msg_hash(digest).to_bytes())


def hex_of(raw: bytes) -> str:
    return "0x" + raw.hex()


def block(number: int, parent: bytes, **changes: Any) -> dict[str, Any]:
    """A block of Ethereum's form as JSON-RPC gives it, unsealed, one second after the one before."""
    plain = {
        "parentHash": hex_of(parent),
        "sha3Uncles": ZEROS,
        "miner": "0x" + "00" * 20,
        "stateRoot": ZEROS,
        "transactionsRoot": ZEROS,
        "receiptsRoot": ZEROS,
        "logsBloom": BLOOM,
        "difficulty": "0x1",
        "number": hex(number),
        "gasLimit": "0x5f5e100",
        "gasUsed": "0x0",
        "timestamp": hex(1_700_000_000 + number),
        "extraData": "0x",
        "mixHash": ZEROS,
        "nonce": "0x" + "00" * 8,
        "baseFeePerGas": "0x0",
    }
    return plain | changes


def clique_block(
    raw: dict[str, Any], sealers: Sequence[PrivateKey], by: PrivateKey, turn: str = ""
) -> dict[str, Any]:
    """The block with the seal of `by`, who claims the turn that it has among these sealers, or `turn` (a difficulty)."""
    number = int(raw["number"], 16)
    accounts = sorted(account(key) for key in sealers)
    named = b"".join(accounts) if number == 0 else b""
    in_turn = account(by) in accounts and accounts.index(account(by)) == number % len(accounts)
    claimed = turn or ("0x2" if in_turn else "0x1")
    whole = raw | {"difficulty": claimed, "extraData": hex_of(VANITY + named)}
    signed = seal(by, keccak(rlp.encode(fields_of(whole)))) if number else bytes(65)
    return whole | {"extraData": hex_of(VANITY + named + signed)}


def qbft_block(
    raw: dict[str, Any], validators: Sequence[PrivateKey], by: Sequence[PrivateKey], round_: bytes = b""
) -> dict[str, Any]:
    """The block that names these validators, with the committed seals of `by`."""
    named = [account(key) for key in validators]
    bare = raw | {"extraData": hex_of(rlp.encode([VANITY, named, [], round_, []]))}
    digest = keccak(rlp.encode(fields_of(bare)))
    extra = [VANITY, named, [], round_, [seal(key, digest) for key in by]]
    return raw | {"extraData": hex_of(rlp.encode(extra))}


def fields_of(raw: dict[str, Any]) -> list[bytes]:
    """The header's RLP items: written here a second time, from the Yellow Paper, so that the two can differ."""
    numbers = {"difficulty", "number", "gasLimit", "gasUsed", "timestamp", "baseFeePerGas"}
    return [
        rlp.sedes.big_endian_int.serialize(int(raw[name], 16))
        if name in numbers
        else bytes.fromhex(raw[name][2:])
        for name in block(0, b"")
    ]
