"""Consents that a patient's page made and had signed before any gateway heard of them (specification W-90).

The gateway checks them as it checks what it makes itself, and keeps and relays them in one step: nothing that nobody signed
is kept.
"""

from __future__ import annotations

from dataclasses import dataclass

from consentry.domain import terms
from consentry.domain.ledger import ConsentStatus, MemberStatus
from consentry.domain.terms import Consent
from consentry.errors import SignatureInvalid, TermsInvalid, TransactionReverted
from consentry.ports.desk_values import KeptConsent
from consentry.services.author_names import require_registered
from consentry.services.consent import ConsentPorts, Replace, grant, replace


@dataclass(frozen=True)
class Give:
    """`signature` as the wallet gave it, over the consent, or over its replacement of `replaces` (32 bytes). `by` names the
    account that gives it."""

    consent: Consent
    signature: str
    replaces: bytes | None
    by: str


@dataclass(frozen=True)
class Given:
    """`transaction` and `block` are None where the chain had it already: an answer was lost."""

    consent_id: bytes
    transaction: bytes | None
    block: int | None


def give(command: Give, ports: ConsentPorts) -> Given:
    """Raises TermsInvalid naming the field, SignatureInvalid, TransactionReverted (seen before, too late to relay, …)."""
    consent = command.consent
    require_names(consent, ports)
    consent_id = terms.consent_id(consent, ports.ledger.chain_id, ports.registry)
    # kept first: terms that the chain has granted and nobody keeps would be of no use to the recipient
    kept = KeptConsent(consent_id, consent, ports.clock.now(), command.by)
    ports.book.keep(kept)
    try:
        if command.replaces is None:
            relayed = grant(consent_id, command.signature, ports)
        else:
            relayed = replace(Replace(command.replaces, consent_id, command.signature), ports)
    except (SignatureInvalid, TransactionReverted):
        status = ports.ledger.consent_of(consent.patient, consent_id).status
        if status is ConsentStatus.Granted:
            ports.book.keep(kept)  # another's, refused meanwhile, may have taken it off the book
            return Given(consent_id, None, None)
        if status is ConsentStatus.Unknown:
            ports.book.drop(consent_id, command.by)
        raise
    return Given(consent_id, relayed.transaction, relayed.block)


def require_names(consent: Consent, ports: ConsentPorts) -> None:
    """Raises TermsInvalid: what names nobody permits nothing, and is not paid for."""
    members = ports.ledger.members()
    said = (consent.terms.recipient, consent.terms.recipient_name)
    if said not in {(one.address, one.name) for one in members if one.status is MemberStatus.Active}:
        where = "terms.recipient"
        raise TermsInvalid(f"{where}: must be an active member by its registered name", expression=(where,))
    require_registered(consent.terms.provisions, "terms", members)
