"""What a keeper works with: keys, its view of the chain, its book, and what it may remember."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from consentry.domain.addresses import Address
from consentry.domain.directory import DirectoryDocument
from consentry.domain.ledger import ChainHead, Grant
from consentry.errors import ChainStale
from consentry.ports import BlobStore, Clock, Ledger
from consentry.ports.ended_sessions import EndedSessions
from consentry.ports.receipt_book import ReceiptBook
from consentry.services.pace import Pace
from consentry.services.recent import Recent


@dataclass(frozen=True)
class Past:
    """Every value that a patient ever gave the service attribute; not `followed`: there are more changes than are read."""

    values: frozenset[bytes]
    followed: bool = True


@dataclass(frozen=True)
class Memory:
    """Only what cannot change: who signed a session (by its digest), members by name (never reused: M-2), ids
    of consents, patients' directory documents, and patients' pasts by the final block of the newest change."""

    signers: Recent[bytes, Address] = field(default_factory=lambda: Recent(4_096))
    members: Recent[str, Address] = field(default_factory=lambda: Recent(1_024))
    consents: Recent[Grant, bytes] = field(default_factory=lambda: Recent(4_096))
    documents: Recent[tuple[Address, str], DirectoryDocument] = field(default_factory=lambda: Recent(64))
    pasts: Recent[tuple[Address, int], Past] = field(default_factory=lambda: Recent(256))


@dataclass(frozen=True)
class Limits:
    """How far the chain's head may lie behind the keeper's clock, and ahead of it, in seconds (K-11)."""

    max_head_age_seconds: int = 60
    max_clock_skew_seconds: int = 120


@dataclass(frozen=True)
class Desk:
    """One keeper. `sign` signs a 32-byte digest with its account; `sealing_seed` is its X-Wing seed."""

    account: Address
    sign: Callable[[bytes], bytes]
    sealing_seed: bytes = field(repr=False)
    ledger: Ledger
    store: BlobStore
    book: ReceiptBook
    sessions: EndedSessions
    clock: Clock
    limits: Limits = field(default_factory=Limits)
    memory: Memory = field(default_factory=Memory)
    pace: Pace = field(default_factory=Pace)

    def require_fresh(self, head: ChainHead) -> None:
        """Raise ChainStale if the head is too old to decide on, or the clock far from it (K-11)."""
        age = self.clock.now() - head.timestamp
        if age > self.limits.max_head_age_seconds:
            raise ChainStale(f"block {head.number} is {age} s old")
        if -age > self.limits.max_clock_skew_seconds:
            raise ChainStale(f"block {head.number} is {-age} s ahead of this clock")

    def seat_in(self, version: int) -> int | None:
        """This keeper's seat in a committee, None if it has none there."""
        committee = self.ledger.committee(version)
        seats = (one.seat for one in committee.keepers if one.account == self.account) if committee else ()
        return next(iter(seats), None)

    def newest_seat(self) -> tuple[int, int] | None:
        """Version and seat of the newest committee that this keeper sits in."""
        committee = self.ledger.committee()
        for version in range(committee.version if committee else 0, 0, -1):
            seat = self.seat_in(version)
            if seat is not None:
                return version, seat
        return None
