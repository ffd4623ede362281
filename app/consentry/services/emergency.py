"""Opening, closing and reviewing an emergency summary at a gateway (design §4; specification E-1 to E-9).

The gateway words what two of its people sign, relays and pays; it can open nothing by itself. The patient and the salt
stay here and go to the keepers: the chain sees their hash.

    prepared ── both sign ──> open ── openUntil ──> ended ──┐
                                └────── close ────> closed ─┴── review ──> reviewed
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from consentry.crypto.signatures import recover, typed_digest
from consentry.domain import fields, openings
from consentry.domain.addresses import Address
from consentry.domain.openings import Finding, Opening, Subject
from consentry.errors import SignatureInvalid, TransactionReverted
from consentry.ports import Clock, Ledger, Sender
from consentry.services.personal_message import signature_bytes
from consentry.services.sign_in import Site

SHORTEST_SECONDS = 60
RELAY_SECONDS = 15 * 60
"""How long two people have to sign: an emergency does not wait, and a box that was not opened is prepared anew."""
_WALLET_SIGNATURE = 4_096
_CONTRACT = "EmergencyAccess"


@dataclass(frozen=True)
class EmergencyPorts:
    site: Site
    ledger: Ledger
    sender: Sender
    clock: Clock

    @property
    def registry(self) -> Address:
        return Address(self.ledger.address_of(_CONTRACT))


@dataclass(frozen=True)
class Prepare:
    """Two of this member's people want a patient's emergency summary for so many seconds."""

    patient: Address
    first: Address
    second: Address
    seconds: int


@dataclass(frozen=True)
class Prepared:
    """What both sign. `opening_id` is what the chain will know it by."""

    opening: Opening
    opening_id: bytes
    typed_data: dict[str, Any]


@dataclass(frozen=True)
class Relayed:
    opening_id: bytes
    transaction: bytes
    block: int
    gas_used: int


def prepare(command: Prepare, ports: EmergencyPorts) -> Prepared:
    """Word an opening under a new salt. Raises LayoutInvalid naming the field."""
    seconds = fields.integer(command.seconds, "opening.seconds", SHORTEST_SECONDS, openings.LONGEST_SECONDS)
    now = ports.clock.now()
    opening = Opening(
        subject=Subject(command.patient, secrets.token_bytes(32)),
        member=ports.site.member_name,
        first=command.first,
        second=command.second,
        open_until=now + seconds,
        relay_before=now + min(seconds, RELAY_SECONDS),
    )
    return worded(opening, ports)


def open_summary(
    opening: Opening, first_signature: object, second_signature: object, ports: EmergencyPorts
) -> Relayed:
    """Relay both signatures over an opening of this member, as `0x` and hex.

    Raises LayoutInvalid (another member's), SignatureInvalid, TransactionReverted (`Opening…`: known before, too late,
    somebody has no standing, too many boxes or overdue reviews).
    """
    if opening.member != ports.site.member_name:
        fields.refuse("opening.member", "be the member of this gateway")
    prepared = worded(opening, ports)
    first, second = (_signature(one, prepared.opening_id) for one in (first_signature, second_signature))
    return _relay(prepared.opening_id, "open", (opening.declaration().arguments, first, second), ports)


def closing_data(opening_id: bytes, closer: Address, ports: EmergencyPorts) -> dict[str, Any]:
    """What one of the member's people signs to close early."""
    return openings.closing_data(opening_id, closer, ports.ledger.chain_id, ports.registry)


def close(opening_id: bytes, closer: Address, signature: object, ports: EmergencyPorts) -> Relayed:
    """Relay a signed closing. Raises LayoutInvalid, SignatureInvalid, TransactionReverted (closed or ended before, …)."""
    raw = _signature(signature, typed_digest(closing_data(opening_id, closer, ports)))
    return _relay(opening_id, "closeBySignature", (opening_id, closer, raw), ports)


def review_data(
    opening_id: bytes, finding: Finding, reviewer: Address, ports: EmergencyPorts
) -> dict[str, Any]:
    """What a third person signs about an opening that was closed or ran out."""
    return openings.review_data(opening_id, finding, reviewer, ports.ledger.chain_id, ports.registry)


def review(
    opening_id: bytes, finding: Finding, reviewer: Address, signature: object, ports: EmergencyPorts
) -> Relayed:
    """Relay a signed review. Raises LayoutInvalid, SignatureInvalid, TransactionReverted (still open, an opener's, …)."""
    raw = _signature(signature, typed_digest(review_data(opening_id, finding, reviewer, ports)))
    return _relay(opening_id, "reviewBySignature", (opening_id, int(finding), reviewer, raw), ports)


def worded(opening: Opening, ports: EmergencyPorts) -> Prepared:
    """An opening as both sign it, with its id."""
    typed = openings.typed_data(opening, ports.ledger.chain_id, ports.registry)
    return Prepared(opening, typed_digest(typed), typed)


def _signature(value: object, digest: bytes) -> bytes:
    """The signature's bytes; those of a key are checked for their form here, whose it must be the contract knows."""
    raw = signature_bytes(value, _WALLET_SIGNATURE)
    if len(raw) == 65:
        recover(digest, raw)
    return raw


def _relay(opening_id: bytes, function: str, arguments: tuple[Any, ...], ports: EmergencyPorts) -> Relayed:
    try:
        receipt = ports.sender.transact(_CONTRACT, function, *arguments)
    except TransactionReverted as reverted:
        if reverted.name == "OpeningSignatureInvalid":
            raise SignatureInvalid("a signature is not this person's over this opening") from None
        raise
    return Relayed(opening_id, receipt.hash, receipt.block, receipt.gas_used)
