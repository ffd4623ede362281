"""QBFT headers (EEA client specification; Besu, GoQuorum): validators sign the block with its round, and are named in each.

Nobody here ran such a chain: the hashes follow the public vectors of Consensys/qbft-tests.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import rlp

from consentry.domain.canonical import keccak
from consentry.errors import ChainUnproven
from consentry.light import leaves
from consentry.light.headers import EXTRA_AT, Header, decoded, ethereum_fields, ethereum_header
from consentry.light.receipts import ETHEREUM, Form
from consentry.light.trust import Account, Trust, accounts, committed, seals_in

_ROUND_AT = 3


@dataclass(frozen=True)
class Qbft:
    """A block names those who validate it. They change by votes, one at a time; that a quorum of those named signed is enough,
    since fewer than a third of those before, with one newcomer, are none."""

    method: ClassVar[str] = "eth_getBlockByNumber"
    receipts: ClassVar[Form] = ETHEREUM

    def header(self, raw: Any) -> Header:
        fields = ethereum_fields(raw)
        extra = _parts(fields[EXTRA_AT])
        return ethereum_header(fields, _hash(fields, [*extra[:_ROUND_AT], b"", []]))

    def first(self, header: Header) -> Trust:
        return Trust(header, accounts(_parts(header.extra)[1], f"block {header.number}"))

    def next(self, trust: Trust, header: Header) -> Trust:
        extra = _parts(header.extra)
        named = accounts(extra[1], f"block {header.number}")
        if len(set(named) ^ set(trust.validators)) > 1:
            raise ChainUnproven(f"block {header.number} changes more than one validator")
        committed(named, commit_digest(header), seals_in(extra[4]), quorum(len(named)))
        return Trust(header, named)

    def least_depth(self, validators: int) -> int:
        return 0

    def account(self, leaf: bytes) -> Account:
        return leaves.ethereum(leaf)


def quorum(count: int) -> int:
    """⌈2n/3⌉ (EEA QBFT, Besu's BftHelpers)."""
    return -(-2 * count // 3)


def commit_digest(header: Header) -> bytes:
    """What validators sign: the header without committed seals, with its round."""
    return _hash(header.fields, [*_parts(header.extra)[:4], []])


def _parts(extra: bytes) -> list[Any]:
    """[vanity, validators, vote, round, committed seals]. Raises ChainUnproven."""
    items = decoded(extra, "extra data")
    if len(items) != 5 or not isinstance(items[_ROUND_AT], bytes):
        raise ChainUnproven("extra data does not hold validators, a vote, a round and seals")
    return items


def _hash(fields: tuple[bytes, ...], extra: list[Any]) -> bytes:
    return keccak(rlp.encode([*fields[:EXTRA_AT], rlp.encode(extra), *fields[EXTRA_AT + 1 :]]))
