"""Proposing, showing, granting and revoking consents at a gateway (design §4, §6; specification C-3 to C-6, C-11).

The gateway relays signatures and pays for them; it can neither grant nor revoke by itself. What it keeps is a proposal;
whether it holds is the chain's word alone.

    proposed ── grant ──> active ── validUntil ──> expired
        │                   └────── revoke ──────> revoked
        ├── revoke ──> revoked (a signature in flight no longer counts)
        └── relayBefore ──> expired
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from consentry.crypto.signatures import recover, typed_digest
from consentry.domain import fields, revocation, terms, times
from consentry.domain.addresses import Address
from consentry.domain.ledger import ConsentState, ConsentStatus
from consentry.domain.terms import ANY, Consent, Terms
from consentry.errors import (
    ConsentUnknown,
    LayoutInvalid,
    SignatureInvalid,
    TermsInvalid,
    TransactionReverted,
)
from consentry.ports import Clock, Ledger, Sender
from consentry.ports.desk_values import KeptConsent
from consentry.services.consent_book import ConsentBook
from consentry.services.pace import Pace, relay_pace
from consentry.services.personal_message import signature_bytes
from consentry.services.sign_in import Site

RELAY_SECONDS = 30 * 24 * 3600
_WALLET_SIGNATURE = 4_096
_NOT_SIGNED = ("ConsentSignatureInvalid", "IdentitySignatureInvalid")


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
    clock: Clock
    relays: Pace = field(default_factory=relay_pace)

    @property
    def registry(self) -> Address:
        return Address(self.ledger.address_of("ConsentRegistry"))


@dataclass(frozen=True)
class Propose:
    """`terms` as JSON with roles, provisions and maxUses; who receives, the salt and relayBefore are the gateway's to say.

    `by` names the client or staff account that proposes.
    """

    patient: Address
    terms: Any
    valid_from: str
    valid_until: str
    by: str


@dataclass(frozen=True)
class Shown:
    """A consent as a patient sees it; `changed_at` in seconds, 0 while the chain does not know it."""

    kept: KeptConsent
    status: Status
    changed_at: int


@dataclass(frozen=True)
class Relayed:
    consent_id: bytes
    transaction: bytes
    block: int
    gas_used: int


def propose(command: Propose, ports: ConsentPorts) -> Shown:
    """Check and keep a proposal for this member. Raises TermsInvalid naming the field (C-11)."""
    now = ports.clock.now()
    valid_until = times.seconds(command.valid_until, "validUntil", TermsInvalid)
    if valid_until <= now:
        raise TermsInvalid("validUntil: must be in the future", expression=("validUntil",))
    consent = Consent(
        patient=command.patient,
        terms=_terms(command.terms, ports),
        valid_from=times.seconds(command.valid_from, "validFrom", TermsInvalid),
        valid_until=valid_until,
        relay_before=min(valid_until, now + RELAY_SECONDS),
    )
    consent_id = terms.consent_id(consent, ports.ledger.chain_id, ports.registry)
    kept = KeptConsent(consent_id, consent, now, command.by)
    ports.book.propose(kept)
    return Shown(kept, Status.PROPOSED, 0)


def kept_consent(consent_id: bytes, ports: ConsentPorts) -> KeptConsent:
    """Raises ConsentUnknown."""
    kept = ports.book.get(consent_id)
    if kept is None:
        raise ConsentUnknown()
    return kept


def consents_of(patient: Address, ports: ConsentPorts) -> tuple[Shown, ...]:
    """What was proposed to this patient here, the newest first, with what the chain says of each now."""
    kept = ports.book.of_patient(patient)
    return tuple(_shown(one, state, ports) for one, state in zip(kept, _states(kept, ports), strict=True))


def consent_of(consent_id: bytes, ports: ConsentPorts) -> Shown:
    """Raises ConsentUnknown."""
    kept = kept_consent(consent_id, ports)
    return _shown(kept, ports.ledger.consent_of(kept.consent.patient, consent_id), ports)


def active_for(patient: Address, purpose: str, ports: ConsentPorts) -> tuple[Consent, ...]:
    """The patient's consents to this member that hold on chain now and say this purpose."""
    kept = tuple(
        one
        for one in ports.book.of_patient(patient)
        if one.consent.terms.recipient == ports.site.member and _says(one.consent, purpose)
    )
    now = ports.clock.now()
    return tuple(
        one.consent
        for one, state in zip(kept, _states(kept, ports), strict=True)
        if state.status is ConsentStatus.Granted and state.valid_from <= now < state.valid_until
    )


