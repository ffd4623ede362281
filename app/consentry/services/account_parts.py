"""What an account is made with and of: whom to ask and how long, what was shown, what is known of the chain's commits."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from consentry.domain.ledger import CommitteeInfo, ReceiptsCommit
from consentry.domain.receipts import Receipt
from consentry.errors import UnavailableError
from consentry.ports import Clock, Keepers
from consentry.services.verify import Evidence, ProofLedger

MAX_PAGES = 50
PATIENCE = 5
"""How often one page is asked for when the keeper says: too often."""

SECONDS = 30.0
MOST_RECEIPTS = 10_000
MOST_BYTES = 64 * 2**20
"""For one account, shared equally among its keepers, so that one that talks much silences no other."""


@dataclass(frozen=True)
class AskPorts:
    """How keepers are asked: at most `most_pages` each, with `pause` (seconds) where one asks for patience; all together
    for `seconds`, `most_receipts` and `most_bytes` (as answered), to one page more at most."""

    keepers: Keepers
    clock: Clock
    most_pages: int = MAX_PAGES
    pause: Callable[[float], None] = time.sleep
    seconds: float = SECONDS
    most_receipts: int = MOST_RECEIPTS
    most_bytes: int = MOST_BYTES
    ticks: Callable[[], float] = time.monotonic


@dataclass(frozen=True)
class Shown:
    """A receipt that its keeper signed, with what proves it. `proven`: every link holds, to the root on chain."""

    seat: int
    receipt: Receipt
    evidence: Evidence
    proven: bool


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
    committees: dict[int | None, CommitteeInfo | None] = field(default_factory=dict)

    @property
    def chain_id(self) -> int:
        return self.ledger.chain_id

    def committee(self, version: int | None = None) -> CommitteeInfo | None:
        if version not in self.committees:
            self.committees[version] = self.ledger.committee(version)
        return self.committees[version]

    def receipts_commit(self, keeper: str, root: bytes) -> ReceiptsCommit | None:
        if (keeper, root) not in self.searched:
            self.searched[keeper, root] = self.ledger.receipts_commit(keeper, root)
        return self.searched[keeper, root]

    def receipts_commit_in(self, transaction: bytes) -> tuple[ReceiptsCommit, ...]:
        if transaction not in self.made:
            self.made[transaction] = self.ledger.receipts_commit_in(transaction)
        return self.made[transaction]
