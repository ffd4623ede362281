"""What a keeper works with: keys, its view of the chain, its book, and what it may remember."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from threading import BoundedSemaphore, Semaphore

from consentry.crypto import hpke
from consentry.domain.addresses import Address
from consentry.domain.directory import DirectoryDocument
from consentry.domain.ledger import ChainHead, Grant
from consentry.errors import KeeperKeyMissing
from consentry.ports import BlobStore, Clock, Ledger
from consentry.ports.ended_sessions import EndedSessions
from consentry.ports.receipt_book import ReceiptBook
from consentry.ports.revocations import Revocations
from consentry.services.lately import Lately
from consentry.services.pace import Pace
from consentry.services.readiness import MOST_AHEAD_SECONDS, require_recent
from consentry.services.recent import Recent
from consentry.services.succession import lines_of

EXAMINED_AT_ONCE = 4
"""Revocations that the chain is asked about together: anybody may send one, and half of a keeper's threads are for releases."""


@dataclass(frozen=True)
class Past:
    """Every value that a patient ever gave the service attribute; not `followed`: there are more changes than are read."""

    values: frozenset[bytes]
    followed: bool = True


@dataclass(frozen=True)
class HeldSeat:
    """A seat of a committee, and the X-Wing key, made ready, to whose public half its shares are sealed."""

    seat: int
    opener: hpke.Opener = field(repr=False)


@dataclass(frozen=True)
class Memory:
    """Only what cannot change: who signed a session (by its digest), members by name (never reused: M-2), ids
    of consents, patients' directory documents, patients' pasts by the final block of the newest change, and seats taken
    over, by version (a line only grows, and keys are taken over once it is final)."""

    signers: Recent[bytes, Address] = field(default_factory=lambda: Recent(4_096))
    members: Recent[str, Address] = field(default_factory=lambda: Recent(1_024))
    consents: Recent[Grant, bytes] = field(default_factory=lambda: Recent(4_096))
    documents: Recent[tuple[Address, str], DirectoryDocument] = field(default_factory=lambda: Recent(64))
    pasts: Recent[tuple[Address, int], Past] = field(default_factory=lambda: Recent(256))
    seats: Recent[int, HeldSeat] = field(default_factory=lambda: Recent(64))


@dataclass(frozen=True)
class Limits:
    """In seconds: how far the chain's head may lie behind the keeper's clock, and ahead of it (K-11); after how long a
    revocation that nobody brought to the chain is brought there (K-18)."""

    max_head_age_seconds: int = 60
    max_clock_skew_seconds: int = MOST_AHEAD_SECONDS
    relay_after_seconds: int = 10


@dataclass(frozen=True)
class Desk:
    """One keeper. `sign` signs a 32-byte digest with its account; `sealing_seed` is its X-Wing seed, `other_seeds` are those
    that it had before or took over (K-31). `feed_key` (32 bytes) makes the pseudonyms of its feed (A-11)."""

    account: Address
    sign: Callable[[bytes], bytes]
    sealing_seed: bytes = field(repr=False)
    ledger: Ledger
    store: BlobStore
    book: ReceiptBook
    sessions: EndedSessions
    revocations: Revocations
    clock: Clock
    limits: Limits = field(default_factory=Limits)
    memory: Memory = field(default_factory=Memory)
    pace: Pace = field(default_factory=Pace)
    examining: Semaphore = field(default_factory=lambda: BoundedSemaphore(EXAMINED_AT_ONCE))
    lately: Lately = field(default_factory=Lately)
    other_seeds: tuple[bytes, ...] = field(default=(), repr=False)
    feed_key: bytes = field(repr=False, kw_only=True)

    def require_fresh(self, head: ChainHead) -> None:
        """Raise ChainStale if the head is too old to decide on, ClockOff if it is far ahead of the clock (K-11)."""
        limits = self.limits
        require_recent(head, self.clock.now(), limits.max_head_age_seconds, limits.max_clock_skew_seconds)

    @cached_property
    def _openers(self) -> dict[bytes, hpke.Opener]:
        """Keys by their public half: which seat a key opens is the chain's to say, by the key that it names."""
        return {hpke.public_key(seed): hpke.Opener(seed) for seed in (self.sealing_seed, *self.other_seeds)}

    def own_seat(self, version: int) -> int | None:
        """The seat that a committee itself gives this keeper, None if it gives none."""
        committee = self.ledger.committee(version)
        seats = (one.seat for one in committee.keepers if one.account == self.account) if committee else ()
        return next(iter(seats), None)

    def seat_in(self, version: int) -> HeldSeat | None:
        """The seat of this version whose shares are this keeper's to open: its own, or one whose line it is in (K-30, K-32);
        None if there is none. Raises KeeperKeyMissing where it lacks the key."""
        known = self.memory.seats.get(version)
        if known is not None:
            return known
        committee = self.ledger.committee(version)
        if committee is None:
            return None
        own = next((one for one in committee.keepers if one.account == self.account), None)
        if own is not None:
            return self._opened(own.seat, own.sealing_key)
        for line in lines_of(version, self.ledger):
            if any(one.account == self.account for one in line):
                return self.memory.seats.keep(version, self._opened(line[0].seat, line[0].sealing_key))
        return None

    def _opened(self, seat: int, sealing_key: bytes) -> HeldSeat:
        opener = self._openers.get(sealing_key)
        if opener is None:
            raise KeeperKeyMissing()
        return HeldSeat(seat, opener)

    def newest_seat(self) -> tuple[int, int] | None:
        """Version and seat of the newest committee that names this keeper."""
        committee = self.ledger.committee()
        for version in range(committee.version if committee else 0, 0, -1):
            seat = self.own_seat(version)
            if seat is not None:
                return version, seat
        return None
