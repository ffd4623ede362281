"""Istanbul BFT headers as Kaia v1.0.3 makes them: a header of its own order, a proposer's seal and validators' committed seals.

`blockchain/types/block.go`, `istanbul.go`, `consensus/istanbul/backend/engine.go`. Whom a later block names, a proposer writes
alone and nobody checks: so validators stay those of the checkpoint, and whoever changes them by governance hands out a new one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import rlp

from consentry.domain.canonical import keccak
from consentry.errors import ChainUnproven
from consentry.light import leaves
from consentry.light.headers import Header, block_of, decoded, item, number_in
from consentry.light.receipts import KAIA, Form
from consentry.light.trust import Account, Trust, accounts, committed, seals_in, signer

VANITY_BYTES = 32
COMMIT = b"\x02"
_EXTRA_AT, _BLOCKSCORE_AT = 11, 6
_GAS_USED_AT = 8
_FIELDS = (
    "parentHash",
    "reward",
    "stateRoot",
    "transactionsRoot",
    "receiptsRoot",
    "logsBloom",
    "blockScore",
    "number",
    "gasUsed",
    "timestamp",
    "timestampFoS",
    "extraData",
    "governanceData",
    "voteData",
)
_LATER = ("baseFeePerGas", "randomReveal", "mixHash")
_NUMBERS = frozenset({"blockScore", "number", "gasUsed", "timestamp", "timestampFoS", "baseFeePerGas"})


@dataclass(frozen=True)
class Istanbul:
    """Kaia's `eth_` methods leave the extra data out, so that its own are asked."""

    method: ClassVar[str] = "kaia_getBlockByNumber"
    receipts: ClassVar[Form] = KAIA

    def header(self, raw: Any) -> Header:
        block = block_of(raw)
        present = [name for name in _LATER if block.get(name) is not None]
        fields = tuple(item(block, name, _NUMBERS) for name in (*_FIELDS, *present))
        validators, seal, _ = _parts(fields[_EXTRA_AT])
        return Header(
            number_in(fields[7]),
            number_in(fields[9]),
            _hash(fields, validators, seal),
            fields[0],
            fields[2],
            fields[_EXTRA_AT],
            number_in(fields[_BLOCKSCORE_AT]),
            fields,
            fields[3],
            fields[4],
            fields[5],
            None if block.get("baseFeePerGas") is None else number_in(fields[len(_FIELDS)]),
            number_in(fields[_GAS_USED_AT]),
        )

    def first(self, header: Header) -> Trust:
        if header.number:
            raise ChainUnproven(f"block {header.number} does not say who validates: the checkpoint must")
        return Trust(header, accounts(_parts(header.extra)[0], f"block {header.number}"))

    def next(self, trust: Trust, header: Header) -> Trust:
        named, seal, seals = _parts(header.extra)
        if not isinstance(seal, bytes):
            raise ChainUnproven(f"block {header.number} has no proposer's seal")
        # the proposer signs the hash of the header's hash without any seal (engine.go: sigHash, cacheSignatureAddresses)
        proposer = signer(keccak(_hash(header.fields, named, b"")), seal)
        if proposer not in trust.validators:
            raise ChainUnproven(f"block {header.number} is proposed by somebody who is no validator")
        count = quorum(len(trust.validators))
        committed(trust.validators, keccak(header.hash, COMMIT), seals_in(seals), count)
        return replace(trust, header=header)

    def least_depth(self, validators: int) -> int:
        return 0

    def account(self, leaf: bytes) -> Account:
        return leaves.kaia(leaf)


def quorum(count: int) -> int:
    """⌈2n/3⌉, and all of fewer than four (core.RequiredMessageCount)."""
    return count if count < 4 else -(-2 * count // 3)


def _parts(extra: bytes) -> tuple[Any, Any, Any]:
    """Validators, the proposer's seal, committed seals. Raises ChainUnproven."""
    items = decoded(extra[VANITY_BYTES:], "extra data")
    if len(extra) <= VANITY_BYTES or len(items) != 3:
        raise ChainUnproven("extra data does not hold validators and seals")
    return items[0], items[1], items[2]


def _hash(fields: tuple[bytes, ...], validators: Any, seal: Any) -> bytes:
    """Of the header with this seal, without committed seals and with round 0 (types.IstanbulFilteredHeader)."""
    vanity = fields[_EXTRA_AT][: VANITY_BYTES - 1] + b"\0"
    bare = vanity + rlp.encode([validators, seal, []])
    return keccak(rlp.encode([*fields[:_EXTRA_AT], bare, *fields[_EXTRA_AT + 1 :]]))
