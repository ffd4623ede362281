"""What a block can hold for the gas that its believed header says it used: checked before anything is computed of it (H-78)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from consentry.errors import ChainUnproven
from consentry.light.answers import octets
from consentry.light.headers import Header

LEAST_GAS: Final = 10_500
"""Of a transaction: 21,000 on Ethereum and Kaia, of which refunds gave half back before EIP-3529."""
_REFUNDS: Final = 2
_LOG_GAS, _TOPIC_GAS, _DATA_GAS = 375, 375, 8
"""Yellow Paper appendix G, and kaia v1.0.3: of a log, each of its topics, each byte of its data."""
_BYTE_GAS: Final = 4
"""Of a transaction's calldata; what else is written in it is paid by the gas that each one takes."""


def check_count(count: int, header: Header) -> None:
    """Of transactions. Raises ChainUnproven; so do the others."""
    if count > header.gas_used // LEAST_GAS:
        raise ChainUnproven(f"block {header.number} did not use the gas of so many transactions")


def check_logs(receipts: Sequence[Mapping[str, Any]], header: Header) -> None:
    """Raises what comes of other shapes as well (KeyError, TypeError)."""
    logs = [log for one in receipts for log in one["logs"]]
    cost = sum(
        _LOG_GAS + _TOPIC_GAS * len(one["topics"]) + _DATA_GAS * len(octets(one["data"])) for one in logs
    )
    if cost > header.gas_used * _REFUNDS:
        raise ChainUnproven(f"block {header.number} did not use the gas of so many logs")


def check_bytes(transactions: Sequence[bytes], header: Header) -> None:
    if sum(map(len, transactions)) * _BYTE_GAS > header.gas_used * _REFUNDS:
        raise ChainUnproven(f"block {header.number} did not use the gas of such long transactions")
