"""What an author keeps of its own publications, so that a publish that failed half-way is completed by repeating it (G-1).

A piece of content is known by a keyed hash, never by a plain one: the database alone must not confirm a guess.

    new ── stored (entry in the content store, position taken) ── batched (manifest stored, root known) ── anchored
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from consentry.ports.versions import NO_CHANGES, Changes, Versions


class State(StrEnum):
    STORED = "stored"
    BATCHED = "batched"
    ANCHORED = "anchored"


@dataclass(frozen=True)
class Publication:
    """One record on its way: `content_id` is the keyed hash (32 bytes), `digest` the record digest.

    `root` and `manifest_digest` are set from `BATCHED` on, `transaction` when anchored (None if that was learnt later).
    `committee_version`, `kept` and `content_cid` are what `store` notes of a new one: the version it is sealed to, header and
    copy for the author's offline copy key (K-35), and where its content lies; so is `sealing_hash`, of the sealing that the
    entry carries. Told by no other method.
    """

    content_id: bytes
    record_id: bytes
    tag: bytes
    entry_cid: str
    digest: bytes
    state: State
    root: bytes | None = None
    manifest_digest: bytes | None = None
    transaction: bytes | None = None
    committee_version: int = 0
    kept: bytes = b""
    content_cid: str = ""
    sealing_hash: bytes = b""


@dataclass(frozen=True)
class Place:
    """Where a database files next in a channel. In a channel that it never used: lineage 0, position 0."""

    lineage: int
    next_position: int


@dataclass(frozen=True)
class Taken:
    """Positions of one channel: `count` from `first`."""

    channel_id: bytes
    lineage: int
    first: int
    count: int


class Publications(Protocol):
    """Durable; every method is one transaction, safe from any thread."""

    @property
    def versions(self) -> Versions:
        """The documents that these publications are versions of."""

    def exclusive(self) -> AbstractContextManager[None]:
        """One publish at a time in this database, so that the same content sent twice at once is one record."""

    def find(self, content_ids: Sequence[bytes]) -> dict[bytes, Publication]:
        """What is known of these contents."""

    def of_records(self, record_ids: Sequence[bytes]) -> dict[bytes, Publication]:
        """By record id."""

    def places(self, channel_ids: Sequence[bytes]) -> dict[bytes, Place]:
        """Of each of these channels the latest lineage in which this database filed, and its first position not taken here."""

    def store(
        self, publications: Sequence[Publication], taken: Sequence[Taken], changes: Changes = NO_CHANGES
    ) -> None:
        """Note new publications in state STORED, the positions they take and the versions that they begin and end, all or
        nothing (specification D-3, D-13); what waited of these contents (`ports.waiting`) waits no more.

        Raises StoreUnreachable when a range does not begin at its channel's next position.
        """

    def unfinished(self) -> tuple[Publication, ...]:
        """Everything that is not on chain yet, in the order it was stored: records sealed again (`ports.own_records`) first,
        since what is left of them is older (K-35)."""

    def batch(self, content_ids: Sequence[bytes], root: bytes, manifest_digest: bytes) -> None:
        """Note, before anything is sent, under which root these go: the order of `content_ids` is that of the tree."""

    def of_root(self, root: bytes) -> tuple[Publication, ...]:
        """The publications of one batch, in the order of its tree."""

    def anchored(self, root: bytes, transaction: bytes | None) -> None:
        """Note that a batch is on chain."""

    def unsettled(self, most: int) -> tuple[bytes, ...]:
        """Roots that were anchored and may still be taken back by a reorganisation, the newest first, at most so many."""

    def settle(self, roots: Sequence[bytes]) -> None:
        """These anchors stay."""

    def unanchor(self, roots: Sequence[bytes]) -> None:
        """The chain no longer holds these anchors: their publications are unfinished again."""
