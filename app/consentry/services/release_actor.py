"""Whom a keeper knows, asked in a small round trip before any work on what is asked for (specification K-2, K-11).

Holds for the one request it was asked for and is never remembered.
"""

from __future__ import annotations

from dataclasses import dataclass

from consentry.domain.addresses import Address
from consentry.domain.ledger import StaffInfo
from consentry.domain.mandates import Mandate
from consentry.domain.requests import ReleaseRequest, SeedItem, SelfGround
from consentry.domain.roles import Role
from consentry.domain.sessions import PatientSession, Session, SessionCertificate, SessionKind
from consentry.errors import ActorUnknown, KeeperWithoutStanding
from consentry.services.keeper_desk import Desk
from consentry.services.release_mandates import ask_state, was_granted
from consentry.services.release_questions import Answers, Question, Questions


@dataclass(frozen=True)
class Known:
    """`member` is None on the patient's side; `changed`: the block of the patient's newest identity change (0: none),
    on the latest and on the final block; asked where documents are looked up."""

    member: Address | None
    changed: tuple[int, int]


def require_known(request: ReleaseRequest, desk: Desk) -> Known:
    """Raises ActorUnknown, KeeperWithoutStanding, ChainStale, ChainUnreachable, ChainWrong."""
    seeds = any(isinstance(item, SeedItem) for item in request.items)
    mandate = request.ground.mandate if isinstance(request.ground, SelfGround) else None
    return _known(request.session, request.actor, request.ground.patient if seeds else None, mandate, desk)


def require_account(session: SessionCertificate, actor: Address, desk: Desk) -> None:
    """That the chain knows whose session this is, whatever it is shown for. Raises as `require_known` does."""
    _known(session, actor, None, None, desk)


def _known(
    certificate: SessionCertificate,
    actor: Address,
    seeds_of: Address | None,
    mandate: Mandate | None,
    desk: Desk,
) -> Known:
    session = certificate.fields
    questions = Questions()
    standing = ask_standing(questions, desk)
    if isinstance(session, PatientSession):
        changed = questions.add(desk.ledger.changed_call(session.patient))
        acts = questions.add(desk.ledger.acts_for_call(session.patient, actor))
        granted = None if mandate is None else ask_state(mandate, questions, desk)
        answers = put(questions, standing, desk)
        known = answers.hold(acts) if granted is None else was_granted(granted, answers)
        # Every address is somebody's: one without any change of identity has no directory, hence no record.
        if not known or answers.of(changed)[0] == 0:
            raise ActorUnknown()
        return Known(None, answers.of(changed))
    member = _member(session, desk)
    active = questions.add(desk.ledger.active_call(member))
    staff = questions.add(desk.ledger.staff_call(actor))
    past = questions.add(desk.ledger.changed_call(seeds_of)) if seeds_of else None
    answers = put(questions, standing, desk)
    kind = certificate.kind
    if not answers.hold(active) or not all(_is_staff(one, member, kind) for one in answers.of(staff)):
        raise ActorUnknown()
    return Known(member, answers.of(past) if past else (0, 0))


def ask_standing(questions: Questions, desk: Desk) -> Question[bool]:
    return questions.add(desk.ledger.keeper_call(desk.account))


def put(questions: Questions, standing: Question[bool], desk: Desk) -> Answers:
    """The answers, if the chain is fresh and this keeper has standing (K-11, M-4)."""
    answers = questions.put(desk.ledger)
    desk.require_fresh(answers.head)
    if not answers.hold(standing):
        raise KeeperWithoutStanding()
    return answers


def _is_staff(one: StaffInfo | None, member: Address, kind: SessionKind) -> bool:
    """The certificate's kind is not signed, so the role that the member enrolled decides what the account is."""
    if one is None or one.member != member:
        return False
    return (one.role == Role.SYSTEM) == (kind is SessionKind.SYSTEM)


def _member(session: Session, desk: Desk) -> Address:
    """The member that the session names; names are unique and never reused (M-2), so it is asked once."""
    known = desk.memory.members.get(session.member)
    if known is not None:
        return known
    member = desk.ledger.member_by_name(session.member)
    if member is None:
        raise ActorUnknown()
    return desk.memory.members.keep(session.member, Address(member.address))
