"""What a real chain took, counted by kind, to hold the simulator against it (specification H-66)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

from consentry.chain.connection import Connection, octets, quantity, value_of
from consentry.chain.rpc import Request

KINDS: Final = {
    ("RecordRegistry", "anchor"): "anchor",
    ("ConsentRegistry", "grantBySignature"): "grant",
    ("ConsentRegistry", "revokeBySignature"): "revocation",
    ("IdentityRegistry", "setAttributeBySignature"): "directory",
    ("AuditLog", "commit"): "commit",
}
"""By contract and function. First directories and commits are not told from later ones here."""

_BLOCKS_AT_ONCE = 50


@dataclass
class Counted:
    """How many transactions there were, and their gas, by kind; of others only the function's name."""

    transactions: Counter[str] = field(default_factory=Counter)
    gas: Counter[str] = field(default_factory=Counter)
    others: Counter[str] = field(default_factory=Counter)


def counted(connection: Connection, first: int, last: int) -> Counted:
    """All transactions of these blocks, both counted in. Raises ChainUnreachable."""
    found = Counted()
    names = _names(connection)
    for start in range(first, last + 1, _BLOCKS_AT_ONCE):
        these = range(start, min(start + _BLOCKS_AT_ONCE, last + 1))
        blocks = connection.ask([Request("eth_getBlockByNumber", (hex(one), True)) for one in these])
        sent = [one for block in blocks for one in value_of(block)["transactions"]]
        receipts = connection.ask([Request("eth_getTransactionReceipt", (one["hash"],)) for one in sent])
        for transaction, receipt in zip(sent, receipts, strict=True):
            _count(found, names, transaction, quantity(value_of(receipt)["gasUsed"]))
    return found


def _names(connection: Connection) -> dict[tuple[str, bytes], tuple[str, str]]:
    return {
        (contract.address, function.selector): (name, function.name)
        for name, contract in connection.contracts.items()
        for function in contract.functions.values()
    }


def _count(
    found: Counted, names: dict[tuple[str, bytes], tuple[str, str]], transaction: dict[str, Any], gas: int
) -> None:
    selector = octets(transaction["input"])[:4]
    name = names.get((str(transaction["to"]).lower(), selector), ("", selector.hex()))
    kind = KINDS.get(name)
    if kind is None:
        found.others[".".join(name)] += 1
        return
    found.transactions[kind] += 1
    found.gas[kind] += gas
