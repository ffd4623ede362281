"""Terms that a patient signed at one member's page reach the member that they are for (specification W-56).

The chain knows that a consent was granted, and nothing of what it says. Whoever brings terms under whose id the chain has a
granted consent brings what was signed: so anybody may, and nobody can bring anything else. What was granted under a mandate
is brought with that mandate, which the chain names.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from consentry.domain import mandates, terms
from consentry.domain.addresses import Address
from consentry.domain.ledger import ConsentStatus
from consentry.domain.mandates import Mandate
from consentry.domain.terms import Consent
from consentry.errors import ConsentUnknown, RecipientUnreachable, TermsInvalid
from consentry.ports.desk_values import KeptConsent
from consentry.services.author_names import require_registered
from consentry.services.consent import ConsentPorts, Shown, consent_of, kept_consent
from consentry.services.granted_under import Under, agreed
from consentry.services.pace import Pace, Room

BROUGHT = "/api/consents/brought"
PER_SECOND, BURST = 2.0, 60
"""Of one network address, which may be another member's gateway, with the consents of all its patients."""
MOST_UNDER_WAY = 2


@dataclass(frozen=True)
class HandingPorts:
    """`gateways`: origins of other members' gateways, by account. `deliver` POSTs a message to an address, and gives whether
    it was taken. `pace` counts what is brought by the network address it comes from: whoever is named in it spends nothing."""

    consents: ConsentPorts
    gateways: Mapping[Address, str]
    deliver: Callable[[str, bytes], bool]
    pace: Pace = field(default_factory=lambda: Pace(PER_SECOND, BURST))
    room: Room = field(default_factory=lambda: Room(MOST_UNDER_WAY))


def bring(asked: Any, shown: Any, caller: str, ports: HandingPorts) -> Shown:
    """Keep the terms of a consent to this member that its patient has granted, with the mandate under which it was granted
    (`shown`; None for none). `caller`: a network address.

    Raises TermsInvalid, ConsentUnknown for one that is for another member or that the chain has not as granted, RateLimited.
    """
    ports.pace.take(caller)
    consent = Consent.from_json(asked)
    mandate = None if shown is None else Mandate.from_json(shown)
    with ports.room.place():
        return _keep(consent, mandate, ports.consents)


def _keep(consent: Consent, mandate: Mandate | None, ports: ConsentPorts) -> Shown:
    named = (consent.terms.recipient, consent.terms.recipient_name)
    consent_id = terms.consent_id(consent, ports.ledger.chain_id, ports.registry)
    state = ports.ledger.consent_of(consent.patient, consent_id)
    if named != (ports.site.member, ports.site.member_name) or state.status is not ConsentStatus.Granted:
        raise ConsentUnknown()
    members = ports.ledger.members()
    require_registered(consent.terms.provisions, "terms", members)
    under = _under(consent_id, mandate, ports)
    if under is None:
        ports.under.drop(consent_id)  # kept before it was sent, perhaps: the chain names none
    else:
        require_registered(under.mandate.scope.provisions, "mandate.scope", members)
        ports.under.settle(consent_id, under, ports.clock.now())
    ports.book.keep(KeptConsent(consent_id, consent, ports.clock.now(), "brought"))
    return consent_of(consent_id, ports)


def _under(consent_id: bytes, mandate: Mandate | None, ports: ConsentPorts) -> Under | None:
    """Raises TermsInvalid unless what is shown is the mandate by which the chain has it as granted."""
    known = ports.ledger.evaluate([ports.ledger.mandate_of_call(consent_id)])[0].get()
    named = None if mandate is None else mandates.mandate_id(mandate, ports.ledger.chain_id, ports.registry)
    if known != named:
        raise TermsInvalid(
            "mandate: must be the one under which it was granted, if any", expression=("mandate",)
        )
    return None if mandate is None or named is None else Under(named, mandate)


def hand_on(consent_id: bytes, ports: HandingPorts) -> None:
    """Tell the recipient's gateway the terms. Raises ConsentUnknown, RecipientUnreachable."""
    consent = kept_consent(consent_id, ports.consents).consent
    place = ports.gateways.get(consent.terms.recipient)
    under = agreed([consent_id], ports.consents.ledger, ports.consents.under).get(consent_id)
    # without one as before: the recipient's gateway may be of an older version
    shown = {} if under is None else {"mandate": under.mandate.to_json()}
    message = json.dumps({"consent": consent.to_json()} | shown, ensure_ascii=False).encode("utf-8")
    if place is None or not ports.deliver(place + BROUGHT, message):
        raise RecipientUnreachable()
