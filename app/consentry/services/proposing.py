"""Proposals: what a hospital asks of a patient (specification C-11).

The gateway says who receives by the name that the chain has registered, and makes the salt.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from consentry.domain import fields, terms, times
from consentry.domain.addresses import Address
from consentry.domain.ledger import MemberInfo
from consentry.domain.terms import Consent, Terms
from consentry.errors import LayoutInvalid, TermsInvalid
from consentry.ports.desk_values import KeptConsent
from consentry.services.author_names import require_registered
from consentry.services.consent import ConsentPorts, Shown, Status
from consentry.services.recipients import require_active

RELAY_SECONDS = 30 * 24 * 3600


@dataclass(frozen=True)
class Propose:
    """`terms` as JSON with roles, provisions and maxUses; who receives, the salt and relayBefore are the gateway's to say.

    `by` names the client or account that proposes.
    """

    patient: Address
    terms: Any
    valid_from: str
    valid_until: str
    by: str


def propose(command: Propose, ports: ConsentPorts) -> Shown:
    """Check and keep a proposal. Raises TermsInvalid naming the field (C-11), MemberSuspended and MemberExpelled (C-24)."""
    members = ports.ledger.members()
    require_active(ports.site.member, members)
    now = ports.clock.now()
    valid_until = times.seconds(command.valid_until, "validUntil", TermsInvalid)
    if valid_until <= now:
        raise TermsInvalid("validUntil: must be in the future", expression=("validUntil",))
    consent = Consent(
        patient=command.patient,
        terms=_terms(command, members, ports),
        valid_from=times.seconds(command.valid_from, "validFrom", TermsInvalid),
        valid_until=valid_until,
        relay_before=min(valid_until, now + RELAY_SECONDS),
    )
    consent_id = terms.consent_id(consent, ports.ledger.chain_id, ports.registry)
    kept = KeptConsent(consent_id, consent, now, command.by)
    ports.book.propose(kept)
    return Shown(kept, Status.PROPOSED, 0)


def _terms(command: Propose, members: Iterable[MemberInfo], ports: ConsentPorts) -> Terms:
    try:
        got = fields.exact(command.terms, ("roles", "provisions", "maxUses"), "terms")
    except LayoutInvalid as refused:
        raise TermsInvalid(refused.diagnostics, expression=refused.expression) from None
    own = {"recipient": ports.site.member, "recipientName": ports.site.member_name}
    made = Terms.from_json(got | own | {"salt": fields.to_hex(secrets.token_bytes(32))})
    require_registered(made.provisions, "terms", members)
    return made
