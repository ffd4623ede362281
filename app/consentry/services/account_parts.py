"""What an account is made with: how much one keeper may still take of it, and what is known of the chain's commits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from consentry.domain.ledger import CommitteeInfo, ReceiptsCommit
from consentry.errors import UnavailableError
from consentry.services.verify import ProofLedger


@dataclass
class Left:
    """What one keeper may still take: until `ends` on the clock of `ticks` (seconds), receipts, bytes as answered."""

    ends: float
    ticks: Callable[[], float]
    receipts: int
    size: int

    def require(self, seconds: float = 0) -> None:
        """Raise UnavailableError when the time is over within `seconds`, or too much was told."""
        if self.ticks() + seconds >= self.ends:
            raise UnavailableError("the time for this account is over")
        if self.receipts <= 0 or self.size <= 0:
            raise UnavailableError("it has more receipts than are asked for here")


@dataclass
class KnownCommits:
    """What proofs need of the chain, asked once for each root: one range holds many receipts."""

    ledger: ProofLedger
    made: dict[bytes, tuple[ReceiptsCommit, ...]] = field(default_factory=dict)
    searched: dict[tuple[str, bytes], ReceiptsCommit | None] = field(default_factory=dict)

    @property
    def chain_id(self) -> int:
        return self.ledger.chain_id

    def committee(self, version: int | None = None) -> CommitteeInfo | None:
        return self.ledger.committee(version)

    def receipts_commit(self, keeper: str, root: bytes) -> ReceiptsCommit | None:
        if (keeper, root) not in self.searched:
            self.searched[keeper, root] = self.ledger.receipts_commit(keeper, root)
        return self.searched[keeper, root]

    def receipts_commit_in(self, transaction: bytes) -> tuple[ReceiptsCommit, ...]:
        if transaction not in self.made:
            self.made[transaction] = self.ledger.receipts_commit_in(transaction)
        return self.made[transaction]
