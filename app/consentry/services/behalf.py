"""Consents that a mandate's representative grants and revokes for the patient (specification C-18, C-19, W-107, W-108).

The representative's page makes a consent and has it signed; the gateway checks it against the mandate, keeps both and relays
them in one step, as it does what a patient made (W-90). The contract looks at who signed and at the windows; what goes beyond
the scope it would grant all the same, and never permit: so that is refused here, and not paid for.
"""

from __future__ import annotations

from dataclasses import dataclass

from consentry.crypto.signatures import typed_digest
from consentry.domain import mandates, terms
from consentry.domain.addresses import Address
from consentry.domain.ledger import ConsentStatus
from consentry.domain.mandates import Mandate
from consentry.domain.provisions import exceeding
from consentry.domain.terms import Consent
from consentry.errors import (
    ConsentUnknown,
    MandateExceeded,
    MandateOther,
    MandateOver,
    SignatureInvalid,
    TermsInvalid,
    TransactionReverted,
)
from consentry.ports.desk_values import KeptConsent
from consentry.services.author_names import require_registered
from consentry.services.consent import (
    ConsentPorts,
    Relayed,
    Shown,
    arguments_of,
    relay,
    revocation_data,
    shown,
    wallet_signature,
)
from consentry.services.giving import Given, require_names
from consentry.services.granted_under import Under, stand

MOST_SHOWN = 100
_OVER = ("MandateNotGranted", "MandateNotInForce")


@dataclass(frozen=True)
class GrantUnder:
    """`signature` as the representative's wallet gave it, over the consent; `by` is the account that sends it."""

    consent: Consent
    mandate: Mandate
    signature: str
    by: Address


@dataclass(frozen=True)
class RevokeUnder:
    """`signature` as the representative's wallet gave it, over the revocation of `consent_id` (32 bytes)."""

    consent_id: bytes
    mandate: Mandate
    signature: str
    by: Address


def grant_under(command: GrantUnder, ports: ConsentPorts) -> Given:
    """Without a transaction where the chain had it under this mandate already: an answer was lost.

    Raises TermsInvalid, MandateOther, MandateExceeded naming the field, MandateOver, SignatureInvalid, TransactionReverted (seen
    before, too late to relay, …).
    """
    consent, mandate = command.consent, command.mandate
    under = _own(mandate, command.by, ports)
    if consent.patient != mandate.patient:
        raise TermsInvalid("patient: must be the mandate's", expression=("patient",))
    require_names(consent, ports)
    require_registered(mandate.scope.provisions, "mandate.scope", ports.ledger.members())
    require_inside(consent, mandate)
    consent_id = terms.consent_id(consent, ports.ledger.chain_id, ports.registry)
    kept = ports.book.get(consent_id)
    known, kept = kept is not None, kept or KeptConsent(consent_id, consent, ports.clock.now(), command.by)
    if _is_granted(consent_id, under, ports):  # through another gateway, perhaps
        ports.book.keep(kept)
        ports.under.settle(consent_id, under, ports.clock.now())
        return Given(consent_id, None, None)
    _require_in_force(under, ports)
    raw = wallet_signature(command.signature, consent_id)
    # kept first: terms that the chain has granted and nobody keeps would be of no use to the recipient
    ports.book.keep(kept)
    first = ports.under.keep(consent_id, under, ports.clock.now())
    try:
        asked = arguments_of(kept), mandate.arguments, raw
        relayed = relay(consent_id, "grantUnderMandateBySignature", asked, ports)
    except (SignatureInvalid, TransactionReverted) as refused:
        if _is_granted(consent_id, under, ports):
            ports.book.keep(kept)
            ports.under.settle(consent_id, under, ports.clock.now())
            return Given(consent_id, None, None)
        if first:
            ports.under.drop(consent_id)
        state = ports.ledger.consent_of(consent.patient, consent_id)
        if not known and state.status is ConsentStatus.Unknown:
            ports.book.drop(consent_id, command.by)  # what somebody else proposed, meanwhile too, stays
        if isinstance(refused, TransactionReverted) and refused.name in _OVER:
            raise MandateOver() from None
        raise
    ports.under.settle(consent_id, under, ports.clock.now())
    ports.book.granted(kept, raw, relayed.transaction, ports.clock.now())
    return Given(consent_id, relayed.transaction, relayed.block)


def revoke_under(command: RevokeUnder, ports: ConsentPorts) -> Relayed:
    """Relay the representative's revocation of what was granted under this mandate, kept here or not; also after its end (C-21).

    Raises MandateOther, ConsentUnknown, SignatureInvalid, TransactionReverted (revoked already).
    """
    consent_id, mandate = command.consent_id, command.mandate
    under = _own(mandate, command.by, ports)
    if _mandate_of(consent_id, ports) != under.mandate_id:
        raise ConsentUnknown()
    digest = typed_digest(revocation_data(mandate.patient, consent_id, ports))
    raw = wallet_signature(command.signature, digest)
    asked = consent_id, mandate.arguments, raw
    relayed = relay(consent_id, "revokeUnderMandateBySignature", asked, ports)
    ports.book.revoked(consent_id, relayed.transaction)
    return relayed


def granted_by(representative: Address, ports: ConsentPorts) -> tuple[tuple[Shown, Under], ...]:
    """What the chain has as granted under a mandate of this account, of the newest that this gateway keeps, the newest first,
    with how it stands now: what is kept before it is sent, or was lost on the way, is none of it."""
    under = ports.under.by(representative, MOST_SHOWN)
    kept = [one for one in map(ports.book.get, under) if one is not None]
    return tuple(
        (shown(one, stands.state, ports), stands.under)
        for one, stands in zip(kept, stand(kept, ports.ledger, ports.under), strict=True)
        if stands.under is not None
    )


def require_inside(consent: Consent, mandate: Mandate) -> None:
    """Each provision lies in one of the scope, and the window in the mandate's: what does not could never be used.

    Raises MandateExceeded naming the field.
    """
    for name, beyond in (
        ("validFrom", consent.valid_from < mandate.valid_from),
        ("validUntil", consent.valid_until > mandate.valid_until),
    ):
        if beyond:
            _exceeded(name)
    for index, provision in enumerate(consent.terms.provisions):
        beyond_each = [exceeding(provision, one) for one in mandate.scope.provisions]
        if None not in beyond_each:
            _exceeded(f"terms.provisions[{index}].{beyond_each[0]}")


def _exceeded(where: str) -> None:
    raise MandateExceeded(f"{where}: goes beyond the mandate", expression=(where,))


def _own(mandate: Mandate, by: Address, ports: ConsentPorts) -> Under:
    """Raises MandateOther."""
    if mandate.representative != by:
        raise MandateOther()
    return Under(mandates.mandate_id(mandate, ports.ledger.chain_id, ports.registry), mandate)


def _require_in_force(under: Under, ports: ConsentPorts) -> None:
    """Raises MandateOver."""
    state = ports.ledger.consent_of(under.mandate.patient, under.mandate_id)
    now = ports.clock.now()
    if state.status is not ConsentStatus.Granted or not state.valid_from <= now < state.valid_until:
        raise MandateOver()


def _is_granted(consent_id: bytes, under: Under, ports: ConsentPorts) -> bool:
    state = ports.ledger.consent_of(under.mandate.patient, consent_id)
    return state.status is ConsentStatus.Granted and _mandate_of(consent_id, ports) == under.mandate_id


def _mandate_of(consent_id: bytes, ports: ConsentPorts) -> bytes | None:
    return ports.ledger.evaluate([ports.ledger.mandate_of_call(consent_id)])[0].get()
