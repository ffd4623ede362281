"""Showing, granting, replacing and revoking consents at a gateway (design §4, §6; specification C-3 to C-6, C-15).

The gateway relays signatures and pays for them; it can neither grant nor revoke by itself. What it keeps is a proposal;
whether it holds is the chain's word alone.

    proposed ── grant ──> active ── validUntil ──> expired
        │                   └────── revoke ──────> revoked
        ├── revoke ──> revoked (a signature in flight no longer counts)
        └── relayBefore ──> expired
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from consentry.crypto.signatures import recover, typed_digest
from consentry.domain import replacement, revocation, terms
from consentry.domain.addresses import Address
from consentry.domain.ledger import ConsentState, ConsentStatus
from consentry.domain.mandates import Mandate
from consentry.domain.terms import ANY, Consent
from consentry.errors import (
    ConsentSigned,
    ConsentUnknown,
    SignatureInvalid,
    TransactionReverted,
)
from consentry.ports import Clock, Ledger, Sender
from consentry.ports.desk_values import KeptConsent
from consentry.services.consent_book import ConsentBook
from consentry.services.granted_under import UnderMandates, stand
from consentry.services.pace import Pace, relay_pace
from consentry.services.personal_message import signature_bytes
from consentry.services.sign_in import Site

_WALLET_SIGNATURE = 4_096
_NOT_THE_SIDES = "the signature is not the patient's side's over this consent"
_NOT_SIGNED = {
    "ConsentSignatureInvalid": _NOT_THE_SIDES,
    "IdentitySignatureInvalid": _NOT_THE_SIDES,
    "MandateSignatureInvalid": "the signature is not that of the mandate's representative over this consent",
}


class Status(StrEnum):
    PROPOSED = "proposed"
    ACTIVE = "active"
    REVOKED = "revoked"
    EXPIRED = "expired"


@dataclass(frozen=True)
class ConsentPorts:
    site: Site
    ledger: Ledger
    sender: Sender
    book: ConsentBook
    under: UnderMandates
    clock: Clock
    relays: Pace = field(default_factory=relay_pace)

    @property
    def registry(self) -> Address:
        return Address(self.ledger.address_of("ConsentRegistry"))


@dataclass(frozen=True)
class Shown:
    """A consent as a patient sees it; `changed_at` in seconds, 0 while the chain does not know it."""

    kept: KeptConsent
    status: Status
    changed_at: int


@dataclass(frozen=True)
class Replace:
    """The kept proposal `consent_id` for the consent `replaced` (32 bytes each); `signature` as the wallet gave it."""

    replaced: bytes
    consent_id: bytes
    signature: str


@dataclass(frozen=True)
class Relayed:
    consent_id: bytes
    transaction: bytes
    block: int
    gas_used: int


def kept_consent(consent_id: bytes, ports: ConsentPorts) -> KeptConsent:
    """Raises ConsentUnknown."""
    kept = ports.book.get(consent_id)
    if kept is None:
        raise ConsentUnknown()
    return kept


def consents_of(patient: Address, ports: ConsentPorts) -> tuple[Shown, ...]:
    """What was proposed to this patient here, the newest first, with what the chain says of each now."""
    kept = ports.book.of_patient(patient)
    return tuple(shown(one, state, ports) for one, state in zip(kept, states_of(kept, ports), strict=True))


def consent_of(consent_id: bytes, ports: ConsentPorts) -> Shown:
    """Raises ConsentUnknown."""
    kept = kept_consent(consent_id, ports)
    return shown(kept, states_of((kept,), ports)[0], ports)


def active_for(
    patient: Address, purpose: str, ports: ConsentPorts
) -> tuple[tuple[Consent, Mandate | None], ...]:
    """The patient's consents to this member that hold on chain now and say this purpose, each with the mandate under which it
    was granted, if any."""
    kept = tuple(
        one
        for one in ports.book.of_patient(patient)
        if one.consent.terms.recipient == ports.site.member and _says(one.consent, purpose)
    )
    now = ports.clock.now()
    return tuple(
        (one.consent, None if stands.under is None else stands.under.mandate)
        for one, stands in zip(kept, stand(kept, ports.ledger, ports.under), strict=True)
        if _holds(stands.state, now)
    )


def grant(consent_id: bytes, signature: str, ports: ConsentPorts) -> Relayed:
    """Relay the patient's signature over a kept proposal.

    Raises ConsentUnknown, SignatureInvalid, TransactionReverted (seen before, too late to relay, …).
    """
    kept = kept_consent(consent_id, ports)
    raw = wallet_signature(signature, consent_id)
    relayed = relay(consent_id, "grantBySignature", (arguments_of(kept), raw), ports)
    ports.book.granted(kept, raw, relayed.transaction, ports.clock.now())
    return relayed


def replacement_data(replaced: bytes, consent_id: bytes, ports: ConsentPorts) -> dict[str, Any]:
    """What the patient's side signs so that a kept proposal takes the place of a consent. Raises ConsentUnknown."""
    consent = kept_consent(consent_id, ports).consent
    return replacement.typed_data(replaced, consent, ports.ledger.chain_id, ports.registry)


