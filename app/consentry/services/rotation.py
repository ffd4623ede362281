"""When a patient's directory should be renewed: a ground under which its seeds were given has ended (specification D-8).

Whoever holds a category seed opens the headers of new entries until the patient's client makes the next document. Nothing
here renews anything: only the patient's side can sign. What is told is computed from the chain's state and from what this
gateway knows: the consents that it holds, the openings that it relayed and whom it released seeds to.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from consentry.domain.addresses import Address
from consentry.domain.directory import SERVICE
from consentry.domain.ledger import ConsentStatus, StaffInfo
from consentry.errors import ChainWrong, HistoryTooLong
from consentry.ports import Clock, Ledger
from consentry.ports.openings import OpeningBook, Openings, OpeningStatus
from consentry.ports.seed_holders import SeedHolder, SeedHolders
from consentry.services.consent_book import ConsentBook
from consentry.services.granted_under import UnderMandates, stand


class Why(StrEnum):
    """What has ended since the document in force was opened."""

    CONSENT_REVOKED = "consent-revoked"
    CONSENT_EXPIRED = "consent-expired"
    READER_LEFT = "reader-left"
    OPENING_ENDED = "opening-ended"
    REPRESENTATIVE_ENDED = "representative-ended"
    KEY_REPLACED = "key-replaced"


@dataclass(frozen=True)
class Ended:
    """`at` in seconds; of a reader who left, when seeds were last released to that account."""

    why: Why
    at: int


@dataclass(frozen=True)
class Advice:
    """A new directory is advised since a time (seconds), for these reasons."""

    since: int
    reasons: tuple[Why, ...]


@dataclass(frozen=True)
class RotationPorts:
    """`member` is whose gateway this is; `openings` are those that it relayed, `opened` what the chain says of them."""

    member: Address
    ledger: Ledger
    book: ConsentBook
    under: UnderMandates
    holders: SeedHolders
    openings: OpeningBook
    opened: Openings
    clock: Clock


def advice(patient: Address, ports: RotationPorts) -> Advice | None:
    """None without a directory in force, or while everybody who got its seeds may have them.

    Raises ChainUnreachable, ChainWrong, StoreUnreachable; HistoryTooLong when there is no directory to be found in it.
    """
    change = ports.ledger.latest_attribute(patient, SERVICE)
    if change is None or change.valid_to == 0:
        return None
    block = ports.ledger.block(change.block)
    if block is None:
        raise ChainWrong("the node does not have the block of a change that it told")
    now = max(ports.clock.now(), ports.ledger.head().timestamp)
    ended = [
        one
        for one in (
            *_consents(patient, now, ports),
            *_openings(patient, ports),
            *_standings(patient, now, ports),
        )
        if block.timestamp < one.at <= now
    ]
    ended += _holders(patient, block.timestamp, now, ports)
    if not ended:
        return None
    return Advice(min(one.at for one in ended), tuple(sorted({one.why for one in ended})))


def _consents(patient: Address, now: int, ports: RotationPorts) -> Iterator[Ended]:
    """Consents that held once. A proposal that was cancelled never did, nor one that was revoked before its window."""
    kept = ports.book.of_patient(patient)
    for state in (one.state for one in stand(kept, ports.ledger, ports.under)):
        if state.status is ConsentStatus.Granted and state.valid_until <= now:
            yield Ended(Why.CONSENT_EXPIRED, state.valid_until)
        elif state.status is ConsentStatus.Revoked and 0 < state.valid_from < state.changed_at:
            yield Ended(Why.CONSENT_REVOKED, min(state.changed_at, state.valid_until))


def _standings(patient: Address, now: int, ports: RotationPorts) -> Iterator[Ended]:
    """A patient's own side may read everything: what a lost key or a former representative holds, they hold still."""
    try:
        ended = ports.ledger.ended_standings(patient, now)
    except HistoryTooLong:
        return  # keepers do not follow such an identity either; the advice on consents stands
    for one in ended:
        yield Ended(Why.KEY_REPLACED if one.who == "controller" else Why.REPRESENTATIVE_ENDED, one.at)


def _openings(patient: Address, ports: RotationPorts) -> Iterator[Ended]:
    """Break-glass boxes: the chain says when one ends, or was closed."""
    for one in ports.openings.of_patient(patient):
        state = ports.opened.state_of(one.opening_id)
        if state.status is not OpeningStatus.Unknown:
            yield Ended(Why.OPENING_ENDED, state.ends_at)


def _holders(patient: Address, opened_at: int, now: int, ports: RotationPorts) -> Iterator[Ended]:
    """Those who got seeds of the document in force and have no standing any more."""
    holders = ports.holders.since(patient, opened_at)
    calls = [ports.ledger.staff_call(one.account) for one in holders]
    for one, answer in zip(holders, ports.ledger.evaluate(calls) if calls else (), strict=True):
        if not _stands(answer.get(), now, ports):
            yield _left(one, answer.get(), now)


def _stands(staff: StaffInfo | None, now: int, ports: RotationPorts) -> bool:
    return staff is not None and staff.member == ports.member and now < staff.licence_end_at


def _left(holder: SeedHolder, staff: StaffInfo | None, now: int) -> Ended:
    """The chain keeps when a licence ended, not when somebody was dismissed."""
    ended = 0 if staff is None or now < staff.licence_end_at else staff.licence_end_at
    return Ended(Why.READER_LEFT, max(holder.held_at, ended))
