"""What a keeper needs of its durable book of receipts (specification K-6, K-7, K-9).

The book numbers receipts from 0 without gaps, and files the receipts of one request in one durable
transaction, so that a share never leaves before its receipt is on disk. It also counts uses, in the same
transaction, so that two requests at once cannot both take the last one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from consentry.domain.addresses import Address
from consentry.domain.categories import Category
from consentry.domain.grounds import KeeperReason
from consentry.domain.receipt_items import ReceiptItem


class Decision(StrEnum):
    RELEASED = "released"
    REFUSED = "refused"


UNBOUND = frozenset((KeeperReason.ShareMissing, KeeperReason.ShareInvalid))
"""Refusals that do not bind a repeat: shares are no part of what the actor signed, so that whoever else has seen the
request could send it on with a bad one and have it refused for good."""


@dataclass(frozen=True)
class UseLimit:
    """One use of a consent: one request digest and record id (design §6). `max_uses` is at least 1."""

    consent_id: bytes
    record_id: bytes
    max_uses: int


@dataclass(frozen=True)
class Draft:
    """A receipt before it has a number; `item` is the place in the request.

    `revocable`: ids (32 bytes) of consent and mandate that it rests on; one that was revoked in sight of this keeper has the
    last word (K-17).
    """

    item: int
    decision: Decision
    reason: str
    subject: ReceiptItem
    category: Category
    patient: Address
    consent_id: bytes | None
    committee_version: int
    limit: UseLimit | None = None
    revocable: tuple[bytes, ...] = ()

    def refused(self, reason: str) -> Draft:
        return replace(self, decision=Decision.REFUSED, reason=reason, limit=None)


@dataclass(frozen=True)
class SignedReceipt:
    """`body` is the canonical JSON of K-6, `signature` 65 bytes (L-18), `value` the 32-byte Merkle value."""

    body: bytes
    signature: bytes
    value: bytes


@dataclass(frozen=True)
class Filed:
    """Where a decision stands in the book; refused, if uses were spent or it was refused before."""

    item: int
    decision: Decision
    seq: int
    value: bytes


@dataclass(frozen=True)
class StoredReceipt:
    seq: int
    receipt: SignedReceipt


@dataclass(frozen=True)
class Commit:
    """`root` over receipts `first_seq … first_seq + count - 1`, fixed on chain by `transaction` in `block`."""

    root: bytes
    first_seq: int
    count: int
    transaction: bytes
    block: int


class ReceiptBook(Protocol):
    """Durable, append-only. Every method is safe from any thread."""

    def file(
        self,
        request_digest: bytes,
        drafts: Sequence[Draft],
        sign: Callable[[Draft, int], SignedReceipt],
        *,
        by: tuple[Address, str] | None = None,
    ) -> tuple[Filed, ...]:
        """File drafts in order in one durable transaction. `by`: account and key of the session that asks; one that has ended
        meanwhile raises SessionRevoked, and nothing is filed (K-26).

        An item filed before for the same reason keeps its receipt; one refused before stays refused (K-7), unless
        only its share was bad (UNBOUND).
        """

    def next_seq(self) -> int:
        """The number of receipts so far."""

    def values(self, first_seq: int, count: int) -> tuple[bytes, ...]:
        """The Merkle values of a contiguous range."""

    def about(self, patient: str, *, first_seq: int, limit: int) -> tuple[StoredReceipt, ...]:
        """Receipts about a patient from a sequence number on, in order, at most `limit`."""

    def since(self, first_seq: int, *, limit: int) -> tuple[StoredReceipt, ...]:
        """Receipts about anybody from a sequence number on, in order, at most `limit`."""

    def note(self, commit: Commit) -> None:
        """Remember a commit seen on chain; the same one twice is harmless."""

    def forget_commits(self, first_seq: int) -> None:
        """The chain no longer holds the commits from this sequence number on (A-13); receipts stay."""

    def committed_until(self) -> int:
        """The sequence number after the last range noted."""

    def commit_covering(self, seq: int) -> Commit | None:
        """The commit whose range holds this receipt."""
