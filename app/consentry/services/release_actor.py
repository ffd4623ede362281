"""Whom a keeper knows, asked before any work on what is asked for (specification K-2, K-11).

In a small round trip of its own; only whoever was known a moment ago is asked about together with the items (`lately`). What
the chain answers holds for the one request it was asked for and is never remembered.
"""

from __future__ import annotations

from collections.abc import Callable
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


Judge = Callable[[Answers], Known]
"""What the chain's answers say of who asks. Raises ActorUnknown, KeeperWithoutStanding, ChainStale."""


def ask_known(request: ReleaseRequest, questions: Questions, desk: Desk) -> Judge:
    """Add what there is to ask about who asks. Raises ActorUnknown, ChainUnreachable, ChainWrong."""
    seeds = any(isinstance(item, SeedItem) for item in request.items)
    mandate = request.ground.mandate if isinstance(request.ground, SelfGround) else None
    seeds_of = request.ground.patient if seeds else None
    return _ask(request.session, request.actor, seeds_of, mandate, questions, desk)


def require_known(request: ReleaseRequest, desk: Desk) -> None:
    """That the chain knows who asks, unless it did a moment ago: then it is asked together with the items.

    Raises ActorUnknown, KeeperWithoutStanding, ChainStale, ClockOff, ChainUnreachable, ChainWrong.
    """
    if not desk.lately.met(_who(request)):
        questions = Questions()
        ask_known(request, questions, desk)(questions.put(desk.ledger))
        desk.lately.meet(_who(request))


def forget(request: ReleaseRequest, desk: Desk) -> None:
    """The chain does not know who asks any more."""
    desk.lately.forget(_who(request))


def require_account(session: SessionCertificate, actor: Address, desk: Desk) -> None:
    """That the chain knows whose session this is, whatever it is shown for. Raises as `require_known` does."""
    questions = Questions()
    judge = _ask(session, actor, None, None, questions, desk)
    judge(questions.put(desk.ledger))


def _who(request: ReleaseRequest) -> tuple[str, ...]:
    session = request.session.fields
    side = session.patient if isinstance(session, PatientSession) else session.member
    return (request.actor, request.session.kind, side)


def _ask(
    certificate: SessionCertificate,
    actor: Address,
    seeds_of: Address | None,
    mandate: Mandate | None,
    questions: Questions,
    desk: Desk,
) -> Judge:
    session, ledger = certificate.fields, desk.ledger
    standing = ask_standing(questions, desk)
    if isinstance(session, PatientSession):
        changed = questions.add(ledger.changed_call(session.patient))
        acts = questions.add(ledger.acts_for_call(session.patient, actor))
        granted = None if mandate is None else ask_state(mandate, questions, desk)

        def patient_side(answers: Answers) -> Known:
            require_standing(answers, standing, desk)
            known = answers.hold(acts) if granted is None else was_granted(granted, answers)
            # Every address is somebody's: one without any change of identity has no directory, hence no record.
            if not known or answers.of(changed)[0] == 0:
                raise ActorUnknown()
            return Known(None, answers.of(changed))

        return patient_side
    member, kind = _member(session, desk), certificate.kind
    active = questions.add(ledger.active_call(member))
    staff = questions.add(ledger.staff_call(actor))
    past = questions.add(ledger.changed_call(seeds_of)) if seeds_of else None

    def of_member(answers: Answers) -> Known:
        require_standing(answers, standing, desk)
        if not answers.hold(active) or not all(_is_staff(one, member, kind) for one in answers.of(staff)):
            raise ActorUnknown()
        return Known(member, answers.of(past) if past else (0, 0))

    return of_member


def ask_standing(questions: Questions, desk: Desk) -> Question[bool]:
    return questions.add(desk.ledger.keeper_call(desk.account))


def put(questions: Questions, standing: Question[bool], desk: Desk) -> Answers:
    """The answers, if the chain is fresh and this keeper has standing (K-11, M-4)."""
    answers = questions.put(desk.ledger)
    require_standing(answers, standing, desk)
    return answers


def require_standing(answers: Answers, standing: Question[bool], desk: Desk) -> None:
    """Raises ChainStale, ClockOff, KeeperWithoutStanding."""
    desk.require_fresh(answers.head)
    if not answers.hold(standing):
        raise KeeperWithoutStanding()


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
