"""Directory documents that a gateway keeps for patients, as long as the chain may yet name them (specification G-13)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from consentry.domain.addresses import Address

DAY = 86_400
MIB = 2**20


class Stage(StrEnum):
    """kept ── relayed here, or seen on chain ──> named."""

    KEPT = "kept"
    NAMED = "named"


@dataclass(frozen=True)
class Room:
    """How much is kept, and for how many seconds: of one patient, whatever became of the documents; and in all, of those that
    nothing is known to name. A patient who revokes renews at once: a day's revocations fit."""

    seconds: int = DAY
    most_of_one: int = 64
    bytes_of_one: int = 32 * MIB
    most: int = 4_096
    bytes: int = 512 * MIB


@dataclass(frozen=True)
class Staged:
    """A document by its CID; `size` in bytes, `staged_at` (seconds) when it came last."""

    cid: str
    patient: Address
    size: int
    staged_at: int
    stage: Stage = Stage.KEPT


class StagedBook(Protocol):
    """Durable. Every method is one transaction. Raises StoreUnreachable."""

    def take(self, new: Staged, room: Room) -> bool:
        """Note it, unless there is no room in all: then False. One that is known comes anew, and stays named if it is.

        Raises RateLimited when this patient has as many as fit.
        """

    def name(self, cid: str) -> None:
        """The chain names it, or is about to."""

    def unname(self, cid: str) -> None:
        """The chain did not take what would have named it."""

    def oldest_kept(self) -> Staged | None:
        """What nothing is known to name and came first."""

    def before(self, time: int, limit: int) -> tuple[Staged, ...]:
        """Those that came before a time (seconds), oldest first, named or not."""

    def is_as(self, one: Staged) -> bool:
        """Whether it still stands there as it was read."""

    def forget(self, cid: str) -> None:
        """It is gone, or is the chain's to keep."""