def grant(consent_id: bytes, signature: str, ports: ConsentPorts) -> Relayed:
    """Relay the patient's signature over a kept proposal.

    Raises ConsentUnknown, SignatureInvalid, TransactionReverted (seen before, too late to relay, …).
    """
    kept = kept_consent(consent_id, ports)
    raw = _signature(signature, consent_id)
    given = kept.consent.grant()
    arguments = (given.patient, given.terms_hash, given.valid_from, given.valid_until, given.relay_before)
    relayed = _relay(consent_id, "grantBySignature", (arguments, raw), ports)
    ports.book.granted(kept, raw, relayed.transaction, ports.clock.now())
    return relayed


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
    raw = _signature(signature, typed_digest(revocation_data(patient, consent_id, ports)))
    relayed = _relay(consent_id, "revokeBySignature", (patient, consent_id, raw), ports)
    ports.book.revoked(consent_id, relayed.transaction)
    return relayed


def typed_data(consent: Consent, ports: ConsentPorts) -> dict[str, Any]:
    """What the patient's wallet shows and signs to grant."""
    return terms.typed_data(consent, ports.ledger.chain_id, ports.registry)


def _terms(asked: Any, ports: ConsentPorts) -> Terms:
    try:
        got = fields.exact(asked, ("roles", "provisions", "maxUses"), "terms")
    except LayoutInvalid as refused:
        raise TermsInvalid(refused.diagnostics, expression=refused.expression) from None
    filled = {
        **got,
        "recipient": ports.site.member,
        "recipientName": ports.site.member_name,
        "salt": fields.to_hex(secrets.token_bytes(32)),
    }
    made = Terms.from_json(filled)
    registered = {member.name for member in ports.ledger.members()} | {ANY}
    for index, provision in enumerate(made.provisions):
        if not registered.issuperset(provision.authors):
            where = f"terms.provisions[{index}].authors"
            raise TermsInvalid(f"{where}: must be registered names of members", expression=(where,))
    return made


def _states(kept: Sequence[KeptConsent], ports: ConsentPorts) -> tuple[ConsentState, ...]:
    if not kept:
        return ()
    calls = [ports.ledger.consent_call(one.consent.patient, one.consent_id) for one in kept]
    return tuple(answer.get() for answer in ports.ledger.evaluate(calls))


def _shown(kept: KeptConsent, state: ConsentState, ports: ConsentPorts) -> Shown:
    now = ports.clock.now()
    if state.status is ConsentStatus.Revoked:
        status = Status.REVOKED
    elif state.status is ConsentStatus.Granted:
        status = Status.ACTIVE if now < state.valid_until else Status.EXPIRED
    else:
        status = Status.PROPOSED if now <= kept.consent.relay_before else Status.EXPIRED
    return Shown(kept, status, state.changed_at)


def _says(consent: Consent, purpose: str) -> bool:
    return any(
        provision.purposes == (ANY,) or purpose in provision.purposes
        for provision in consent.terms.provisions
    )


def _signature(value: str, digest: bytes) -> bytes:
    """The signature's bytes. Those of a key are checked for their form here; whose it must be, the contract knows:
    a wallet contract answers for itself (C-3), and an estimate that reverts sends nothing."""
    raw = signature_bytes(value, _WALLET_SIGNATURE)
    if len(raw) == 65:
        recover(digest, raw)
    return raw


def _relay(consent_id: bytes, function: str, arguments: tuple[Any, ...], ports: ConsentPorts) -> Relayed:
    try:
        receipt = ports.sender.transact("ConsentRegistry", function, *arguments)
    except TransactionReverted as reverted:
        if reverted.name in _NOT_SIGNED:
            raise SignatureInvalid("the signature is not the patient's side's over this consent") from None
        raise
    return Relayed(consent_id, receipt.hash, receipt.block, receipt.gas_used)
