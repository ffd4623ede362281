"""Which directory documents a gateway keeps although the chain does not name them, and for how long (specification G-13).

noted ──> stored ── named on chain when its day is over ──> stays for ever
            └────── not named then, or room is needed ──> deleted
"""

from __future__ import annotations

from threading import Lock

from consentry.domain.addresses import Address
from consentry.domain.directory import SERVICE
from consentry.errors import HistoryTooLong, RateLimited, TransactionReverted
from consentry.ports import BlobStore, Clock, Ledger
from consentry.ports.staged import Room, Stage, Staged, StagedBook
from consentry.services.directory import attribute_value

LOOKED_AT = 16
"""How many of the oldest one sweep looks at."""

MADE_ROOM_AT = 4
"""How many of the oldest are looked at to make room for one: documents of one committee are of one size, and each costs
questions to the node."""

AGAIN_SECONDS = 60


class StagedDocuments:
    """Thread-safe; one for all that store directory documents at this gateway."""

    def __init__(
        self, ledger: Ledger, store: BlobStore, clock: Clock, book: StagedBook, room: Room | None = None
    ) -> None:
        self._ledger = ledger
        self._store = store
        self._clock = clock
        self._book = book
        self.room = room or Room()
        # What is put again is not deleted between being noted and being stored.
        self._turn = Lock()

    def keep(self, patient: Address, cid: str, document: bytes, stage: Stage = Stage.KEPT) -> int:
        """Store a document; gives until when it is kept if nothing names it (seconds). `stage`: NAMED if its signature is
        relayed from here, next: then no other takes its room.

        Raises RateLimited when the patient, or all together, have as many as fit; StoreUnreachable, ChainUnreachable.
        """
        now = self._clock.now()
        new = Staged(cid, patient, len(document), now, stage)
        for _ in range(MADE_ROOM_AT + 1):
            with self._turn:
                if self._book.take(new, self.room):
                    # Noted first: whatever fails from here on, the sweep finds it.
                    self._store.put([document])
                    return now + self.room.seconds
            oldest = self._book.oldest_kept()
            if oldest is None:
                break
            if self._is_named(oldest):
                self._book.name(oldest.cid)
            else:
                self._drop(oldest)
        raise RateLimited("as many directory documents wait to be named as are kept", seconds=AGAIN_SECONDS)

    def named(self, cid: str, document: bytes) -> None:
        """The chain names it now: it has to be there, also if another gateway of the same store just made room."""
        with self._turn:
            if not self._store.has(cid):
                self._store.put([document])

    def refused(self, cid: str, problem: TransactionReverted) -> TransactionReverted:
        """The chain did not take what would have named it: it is one that others may push out. Gives the problem back."""
        self._book.unname(cid)
        return problem

    def sweep(self) -> int:
        """Judge those whose day is over; gives how many were deleted. Raises StoreUnreachable, ChainUnreachable."""
        due = self._book.before(self._clock.now() - self.room.seconds, LOOKED_AT)
        deleted = 0
        for one in due:
            if self._is_named(one):
                self._book.forget(one.cid)
            else:
                deleted += self._drop(one)
        return deleted

    def _is_named(self, one: Staged) -> bool:
        """Whether its patient ever signed for it on chain: what was named once holds former keys."""
        value = attribute_value(one.cid)
        try:
            newest = self._ledger.latest_attribute(one.patient, SERVICE)
            if newest is None or newest.value == value:
                return newest is not None
            return any(change.value == value for change in self._ledger.attributes(one.patient, SERVICE))
        except HistoryTooLong:
            return False  # no keeper follows that history either (K-5)

    def _drop(self, one: Staged) -> bool:
        """Unless it came anew meanwhile."""
        with self._turn:
            if not self._book.is_as(one):
                return False
            self._store.delete(one.cid)
            self._book.forget(one.cid)
        return True
