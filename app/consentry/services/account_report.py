"""What a verified account proves and what it lacks, as values (specification A-7, A-8)."""

from __future__ import annotations

from dataclasses import dataclass

from consentry.domain.addresses import Address
from consentry.domain.categories import Category
from consentry.domain.receipt_items import ReceiptItem
from consentry.domain.receipts import RELEASED


@dataclass(frozen=True)
class Noted:
    """What keepers noted of one actor and one item: all releases of it, or all refusals. Times in seconds.

    `keepers`: how many of distinct seats signed it (a seat is one share, whoever holds it), `on_chain` of them proven to
    their root there, `threshold` of the committee whose shares they hold. `practitioners`: whom a system account asserted;
    None where the actor signed alone. `member` is None on the patient's side.
    """

    decision: str
    actor: Address
    member: Address | None
    practitioners: tuple[Address | None, ...]
    item: ReceiptItem
    category: Category
    purposes: tuple[str, ...]
    grounds: tuple[str, ...]
    reasons: tuple[str, ...]
    episodes: tuple[Address, ...]
    first: int
    last: int
    keepers: int
    on_chain: int
    threshold: int

    @property
    def is_access(self) -> bool:
        """Enough keepers released it that the actor can open it; else it is a possible access."""
        return self.decision == RELEASED and self.keepers >= self.threshold


@dataclass(frozen=True)
class Silence:
    """`requests` that at least `others` keepers noted, and this one not, all of them after `since` (None: ever)."""

    since: int | None
    requests: int
    others: int


@dataclass(frozen=True)
class KeeperTold:
    """One keeper that the chain names, by its newest seat. Times in seconds.

    `complete`: its last page is here, stating `until` receipts at the time `at`. `waiting`: receipts that were not on
    chain then. `heard_at`: when it last spoke on chain, asked only of those that told nothing; None if it holds no seat now.
    """

    seat: int
    account: str
    member: str
    complete: bool
    receipts: int = 0
    waiting: int = 0
    until: int = 0
    at: int | None = None
    heard_at: int | None = None
    silence: Silence | None = None


@dataclass(frozen=True)
class AccountReport:
    """Nothing in it fails. `noted` in order of time; `names` of the members that it speaks of, by address."""

    patient: Address
    chain_id: int
    keepers: tuple[KeeperTold, ...]
    noted: tuple[Noted, ...]
    names: dict[str, str]

    @property
    def receipts(self) -> int:
        return sum(one.receipts for one in self.keepers)

    @property
    def waiting(self) -> int:
        return sum(one.waiting for one in self.keepers)

    @property
    def untold(self) -> tuple[KeeperTold, ...]:
        """Keepers whose last page is not here."""
        return tuple(one for one in self.keepers if not one.complete)

    @property
    def is_complete(self) -> bool:
        """Every keeper told all it has, and everything is on chain."""
        return not self.untold and not self.waiting
