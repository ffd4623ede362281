"""What a member's desk sees of consents: what it asked for, and what patients gave the member (specification W-46, W-70)."""

from __future__ import annotations

from consentry.domain.addresses import Address, is_account
from consentry.domain.ledger import ConsentState
from consentry.ports.desk_values import KeptConsent
from consentry.services.consent import ConsentPorts, Shown, Status, shown, states_of

MOST = 200
MOST_WAITING = 20
"""A page looks every few seconds, and the chain is asked about each: of older ones it learns when it is drawn anew."""


def proposed_by(by: str, ports: ConsentPorts) -> tuple[Shown, ...]:
    """What this client or staff account proposed here, the newest first, with what the chain says of each now."""
    kept = ports.book.proposed_by(by, MOST)
    return tuple(shown(one, state, ports) for one, state in zip(kept, states_of(kept, ports), strict=True))


def waiting_of(by: str, ports: ConsentPorts) -> tuple[bytes, ...]:
    """The ids of what this account proposed here and the patient's side has not answered: neither signed nor dropped. The newest:
    what was answered elsewhere takes no place of what waits, so that further ones are asked about only as far as it does."""
    now = ports.clock.now()
    kept = [
        one
        for one in ports.book.proposed_by(by, MOST)
        if one.transaction is None and now <= one.consent.relay_before
    ]
    waiting: list[bytes] = []
    for start in range(0, len(kept), MOST_WAITING):
        some = kept[start : start + MOST_WAITING]
        stands = zip(some, states_of(some, ports), strict=True)
        waiting += [
            one.consent_id for one, state in stands if shown(one, state, ports).status is Status.PROPOSED
        ]
        if len(waiting) >= MOST_WAITING:
            break
    return tuple(waiting[:MOST_WAITING])


def at_desk(patient: Address, ports: ConsentPorts) -> tuple[Shown, ...]:
    """As `consents_of`, without what is none of the desk's: consents to other members, and drafts of the patient's own."""
    kept = tuple(one for one in ports.book.of_patient(patient) if _to_us(one, ports))
    states = states_of(kept, ports)
    return tuple(
        shown(one, state, ports)
        for one, state in zip(kept, states, strict=True)
        if _was_given(state) or _proposed_here(one, ports)
    )


def is_at_desk(kept: KeptConsent, ports: ConsentPorts) -> bool:
    """Whether it is among those of its patient that `at_desk` gives."""
    return _to_us(kept, ports) and (
        _proposed_here(kept, ports)
        or _was_given(ports.ledger.consent_of(kept.consent.patient, kept.consent_id))
    )


def _to_us(kept: KeptConsent, ports: ConsentPorts) -> bool:
    return kept.consent.terms.recipient == ports.site.member


def _was_given(state: ConsentState) -> bool:
    """Whether the patient's side ever granted it: what was revoked before that has no window on chain."""
    return state.valid_until > 0


def _proposed_here(kept: KeptConsent, ports: ConsentPorts) -> bool:
    """Whether the desk itself asked for it. Whoever acts for the patient, or did and is no staff, put it together with them."""
    by = kept.proposed_by
    if not is_account(by):
        return True  # one of the member's systems
    staff = ports.ledger.staff(by)
    return (
        staff is not None
        and staff.member == ports.site.member
        and not ports.ledger.acts_for(kept.consent.patient, by)
    )
