"""The emergency desk of a gateway: what two people opened here, who may read under it, what waits for a review (E-12 to E-15).

The chain alone says whether an opening is open. What it cannot say is for whom: patient and salt are kept here before the
opening is relayed, so that an opening on chain is never one under which nobody can read and of which nobody is told.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, StrEnum, auto

from consentry.domain import fields, times
from consentry.domain.addresses import Address
from consentry.domain.openings import Opening
from consentry.errors import (
    DirectoryNotOpen,
    LayoutInvalid,
    NoGround,
    OpeningInForce,
    OpeningNotHeld,
    SignatureInvalid,
    TransactionReverted,
)
from consentry.ports import BlobStore
from consentry.ports.openings import KeptOpening, OpeningBook, Openings, OpeningStatus, Unreviewed
from consentry.services import directory as directories
from consentry.services import emergency
from consentry.services.emergency import EmergencyPorts, Prepare, Prepared, Relayed


@dataclass(frozen=True)
class OpeningPorts:
    """`documents`: the directory documents that were read before."""

    emergency: EmergencyPorts
    chain: Openings
    book: OpeningBook
    store: BlobStore
    documents: directories.Documents = field(default_factory=directories.Documents)


class Stage(StrEnum):
    """open ── ends or is closed ──> review-due ── too late ──> overdue"""

    OPEN = "open"
    REVIEW_DUE = "review-due"
    OVERDUE = "overdue"


@dataclass(frozen=True)
class Listed:
    """An opening of this member that waits for its review. `patient` and `opened_at` (seconds, the gateway's) are None where
    another gateway relayed it."""

    one: Unreviewed
    stage: Stage
    patient: Address | None
    opened_at: int | None

    @property
    def pair(self) -> set[Address]:
        return {self.one.first, self.one.second}


class Repeat(Enum):
    """Whether the two may open what they have open already."""

    REFUSED = auto()
    MEANT = auto()


def propose(command: Prepare, ports: OpeningPorts, repeat: Repeat = Repeat.REFUSED) -> Prepared:
    """Word an opening, unless nothing could be found under it (E-13) or the two have one that still runs (E-21).

    Raises LayoutInvalid, OpeningInForce, DirectoryNotOpen, and BlobMissing and the like when no document of the directory
    can be read.
    """
    desk = ports.emergency
    history = directories.history(desk.ledger, ports.store, command.patient, ports.documents)
    if not history.readable:
        raise history.problem or DirectoryNotOpen(
            "this patient has opened no directory: there is no emergency summary to be found, here or elsewhere"
        )
    prepared = emergency.prepare(command, desk)
    if repeat is Repeat.REFUSED:
        _none_running(command, ports)
    return prepared


def _none_running(command: Prepare, ports: OpeningPorts) -> None:
    pair = {command.first, command.second}
    for running in listed(ports):
        if running.stage is Stage.OPEN and running.patient == command.patient and running.pair == pair:
            identifier = fields.to_hex(running.one.opening_id)
            raise OpeningInForce(f"{identifier} is open until {times.iso(running.one.ends_at)}")


def open_(
    opening: Opening, first_signature: object, second_signature: object, ports: OpeningPorts
) -> Relayed:
    """Keep it, then relay both signatures. Raises as `emergency.open_summary` does."""
    opening_id = emergency.worded(opening, ports.emergency).opening_id
    kept_before = ports.book.get(opening_id) is not None
    ports.book.keep(KeptOpening(opening_id, opening, ports.emergency.clock.now()))
    try:
        return emergency.open_summary(opening, first_signature, second_signature, ports.emergency)
    except (LayoutInvalid, SignatureInvalid, TransactionReverted):
        # refused for good, unless it was relayed before, or is under way; whatever else failed may still be mined
        if not kept_before and ports.chain.state_of(opening_id).status is OpeningStatus.Unknown:
            ports.book.drop(opening_id)
        raise


def held(opening_id: bytes, ports: OpeningPorts) -> KeptOpening:
    """Raises OpeningNotHeld."""
    kept = ports.book.get(opening_id)
    if kept is None:
        raise OpeningNotHeld()
    return kept


def in_force(opening_id: bytes, ports: OpeningPorts) -> KeptOpening:
    """One under which the chain lets its openers read now. Raises OpeningNotHeld, NoGround."""
    kept = held(opening_id, ports)
    if ports.chain.state_of(opening_id).status is not OpeningStatus.Open:
        raise NoGround()
    return kept


def listed(ports: OpeningPorts) -> tuple[Listed, ...]:
    """This member's openings that wait for their review, as the chain counts them; the most urgent first (E-15)."""
    now = ports.emergency.ledger.head().timestamp
    found = ports.chain.unreviewed_of(ports.emergency.site.member)
    return tuple(
        Listed(one, _stage(one, now), *((None, None) if kept is None else (kept.patient, kept.kept_at)))
        for one in sorted(found, key=lambda one: (one.review_by, one.opening_id))
        for kept in (ports.book.get(one.opening_id),)
    )


def overdue(ports: OpeningPorts) -> int:
    """How many of this member's openings should have been reviewed by now."""
    now = ports.emergency.ledger.head().timestamp
    found = ports.chain.unreviewed_of(ports.emergency.site.member)
    return sum(_stage(one, now) is Stage.OVERDUE for one in found)


def _stage(one: Unreviewed, now: int) -> Stage:
    if now < one.ends_at:
        return Stage.OPEN
    return Stage.REVIEW_DUE if now < one.review_by else Stage.OVERDUE
