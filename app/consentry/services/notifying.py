"""Patients are told of emergency openings: at sign-in, and through the member's messaging system (E-17, E-18).

The chain names no patient, so that only the gateway that relayed an opening can tell. What it owes is in its database before
the opening is on chain, and is given up after a day of failures only; the page and the account of accesses show it for ever.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass

from consentry.domain import fields, times
from consentry.domain.addresses import Address
from consentry.errors import OpeningNotHeld
from consentry.ports import Clock
from consentry.ports.notices import DueNotice, Messenger, NoticeBook
from consentry.ports.openings import KeptOpening, Openings, OpeningState, OpeningStatus
from consentry.services.opening_desk import OpeningPorts
from consentry.services.sign_in import Site

FIRST_PAUSE_SECONDS = 10
LONGEST_PAUSE_SECONDS = 3600
MOST_ATTEMPTS = 32
"""With pauses of 10, 20 … 3,600 seconds: about a day."""
AT_ONCE = 5
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Notice:
    """An opening of this patient's summary, and what became of it."""

    kept: KeptOpening
    state: OpeningState


@dataclass(frozen=True)
class NotifyPorts:
    """`messenger` is None where the member has no messaging system: notices wait until it has."""

    site: Site
    chain: Openings
    book: NoticeBook
    clock: Clock
    messenger: Messenger | None


def notices_of(patient: Address, ports: OpeningPorts) -> tuple[Notice, ...]:
    """Every opening of this patient's summary that was relayed here and is on chain; newest first."""
    found = ((kept, ports.chain.state_of(kept.opening_id)) for kept in ports.book.of_patient(patient))
    return tuple(Notice(kept, state) for kept, state in found if state.status is not OpeningStatus.Unknown)


def unseen(patient: Address, ports: OpeningPorts) -> int:
    """How many of them the patient's side has not said to have seen."""
    return sum(one.kept.seen_at is None for one in notices_of(patient, ports))


def seen(opening_id: bytes, patient: Address, ports: OpeningPorts) -> None:
    """Raises OpeningNotHeld: another patient's is as unknown as one that never was."""
    if not ports.book.seen(opening_id, patient, ports.emergency.clock.now()):
        raise OpeningNotHeld()


def tell(ports: NotifyPorts) -> int:
    """Tell of what is due; gives how many were taken. Raises StoreUnreachable, ChainUnreachable, having lost nothing."""
    if ports.messenger is None:
        return 0
    now = ports.clock.now()
    return sum(_tell(one, ports.messenger, now, ports) for one in ports.book.due(now, AT_ONCE))


def _tell(due: DueNotice, messenger: Messenger, now: int, ports: NotifyPorts) -> bool:
    kept = due.kept
    state = ports.chain.state_of(kept.opening_id)
    if state.status is OpeningStatus.Unknown:
        if now > kept.opening.relay_before:  # nobody can relay it any more
            ports.book.settle(kept.opening_id, now)
        else:
            ports.book.later(kept.opening_id, now + FIRST_PAUSE_SECONDS, failed=False)
        return False
    taken = messenger.deliver(_message(due, state, ports.site))
    if taken or due.attempts + 1 >= MOST_ATTEMPTS:
        ports.book.settle(kept.opening_id, now)
        if not taken:
            _LOG.error(
                "the messaging system took no word of an emergency opening: the patient sees it at sign-in"
            )
    else:
        ports.book.later(kept.opening_id, now + pause(due.attempts), failed=True)
    return taken


def pause(attempts: int) -> int:
    """Seconds until the messaging system is asked again."""
    return int(min(FIRST_PAUSE_SECONDS * 2 ** min(attempts, 12), LONGEST_PAUSE_SECONDS))


def _message(due: DueNotice, state: OpeningState, site: Site) -> bytes:
    """What a messaging system needs to write to the patient: the reference by which the member knows the person, and no
    DID, which would tie that person to everything on chain."""
    body = {
        "type": "emergency-opening",
        "opening": fields.to_hex(due.kept.opening_id),
        "member": site.member_name,
        "refs": list(due.refs),
        "endsAt": times.iso(state.ends_at),
        "reviewBy": times.iso(state.review_by),
    }
    return json.dumps(body, ensure_ascii=False).encode("utf-8")
