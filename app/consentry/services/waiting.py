"""Records that wait for their patient's directory, and what publishing left half-way (specification D-9, D-10).

The gateway's background work calls `enter_waiting` and `Completion.run` every second. A record is not filed when its patient
opens the directory but a random time later, in a batch with whatever else is published then: neither the opening nor the
batch shows whom it concerned (design D1).
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from consentry.crypto.waiting import open_waiting
from consentry.domain.addresses import Address
from consentry.domain.entries import Entry
from consentry.errors import (
    ChainUnreachable,
    ChainWrong,
    ConsentryError,
    IntegrityError,
    LayoutInvalid,
    StoreUnreachable,
)
from consentry.ports.waiting import WaitingRecord
from consentry.services.anchoring import anchor_unfinished
from consentry.services.directory import Directory
from consentry.services.filing import file_entries, open_directory_of
from consentry.services.publish_ports import Author, PublishPorts
from consentry.services.retraction import retract_due

PATIENTS_AT_ONCE = 20
RECORDS_AT_ONCE = 100
FIRST_PAUSE_SECONDS = 5
LONGEST_PAUSE_SECONDS = 900
_LOG = logging.getLogger(__name__)


def enter_waiting(author: Author, ports: PublishPorts, delay_seconds: int) -> int:
    """File what is due, of so many patients at once; gives how many records. They are anchored with the next batch.

    A directory that is not open is looked at again after 5, 10, 20 … 900 seconds; `delay_seconds` bounds the random delay.
    Raises StoreUnreachable, ChainUnreachable, having lost nothing.
    """
    now = ports.clock.now()
    return sum(
        _of_patient(Address(patient), now, delay_seconds, author, ports)
        for patient in ports.waiting.due(now, PATIENTS_AT_ONCE)
    )


def _of_patient(patient: Address, now: int, delay_seconds: int, author: Author, ports: PublishPorts) -> int:
    due = ports.waiting.due_of(patient, now, RECORDS_AT_ONCE)
    directory = _directory(patient, ports)
    if directory is None:
        later = {one.content_id: now + pause(one.attempts) for one in due}
        ports.waiting.reschedule(later, scheduled=False, failed=True)
        return 0
    new = {one.content_id: now + secrets.randbelow(delay_seconds + 1) for one in due if not one.scheduled}
    ports.waiting.reschedule(new, scheduled=True)
    ready = [one.content_id for one in due if one.scheduled or new[one.content_id] <= now]
    with ports.publications.exclusive():
        held = ports.waiting.find(ready)  # a publish may have filed some meanwhile
        entries = _readable(list(held.values()), now, author, ports)
        if entries:
            ports.publications.store(*file_entries(entries, directory, author, ports))
    return len(entries)


def _directory(patient: Address, ports: PublishPorts) -> Directory | None:
    """Whatever is wrong with one patient's identity holds up no other."""
    try:
        return open_directory_of(patient, ports)
    except (ChainUnreachable, ChainWrong, StoreUnreachable):
        raise
    except ConsentryError as problem:
        _LOG.warning("the directory of a waiting record cannot be followed: %(code)s", {"code": problem.code})
        return None


def _readable(
    held: Sequence[WaitingRecord], now: int, author: Author, ports: PublishPorts
) -> list[tuple[bytes, Entry]]:
    """One that was kept under another content key waits on, and holds up no other."""
    entries = []
    for one in held:
        try:
            entries.append((one.content_id, open_waiting(author.content_key, one.content_id, one.sealed)))
        except (IntegrityError, LayoutInvalid) as problem:
            _LOG.error("a waiting record cannot be opened: %(code)s", {"code": problem.code})
            ports.waiting.reschedule({one.content_id: now + LONGEST_PAUSE_SECONDS}, scheduled=True)
    return entries


def pause(attempts: int) -> int:
    """Seconds until a closed directory is looked at again."""
    return int(min(FIRST_PAUSE_SECONDS * 2 ** min(attempts, 10), LONGEST_PAUSE_SECONDS))


@dataclass
class Completion:
    """Anchors what was filed and not anchored for `linger_seconds`, by an attempt that failed or because no later batch took
    it along. When it was first seen is remembered by this process only: after a restart it lingers once more."""

    author: Author
    ports: PublishPorts = field(repr=False)
    linger_seconds: int
    _first_seen: dict[bytes, int] = field(default_factory=dict, repr=False)

    def run(self) -> int:
        """How many publications it brought on chain; then what is due is retracted. Raises StoreUnreachable, ChainUnreachable,
        TransactionReverted."""
        now = self.ports.clock.now()
        left = [one.content_id for one in self.ports.publications.unfinished()]
        self._first_seen = {one: self._first_seen.get(one, now) for one in left}
        retracting = self.ports.publications.versions.retracting()
        lingered = any(now - seen >= self.linger_seconds for seen in self._first_seen.values())
        if not lingered and not retracting:
            return 0
        with self.ports.publications.exclusive():
            if lingered:
                anchor_unfinished(frozenset(left), self.author, self.ports)
            retract_due(self.author, self.ports)
        return len(left) if lingered else 0