def replace(command: Replace, ports: ConsentPorts) -> Relayed:
    """Relay one signature that revokes a consent and grants another: both or neither.

    Raises ConsentUnknown, SignatureInvalid, TransactionReverted (the old one is not granted, or revoked already, …).
    """
    kept = kept_consent(command.consent_id, ports)
    data = replacement_data(command.replaced, command.consent_id, ports)
    raw = wallet_signature(command.signature, typed_digest(data))
    arguments = (command.replaced, arguments_of(kept), raw)
    relayed = relay(command.consent_id, "replaceBySignature", arguments, ports)
    ports.book.granted(kept, raw, relayed.transaction, ports.clock.now())
    ports.book.revoked(command.replaced, relayed.transaction)
    return relayed


def drop(consent_id: bytes, ports: ConsentPorts) -> None:
    """Take a proposal off the book that nobody has signed. Raises ConsentUnknown, ConsentSigned."""
    kept = kept_consent(consent_id, ports)
    if ports.ledger.consent_of(kept.consent.patient, consent_id).status is not ConsentStatus.Unknown:
        raise ConsentSigned()
    ports.book.drop(consent_id, kept.proposed_by)


def revocation_data(patient: Address, consent_id: bytes, ports: ConsentPorts) -> dict[str, Any]:
    """What the patient's side signs to revoke."""
    return revocation.typed_data(patient, consent_id, ports.ledger.chain_id, ports.registry)


def revoke(patient: Address, consent_id: bytes, signature: str, ports: ConsentPorts) -> Relayed:
    """Relay a signed revocation of what is kept here or known on chain (G-9).

    Raises ConsentUnknown, SignatureInvalid, TransactionReverted (revoked already).
    """
    kept = ports.book.get(consent_id)
    held = kept is not None and kept.consent.patient == patient
    if not held and ports.ledger.consent_of(patient, consent_id).status is ConsentStatus.Unknown:
        raise ConsentUnknown()
    raw = wallet_signature(signature, typed_digest(revocation_data(patient, consent_id, ports)))
    relayed = relay(consent_id, "revokeBySignature", (patient, consent_id, raw), ports)
    ports.book.revoked(consent_id, relayed.transaction)
    return relayed


def typed_data(consent: Consent, ports: ConsentPorts) -> dict[str, Any]:
    """What the patient's wallet shows and signs to grant."""
    return terms.typed_data(consent, ports.ledger.chain_id, ports.registry)


def states_of(kept: Sequence[KeptConsent], ports: ConsentPorts) -> tuple[ConsentState, ...]:
    return tuple(one.state for one in stand(kept, ports.ledger, ports.under))


def _holds(state: ConsentState, now: int) -> bool:
    return state.status is ConsentStatus.Granted and state.valid_from <= now < state.valid_until


def shown(kept: KeptConsent, state: ConsentState, ports: ConsentPorts) -> Shown:
    now = ports.clock.now()
    if state.status is ConsentStatus.Revoked:
        status = Status.REVOKED
    elif state.status is ConsentStatus.Granted:
        status = Status.ACTIVE if now < state.valid_until else Status.EXPIRED
    else:
        status = Status.PROPOSED if now <= kept.consent.relay_before else Status.EXPIRED
    return Shown(kept, status, state.changed_at)


def arguments_of(kept: KeptConsent) -> tuple[Any, ...]:
    """`IConsentRegistry.Grant`, what a transaction carries."""
    given = kept.consent.grant()
    return given.patient, given.terms_hash, given.valid_from, given.valid_until, given.relay_before


def _says(consent: Consent, purpose: str) -> bool:
    return any(
        provision.purposes == (ANY,) or purpose in provision.purposes
        for provision in consent.terms.provisions
    )


def wallet_signature(value: str, digest: bytes) -> bytes:
    """The signature's bytes. Those of a key are checked for their form here; whose it must be, the contract knows:
    a wallet contract answers for itself (C-3), and an estimate that reverts sends nothing."""
    raw = signature_bytes(value, _WALLET_SIGNATURE)
    if len(raw) == 65:
        recover(digest, raw)
    return raw


def relay(consent_id: bytes, function: str, arguments: tuple[Any, ...], ports: ConsentPorts) -> Relayed:
    try:
        receipt = ports.sender.transact("ConsentRegistry", function, *arguments)
    except TransactionReverted as reverted:
        if reverted.name in _NOT_SIGNED:
            raise SignatureInvalid(_NOT_SIGNED[reverted.name]) from None
        raise
    return Relayed(consent_id, receipt.hash, receipt.block, receipt.gas_used)
