"""Terms that a patient signed at one member's page reach the member that they are for (specification W-56).

The chain knows that a consent was granted, and nothing of what it says. Whoever brings terms under whose id the chain has a
granted consent brings what its patient signed: so anybody may, and nobody can bring anything else.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from consentry.domain import terms
from consentry.domain.addresses import Address
from consentry.domain.ledger import ConsentStatus
from consentry.domain.terms import Consent
from consentry.errors import ConsentUnknown, RecipientUnreachable
from consentry.ports.desk_values import KeptConsent
from consentry.services.author_names import require_registered
from consentry.services.consent import ConsentPorts, Shown, consent_of, kept_consent
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


def bring(asked: Any, caller: str, ports: HandingPorts) -> Shown:
    """Keep the terms of a consent to this member that its patient has granted. `caller`: a network address.

    Raises TermsInvalid, ConsentUnknown for one that is for another member or that the chain has not as granted, RateLimited.
    """
    ports.pace.take(caller)
    consent = Consent.from_json(asked)
    with ports.room.place():
        return _keep(consent, ports.consents)


def _keep(consent: Consent, ports: ConsentPorts) -> Shown:
    named = (consent.terms.recipient, consent.terms.recipient_name)
    consent_id = terms.consent_id(consent, ports.ledger.chain_id, ports.registry)
    state = ports.ledger.consent_of(consent.patient, consent_id)
    if named != (ports.site.member, ports.site.member_name) or state.status is not ConsentStatus.Granted:
        raise ConsentUnknown()
    require_registered(consent.terms.provisions, "terms", ports.ledger.members())
    if ports.book.get(consent_id) is None:
        ports.book.propose(KeptConsent(consent_id, consent, ports.clock.now(), "brought"))
    return consent_of(consent_id, ports)


def hand_on(consent_id: bytes, ports: HandingPorts) -> None:
    """Tell the recipient's gateway the terms. Raises ConsentUnknown, RecipientUnreachable."""
    consent = kept_consent(consent_id, ports.consents).consent
    place = ports.gateways.get(consent.terms.recipient)
    message = json.dumps({"consent": consent.to_json()}, ensure_ascii=False).encode("utf-8")
    if place is None or not ports.deliver(place + BROUGHT, message):
        raise RecipientUnreachable()
