"""What is new for a patient besides emergency openings: consents that are asked for, members that were suspended, and what
this member answered (W-19).

Nothing of it is kept: proposals and petitions are in the desk's book, suspensions on the chain. Only what was seen is noted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from consentry.domain import fields
from consentry.domain.addresses import Address, is_account
from consentry.domain.ledger import MemberStatus
from consentry.errors import NewsUnknown
from consentry.ports.desk_values import KeptConsent
from consentry.ports.news import Kind, SeenBook
from consentry.ports.petitions import Petitions
from consentry.services import notifying
from consentry.services.consent import ConsentPorts, Shown, Status
from consentry.services.link import LinkPorts
from consentry.services.opening_desk import OpeningPorts
from consentry.services.own_link import waiting_for
from consentry.services.recipients import offered_to

ANSWER_SEEN_SECONDS: Final = 30 * 86_400
"""How long an answer that was seen stands in the list still."""


@dataclass(frozen=True)
class News:
    """`subject`: the consent's id, the member's account, or the petition's id. `at`, `seen_at` in seconds; the chain keeps no
    time of a suspension in its state."""

    kind: Kind
    subject: str
    member: Address
    at: int | None
    seen_at: int | None = None


@dataclass(frozen=True)
class NewsPorts:
    consents: ConsentPorts
    openings: OpeningPorts
    seen: SeenBook
    links: LinkPorts
    petitions: Petitions


def news_of(patient: Address, ports: NewsPorts) -> tuple[News, ...]:
    """What is asked for and not signed yet, the newest first; then suspended members whom this patient lets read; then answers
    of this member."""
    shown = offered_to(patient, ports.consents)
    asked = [
        News(Kind.CONSENT_REQUEST, fields.to_hex(one.kept.consent_id), _recipient(one), one.kept.proposed_at)
        for one in shown
        if one.status is Status.PROPOSED and not _is_own(one.kept, ports)
    ]
    requests = _marked(patient, Kind.CONSENT_REQUEST, asked, ports)
    return (*requests, *_suspended(patient, shown, ports), *_answered(patient, ports))


def unseen(patient: Address, ports: NewsPorts) -> int:
    """How much the patient's side has not said to have seen, openings too; and the links that desks ask for."""
    new = sum(one.seen_at is None for one in news_of(patient, ports))
    return new + notifying.unseen(patient, ports.openings) + links_waiting(patient, ports)


def links_waiting(patient: Address, ports: NewsPorts) -> int:
    """How many desks here wait for the patient's signature (W-69)."""
    return len(waiting_for(patient, ports.links))


def mark_seen(kind: str, subject: str, patient: Address, ports: NewsPorts) -> None:
    """Raises NewsUnknown: another patient's is as unknown as none."""
    if not any((one.kind, one.subject) == (kind, subject) for one in news_of(patient, ports)):
        raise NewsUnknown()
    ports.seen.mark(patient, kind, subject, ports.consents.clock.now())


def _suspended(patient: Address, shown: Iterable[Shown], ports: NewsPorts) -> list[News]:
    reading = {_recipient(one) for one in shown if one.status is Status.ACTIVE}
    if not reading:
        return []
    found = [
        News(Kind.MEMBER_SUSPENDED, member.address, Address(member.address), None)
        for member in ports.consents.ledger.members()
        if member.address in reading and member.status is not MemberStatus.Active
    ]
    over = ports.seen.seen(patient, Kind.MEMBER_SUSPENDED).keys() - {one.subject for one in found}
    if over:
        ports.seen.forget(patient, Kind.MEMBER_SUSPENDED, over)
    return _marked(patient, Kind.MEMBER_SUSPENDED, found, ports)


def _answered(patient: Address, ports: NewsPorts) -> list[News]:
    member, kind = ports.consents.site.member, Kind.PETITION_ANSWERED
    answers = ports.petitions.answered(patient)
    if not answers:
        return []
    told = [News(kind, fields.to_hex(name), member, at) for name, at in answers.items()]
    since = ports.consents.clock.now() - ANSWER_SEEN_SECONDS
    return [one for one in _marked(patient, kind, told, ports) if one.seen_at is None or one.seen_at > since]


def _marked(patient: Address, kind: Kind, found: Iterable[News], ports: NewsPorts) -> list[News]:
    seen = ports.seen.seen(patient, kind)
    return [News(one.kind, one.subject, one.member, one.at, seen.get(one.subject)) for one in found]


def _is_own(kept: KeptConsent, ports: NewsPorts) -> bool:
    """Whether the patient's own side put it together (W-45)."""
    by = kept.proposed_by
    return is_account(by) and ports.consents.ledger.acts_for(kept.consent.patient, by)


def _recipient(shown: Shown) -> Address:
    return shown.kept.consent.terms.recipient
