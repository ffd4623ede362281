"""An opening that one of the two has signed and that waits for the other, who signs on an own device (specification W-71).

In memory, bounded in number and time: an emergency that nobody signed in a quarter of an hour is worded anew.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from consentry.crypto.signatures import recover
from consentry.domain import fields
from consentry.domain.addresses import Address
from consentry.domain.openings import Opening
from consentry.errors import ChallengeUnknown, SignatureInvalid, TransactionReverted
from consentry.services import emergency, opening_desk
from consentry.services.emergency import Relayed
from consentry.services.opening_desk import OpeningPorts
from consentry.services.pace import Pace
from consentry.services.pending import MAX_OF_ONE, Pending
from consentry.services.personal_message import signature_bytes

MOST_WAITING = 1_000

CALLS_AT_ONCE = MAX_OF_ONE
SECONDS_BETWEEN_CALLS = 20
"""Of one person, whoever is called for whom: patients can be made up."""
CALLS_OF_ONE_PATIENT = 2
"""The first, and one that puts a slip right at once: who took the wrong time, or was declined by mistake, does not wait."""
SECONDS_BETWEEN_REPEATS = 60


@dataclass(frozen=True)
class HalfSigned:
    """`first_signature` as 0x and hex."""

    opening_id: bytes
    opening: Opening
    first_signature: str

    @property
    def people(self) -> tuple[Address, Address]:
        return self.opening.first, self.opening.second


Waiting = Pending[HalfSigned]


class Ringing:
    """How often one person may call another's page for a patient (W-151). `ticks` in seconds. Thread-safe."""

    def __init__(self, ticks: Callable[[], float] = time.monotonic) -> None:
        self._repeats = Pace(1 / SECONDS_BETWEEN_REPEATS, CALLS_OF_ONE_PATIENT, ticks=ticks)
        self._calls = Pace(1 / SECONDS_BETWEEN_CALLS, CALLS_AT_ONCE, ticks=ticks)

    def take(self, first: Address, second: Address, patient: Address) -> None:
        """Count a call. Raises RateLimited; repeats that are refused use up none of the calls for other patients."""
        self._repeats.take(f"{first} {second} {patient}")
        self._calls.take(first)


def wait(
    opening: Opening, signature: str, who: Address, waiting: Waiting, ringing: Ringing, ports: OpeningPorts
) -> HalfSigned:
    """Keep what the first of the two has signed, until the second signs: in the place of what the first asked the second for
    about this patient before. Raises LayoutInvalid, SignatureInvalid, RateLimited."""
    if opening.member != ports.emergency.site.member_name:
        fields.refuse("opening.member", "be the member of this gateway")
    if who != opening.first:
        fields.refuse("opening.first", "be whoever sends the first signature")
    if opening.relay_before <= ports.emergency.clock.now():
        fields.refuse("opening.relayBefore", "not be over")  # the chain would refuse it
    opening_id = emergency.worded(opening, ports.emergency).opening_id
    raw = signature_bytes(signature)
    if recover(opening_id, raw) != who:
        raise SignatureInvalid("the signature is not this person's over this opening")
    ringing.take(who, opening.second, opening.subject.patient)
    for _, before in waiting.of(who):
        if _same_call(before.opening, opening):
            drop(before.opening_id, waiting)
    half = HalfSigned(opening_id, opening, fields.to_hex(raw))
    waiting.put(half, fields.to_hex(opening_id), owner=opening.first)
    return half


def _same_call(one: Opening, other: Opening) -> bool:
    return (one.second, one.subject.patient) == (other.second, other.subject.patient)


def waiting_for(who: Address, waiting: Waiting) -> tuple[HalfSigned, ...]:
    """What this person has signed as the first or is asked to sign as the second, the oldest first."""
    return waiting.those(lambda half: who in half.people)


def one_waiting(opening_id: bytes, who: Address, waiting: Waiting) -> HalfSigned:
    """For either of the two. Raises ChallengeUnknown."""
    half = waiting.look(fields.to_hex(opening_id))
    if who not in half.people:
        raise ChallengeUnknown()
    return half


def countersign(
    opening_id: bytes, signature: str, who: Address, waiting: Waiting, ports: OpeningPorts
) -> Relayed:
    """Relay both signatures. It waits on if the second one does not hold or the chain could not be asked; what the chain
    refused does not. Raises ChallengeUnknown (also for anybody but the second), and as `opening_desk.open_` does."""
    half = one_waiting(opening_id, who, waiting)
    if who != half.opening.second:
        raise ChallengeUnknown()
    try:
        relayed = opening_desk.open_(half.opening, half.first_signature, signature, ports)
    except TransactionReverted:
        drop(opening_id, waiting)
        raise
    drop(opening_id, waiting)
    return relayed


def decline(opening_id: bytes, who: Address, waiting: Waiting) -> None:
    """The second does not sign, or the first takes it back. Raises ChallengeUnknown."""
    drop(one_waiting(opening_id, who, waiting).opening_id, waiting)


def drop(opening_id: bytes, waiting: Waiting) -> None:
    """Harmless for what waits no longer."""
    try:
        waiting.take(fields.to_hex(opening_id))
    except ChallengeUnknown:
        return
