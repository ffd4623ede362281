"""A sender of transactions to the ledger of dictionaries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from consentry.domain.ledger import ReceiptsCommit, TxReceipt
from consentry.errors import TransactionReverted
from consentry.ports.sendings import Sending
from tests.app.memory_ledger import MemoryLedger


class MemorySender:
    """The Sender port of one keeper on a MemoryLedger; knows `AuditLog` and its contiguous rule (A-1)."""

    def __init__(self, ledger: MemoryLedger, address: str) -> None:
        self._ledger = ledger
        self.address = address
        self.stuck: Sequence[Sending] = ()

    def check(self, contract: str, function: str, *arguments: Any) -> None:
        """This ledger takes everything."""

    def under_way(self) -> Sequence[Sending]:
        """Everything is final at once, but what a test lets wait."""
        return self.stuck

    def transact(self, contract: str, function: str, *arguments: Any) -> TxReceipt:
        first_seq = arguments[-2] if function == "commit" else arguments[0]
        expected = self._ledger.next_seq_of(self.address)
        if first_seq != expected:
            raise TransactionReverted("AuditSequenceBroken", (self.address, expected, first_seq))
        block = len(self._ledger.commits) + 1
        transaction = block.to_bytes(32, "big")
        if (contract, function) == ("AuditLog", "attest"):
            self._ledger.attested.append(first_seq)
            return TxReceipt(transaction, block, 32_000, ())
        assert (contract, function) == ("AuditLog", "commit"), "keepers send nothing else"
        root, _, count = arguments
        self._ledger.commits.append(ReceiptsCommit(self.address, root, first_seq, count, block, transaction))
        return TxReceipt(transaction, block, 35_000, ())
