"""Taking records back: by a correction that moves what they said, or by the author's own word (D-15, D-17, D-20, R-2).

Noted before the chain is told, so that what failed half-way is completed by whatever this author publishes or retracts next.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from consentry.domain.addresses import Address
from consentry.domain.retraction import MAY_RETRACT, Why
from consentry.errors import RecordUnknown, RoleUnfit, RoleWritesNothing
from consentry.ports import Ledger
from consentry.ports.versions import Changes, Ended, Noted, Standing, Version
from consentry.services.anchoring import anchor_unfinished
from consentry.services.publish_ports import Author, PublishPorts


class Extent(Enum):
    """This version alone, or those before it too, as they are the same document."""

    VERSION = auto()
    DOCUMENT = auto()


@dataclass(frozen=True)
class RetractRecord:
    """`by`: the account or the system that answers for it, which may do so (`require_may_retract`)."""

    record_id: bytes
    by: str
    why: Why
    extent: Extent = Extent.DOCUMENT


@dataclass(frozen=True)
class Retracted:
    """Record ids that are retracted now, the named one first; those that had been before cost no gas."""

    record_ids: tuple[bytes, ...]
    gas_used: int


def require_may_retract(account: Address, ledger: Ledger) -> None:
    """Raises RoleUnfit unless the account is enrolled, RoleWritesNothing unless that is in a role that writes records."""
    enrolled = ledger.staff(account)
    if enrolled is None:
        raise RoleUnfit("this is for staff who are enrolled")
    if enrolled.role not in MAY_RETRACT:
        raise RoleWritesNothing()


def retract(command: RetractRecord, author: Author, ports: PublishPorts) -> Retracted:
    """Retract a record for ever. Raises RecordUnknown when this author's book does not hold it, ChainUnreachable,
    TransactionReverted."""
    with ports.publications.exclusive():
        return retract_exclusively(command, author, ports)


def retract_exclusively(command: RetractRecord, author: Author, ports: PublishPorts) -> Retracted:
    """`retract`, only while `Publications.exclusive`."""
    versions = [_version(command.record_id, ports)]
    while command.extent is Extent.DOCUMENT and versions[-1].replaces is not None:
        versions.append(_version(versions[-1].replaces, ports))
    due = [one for one in versions if one.standing is not Standing.RETRACTED]
    ended = tuple(Ended(one.record_id, Standing.RETRACTING) for one in due)
    noted = Noted(command.by, ports.clock.now(), command.why)
    ports.publications.versions.note(Changes(ended=ended, noted=noted))
    gas_used = retract_due(author, ports)
    return Retracted(tuple(one.record_id for one in versions), gas_used)


def retract_due(author: Author, ports: PublishPorts) -> int:
    """Tell the chain of what was noted, once what was published with it is anchored; gives the gas. What is not final yet is
    looked at again, and told again if a reorganisation took it back. Only while `Publications.exclusive`."""
    due, gas_used = ports.publications.versions.retracting(), 0
    if not due:
        return 0
    views = ports.ledger.evaluate_both([ports.ledger.retracted_call(author.address, one) for one in due])
    final = [one for one, answer in zip(due, views.final, strict=True) if answer.get()]
    ports.publications.versions.note(Changes(ended=tuple(Ended(one, Standing.RETRACTED) for one in final)))
    untold = [one for one, answer in zip(due, views.latest, strict=True) if not answer.get()]
    if untold:
        gas_used = anchor_unfinished((), author, ports).gas_used
    for record_id in untold:
        gas_used += ports.sender.transact("RecordRegistry", "retract", record_id).gas_used
    return gas_used


def _version(record_id: bytes, ports: PublishPorts) -> Version:
    found = ports.publications.versions.of_records([record_id]).get(record_id)
    if found is None:
        raise RecordUnknown()
    return found
