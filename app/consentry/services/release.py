"""The keeper's rule: whether its share of a record or category seed is released (specification K-1 to K-8).

    admit → ask the chain once → known actor? → each item: judge, open → file receipts → seal to the asker

Nothing is decided on an index, on a ground remembered, or on what the caller says: everything that can change is
asked of the keeper's own node, on the latest and on the final block. Refusals all look alike to the caller; the
receipt holds the reason.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from consentry.crypto.sealing import seal_released
from consentry.domain.addresses import Address
from consentry.domain.grounds import PERMITTED, Refused
from consentry.domain.receipts import SALT_BYTES, Receipt, ReceiptItem, receipt_value, signing_digest
from consentry.domain.requests import ConsentGround, RecordItem, ReleaseRequest
from consentry.domain.sessions import Session
from consentry.errors import ActorUnknown, ChainStale
from consentry.ports.receipt_book import Decision, Draft, Filed, SignedReceipt, UseLimit
from consentry.services.keeper_desk import Desk
from consentry.services.release_intake import ReleaseCommand, admit, consent_id_of
from consentry.services.release_items import Case, Share, judge, open_case
from consentry.services.release_questions import Answers, Question, Questions


@dataclass(frozen=True)
class ReleasedItem:
    """One answer: `sealed` for the asker and the seat whose share it is, or None twice when refused.

    `seq` and `value` (32 bytes) are the receipt's number and Merkle value.
    """

    sealed: bytes | None
    seat: int | None
    seq: int
    value: bytes


@dataclass(frozen=True)
class Released:
    """The answers to one request, in the order of its items."""

    request_digest: bytes
    items: tuple[ReleasedItem, ...]


@dataclass(frozen=True)
class _Context:
    """One request at one desk. `member` is None on the patient's side, `consent` is the id under CONSENT."""

    request: ReleaseRequest
    desk: Desk
    member: Address | None
    consent: bytes | None


def release(command: ReleaseCommand, desk: Desk) -> Released:
    """Judge every item, file all receipts at once, and seal what is released.

    Raises LayoutInvalid, ChainWrong, RequestStale, SignatureInvalid before any chain work; ActorUnknown,
    ChainStale, ChainUnreachable; BlobMissing, BlobCorrupt, StoreUnreachable when a directory document that the
    ground permits cannot be read, or receipts cannot be filed. Then nothing was filed and nothing leaves.
    """
    request = admit(command, desk)
    context = _Context(request, desk, _member(request, desk), consent_id_of(request, desk))
    questions = Questions()
    known = _ask_actor(context, questions)
    cases = [open_case(item, request, questions, desk) for item in request.items]
    answers = questions.put(desk.ledger)
    desk.require_fresh(answers.head)
    if not _is_known(context, known, answers):
        raise ActorUnknown()
    verdicts = [
        judge(case, sealed, answers, desk) for case, sealed in zip(cases, command.shares, strict=True)
    ]
    filed = desk.book.file(
        request.digest(), _drafts(context, cases, verdicts), lambda draft, seq: _sign(context, draft, seq)
    )
    answered = tuple(_answer(request, *pair) for pair in zip(filed, verdicts, strict=True))
    return Released(request.digest(), answered)


def _member(request: ReleaseRequest, desk: Desk) -> Address | None:
    """The member that the session names; names are unique and never reused (M-2), so it is asked once."""
    session = request.session.fields
    if not isinstance(session, Session):
        return None
    known = desk.memory.members.get(session.member)
    if known is not None:
        return known
    member = desk.ledger.member_by_name(session.member)
    if member is None:
        raise ActorUnknown()
    return desk.memory.members.keep(session.member, Address(member.address))


def _ask_actor(context: _Context, questions: Questions) -> tuple[Question, ...]:
    ledger, request = context.desk.ledger, context.request
    if context.member is None:
        return (questions.add(ledger.acts_for_call(request.ground.patient, request.actor)),)
    return (
        questions.add(ledger.active_call(context.member)),
        questions.add(ledger.staff_call(request.actor)),
    )


def _is_known(context: _Context, asked: Sequence[Question], answers: Answers) -> bool:
    """Staff of the active member that the session names, or the patient's side (K-2)."""
    if not answers.hold(asked[0]):
        return False
    staff = [one for question in asked[1:] for one in answers.of(question)]
    return all(one is not None and one.member == context.member for one in staff)


def _drafts(context: _Context, cases: Sequence[Case], verdicts: Sequence[Share | Refused]) -> list[Draft]:
    fallback = None
    drafts = []
    for place, (case, verdict) in enumerate(zip(cases, verdicts, strict=True)):
        if isinstance(verdict, Share):
            drafts.append(_draft(context, place, case, PERMITTED, verdict.committee_version))
        else:
            fallback = fallback or _own_version(context.desk)
            drafts.append(_draft(context, place, case, verdict.reason.name, fallback))
    return drafts


def _own_version(desk: Desk) -> int:
    """Under which committee a refusal is filed: the newest one that seats this keeper."""
    newest = desk.newest_seat()
    if newest is None:
        raise ChainStale("the node shows no committee in which this keeper has a seat")
    return newest[0]


def _draft(context: _Context, place: int, case: Case, reason: str, version: int) -> Draft:
    item, limit = case.item, None
    released = reason == PERMITTED
    if isinstance(item, RecordItem):
        subject, category = ReceiptItem(record_id=item.header.record_id), item.header.category
        ground = context.request.ground
        if released and context.consent and isinstance(ground, ConsentGround) and ground.terms.max_uses:
            limit = UseLimit(context.consent, item.header.record_id, ground.terms.max_uses)
    else:
        subject, category = ReceiptItem(document_cid=item.document_cid), item.category
    decision = Decision.RELEASED if released else Decision.REFUSED
    return Draft(
        item=place,
        decision=decision,
        reason=reason,
        subject=subject,
        category=category,
        patient=context.request.ground.patient,
        consent_id=context.consent,
        committee_version=version,
        limit=limit,
    )


def _sign(context: _Context, draft: Draft, seq: int) -> SignedReceipt:
    request, desk = context.request, context.desk
    body = Receipt(
        actor=request.actor,
        chain_id=request.chain_id,
        category=draft.category,
        committee_version=draft.committee_version,
        consent_id=draft.consent_id,
        decision=draft.decision,
        ground=request.ground.type,
        item=draft.subject,
        keeper=desk.account,
        member=context.member,
        patient=draft.patient,
        practitioner=request.practitioner,
        purpose=request.purpose,
        reason=draft.reason,
        request_digest=request.digest(),
        salt=secrets.token_bytes(SALT_BYTES),
        seq=seq,
        time=desk.clock.now(),
    ).to_bytes()
    return SignedReceipt(body, desk.sign(signing_digest(request.chain_id, body)), receipt_value(body))


def _answer(request: ReleaseRequest, filed: Filed, verdict: Share | Refused) -> ReleasedItem:
    """The book has the last word: it may know that the uses are spent, or that this was refused before."""
    if filed.decision is not Decision.RELEASED or not isinstance(verdict, Share):
        return ReleasedItem(None, None, filed.seq, filed.value)
    sealed = seal_released(request.seal_to, request.digest(), verdict.named, verdict.seat, verdict.share)
    return ReleasedItem(sealed, verdict.seat, filed.seq, filed.value)
