"""Taking records back: by a correction that moves what they said, or by the author's own word (specification D-15, D-16, R-2).

Noted before the chain is told, so that what failed half-way is completed by whatever this author publishes or retracts next.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from consentry.domain.addresses import Address
from consentry.errors import RecordUnknown
from consentry.ports.versions import Changes, Ended, Standing, Version
from consentry.services.publish_ports import PublishPorts


class Extent(Enum):
    """This version alone, or those before it too, as they are the same document."""

    VERSION = auto()
    DOCUMENT = auto()


@dataclass(frozen=True)
class RetractRecord:
    record_id: bytes
    extent: Extent = Extent.DOCUMENT


@dataclass(frozen=True)
class Retracted:
    """Record ids that are now retracted, in the order in which they were; those that had been before cost no gas."""

    record_ids: tuple[bytes, ...]
    gas_used: int


def retract(command: RetractRecord, author: Address, ports: PublishPorts) -> Retracted:
    """Retract a record for ever. Raises RecordUnknown when this author's book does not hold it, ChainUnreachable,
    TransactionReverted."""
    with ports.publications.exclusive():
        versions = [_version(command.record_id, ports)]
        while command.extent is Extent.DOCUMENT and versions[-1].replaces is not None:
            versions.append(_version(versions[-1].replaces, ports))
        due = [one for one in versions if one.standing is not Standing.RETRACTED]
        ended = tuple(Ended(one.record_id, Standing.RETRACTING) for one in due)
        ports.publications.versions.note(Changes(ended=ended))
        done = retract_due(author, ports)
    return Retracted(tuple(one.record_id for one in versions), done.gas_used)


def retract_due(author: Address, ports: PublishPorts) -> Retracted:
    """Tell the chain of what was noted; the caller has the book to itself, and what follows is anchored."""
    due, gas_used = ports.publications.versions.retracting(), 0
    for record_id in due:
        told = ports.ledger.evaluate([ports.ledger.retracted_call(author, record_id)])[0].get()
        if not told:
            gas_used += ports.sender.transact("RecordRegistry", "retract", record_id).gas_used
        ports.publications.versions.note(Changes(ended=(Ended(record_id, Standing.RETRACTED),)))
    return Retracted(due, gas_used)


def _version(record_id: bytes, ports: PublishPorts) -> Version:
    found = ports.publications.versions.of_records([record_id]).get(record_id)
    if found is None:
        raise RecordUnknown()
    return found
