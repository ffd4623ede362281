"""Proposals: what a hospital asks of a patient, and what patients put together themselves (specification C-11, W-45).

Whoever proposes, the gateway says who receives by the name that the chain has registered, and makes the salt.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from consentry.domain import fields, terms, times
from consentry.domain.addresses import Address
from consentry.domain.ledger import MemberInfo, MemberStatus
from consentry.domain.terms import Consent, Terms
from consentry.errors import LayoutInvalid, ProposalsTooMany, TermsInvalid
from consentry.ports.desk_values import KeptConsent
from consentry.services.author_names import require_registered
from consentry.services.consent import ConsentPorts, Shown, Status, consents_of

RELAY_SECONDS = 30 * 24 * 3600
MOST_OWN = 30
"""Proposals of its own that one patient may have open at a gateway."""


@dataclass(frozen=True)
class Propose:
    """`terms` as JSON with roles, provisions and maxUses; who receives, the salt and relayBefore are the gateway's to say.

    `by` names the client or account that proposes; `recipient` is a member, None this gateway's own.
    """

    patient: Address
    terms: Any
    valid_from: str
    valid_until: str
    by: str
    recipient: Address | None = None


def propose(command: Propose, ports: ConsentPorts) -> Shown:
    """Check and keep a proposal. Raises TermsInvalid naming the field (C-11)."""
    now = ports.clock.now()
    valid_until = times.seconds(command.valid_until, "validUntil", TermsInvalid)
    if valid_until <= now:
        raise TermsInvalid("validUntil: must be in the future", expression=("validUntil",))
    consent = Consent(
        patient=command.patient,
        terms=_terms(command, ports),
        valid_from=times.seconds(command.valid_from, "validFrom", TermsInvalid),
        valid_until=valid_until,
        relay_before=min(valid_until, now + RELAY_SECONDS),
    )
    consent_id = terms.consent_id(consent, ports.ledger.chain_id, ports.registry)
    kept = KeptConsent(consent_id, consent, now, command.by)
    ports.book.propose(kept)
    return Shown(kept, Status.PROPOSED, 0)


def propose_own(command: Propose, ports: ConsentPorts) -> Shown:
    """As `propose`, for the patient's side itself. Raises TermsInvalid, ProposalsTooMany."""
    waiting = (one for one in consents_of(command.patient, ports) if one.status is Status.PROPOSED)
    if sum(one.kept.proposed_by == command.by for one in waiting) >= MOST_OWN:
        raise ProposalsTooMany()
    return propose(command, ports)


def _terms(command: Propose, ports: ConsentPorts) -> Terms:
    try:
        got = fields.exact(command.terms, ("roles", "provisions", "maxUses"), "terms")
    except LayoutInvalid as refused:
        raise TermsInvalid(refused.diagnostics, expression=refused.expression) from None
    members = ports.ledger.members()
    filled = got | _recipient(command, members, ports) | {"salt": fields.to_hex(secrets.token_bytes(32))}
    made = Terms.from_json(filled)
    require_registered(made.provisions, "terms", members)
    return made


def _recipient(command: Propose, members: tuple[MemberInfo, ...], ports: ConsentPorts) -> dict[str, str]:
    if command.recipient is None or command.recipient == ports.site.member:
        return {"recipient": ports.site.member, "recipientName": ports.site.member_name}
    for one in members:
        if one.address == command.recipient and one.status is MemberStatus.Active:
            return {"recipient": one.address, "recipientName": one.name}
    raise TermsInvalid("recipient: must be a member that is active now", expression=("recipient",))
