"""Whom a patient is asked to let read: members that are suspended or expelled are released nothing (specification C-24, C-25)."""

from __future__ import annotations

from collections.abc import Iterable

from consentry.domain.addresses import Address
from consentry.domain.ledger import MemberInfo, MemberStatus
from consentry.errors import MemberExpelled, MemberSuspended
from consentry.services.consent import ConsentPorts, Shown, Status, consents_of


def require_active(member: Address, members: Iterable[MemberInfo]) -> None:
    """Raises MemberSuspended, MemberExpelled (also for what never was a member)."""
    found = {one.address: one.status for one in members}.get(member)
    if found is MemberStatus.Suspended:
        raise MemberSuspended()
    if found is not MemberStatus.Active:
        raise MemberExpelled()


def require_grantable(consent_id: bytes, ports: ConsentPorts) -> None:
    """Of a consent that is kept here, if any. Raises what `require_active` does of its recipient."""
    kept = ports.book.get(consent_id)
    if kept is not None:
        require_active(kept.consent.terms.recipient, ports.ledger.members())


def offered_to(patient: Address, ports: ConsentPorts) -> tuple[Shown, ...]:
    """As `consents_of`, without what waits for a signature in favour of one that is not active: it is back once that is."""
    found = consents_of(patient, ports)
    if not any(one.status is Status.PROPOSED for one in found):
        return found
    active = {one.address for one in ports.ledger.members() if one.status is MemberStatus.Active}
    return tuple(
        one
        for one in found
        if one.status is not Status.PROPOSED or one.kept.consent.terms.recipient in active
    )
