"""The keeper's rule: whether its share of a record or category seed is released (specification K-1 to K-8).

    admit → in pace? → known actor? → ask the chain about all items → each: judge, open → file receipts → seal

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
from consentry.domain.receipt_items import ReceiptItem
from consentry.domain.receipts import SALT_BYTES, Receipt, receipt_value, signing_digest
from consentry.domain.requests import ConsentGround, RecordItem, ReleaseRequest, SelfGround
from consentry.errors import ActorUnknown, ChainStale
from consentry.ports.receipt_book import Decision, Draft, Filed, SignedReceipt, UseLimit
from consentry.services.keeper_desk import Desk
from consentry.services.release_actor import ask_known, forget, require_known
from consentry.services.release_documents import Documents
from consentry.services.release_intake import ReleaseCommand, admit, consent_id_of, opening_id_of
from consentry.services.release_items import NOTHING_THERE, Case, Share, judge, open_cases
from consentry.services.release_mandates import mandate_id_of
from consentry.services.release_questions import Questions


@dataclass(frozen=True)
class ReleasedItem:
    """One answer: `sealed` for the asker and the seat whose share it is, or None twice when refused.

    `seq` and `value` (32 bytes) are the receipt's number and Merkle value; None if there is none (K-8).
    """

    sealed: bytes | None
    seat: int | None
    seq: int | None
    value: bytes | None


@dataclass(frozen=True)
class Released:
    """The answers to one request, in the order of its items."""

    request_digest: bytes
    items: tuple[ReleasedItem, ...]


@dataclass(frozen=True)
class _Context:
    """One request at one desk. `member` is None on the patient's side; `consent` is the id under CONSENT, `opening` that
    under EMERGENCY, `mandate` that of the mandate shown."""

    request: ReleaseRequest
    desk: Desk
    member: Address | None
    consent: bytes | None
    opening: bytes | None
    mandate: bytes | None


def release(command: ReleaseCommand, desk: Desk) -> Released:
    """Judge every item, file all receipts at once, and seal what is released.

    Raises LayoutInvalid, ChainWrong, RequestStale, SignatureInvalid, RateLimited before any chain work; SessionRevoked there
    and, for a session that ended meanwhile, at the end; KeeperWithoutStanding, ActorUnknown, ChainStale, ClockOff,
    ChainUnreachable before any work on the items; BlobMissing, BlobCorrupt, HistoryTooLong, StoreUnreachable when a directory
    document that the ground permits cannot be read, or receipts cannot be filed; KeeperKeyMissing where the key of its seat
    was not taken over. Then nothing was filed and nothing leaves.
    """
    request = admit(command, desk)
    desk.pace.take(request.actor)
    consent = consent_id_of(request, desk)
    require_known(request, desk)
    questions = Questions()
    judge_actor = ask_known(request, questions, desk)
    cases = open_cases(request, questions, desk)
    answers = questions.put(desk.ledger)
    try:
        known = judge_actor(answers)
    except ActorUnknown:
        forget(request, desk)
        raise
    context = _Context(
        request, desk, known.member, consent, opening_id_of(request, desk), mandate_id_of(request)
    )
    documents = Documents(request.ground.patient, known.changed, desk)
    verdicts = [
        judge(case, sealed, answers, documents, desk)
        for case, sealed in zip(cases, command.shares, strict=True)
    ]
    drafts = _drafts(context, cases, verdicts)
    filed = {one.item: one for one in _file(context, drafts)}
    answered = tuple(_answer(request, filed.get(place), verdict) for place, verdict in enumerate(verdicts))
    return Released(request.digest(), answered)


def _file(context: _Context, drafts: Sequence[Draft]) -> tuple[Filed, ...]:
    if not drafts:
        return ()
    request = context.request
    by = request.actor, request.session.fields.key
    return context.desk.book.file(
        request.digest(), drafts, lambda draft, seq: _sign(context, draft, seq), by=by
    )


def _drafts(context: _Context, cases: Sequence[Case], verdicts: Sequence[Share | Refused]) -> list[Draft]:
    fallback = None
    drafts = []
    for place, (case, verdict) in enumerate(zip(cases, verdicts, strict=True)):
        if isinstance(verdict, Share):
            drafts.append(_draft(context, place, case, PERMITTED, verdict.committee_version))
        elif not _leaves_nothing(context, verdict):
            fallback = fallback or _own_version(context.desk)
            drafts.append(_draft(context, place, case, verdict.reason.name, fallback))
    return drafts


def _leaves_nothing(context: _Context, refused: Refused) -> bool:
    """Anybody is a patient: what a patient's own side makes up would fill the book, and tells the patient nothing."""
    return isinstance(context.request.ground, SelfGround) and refused.reason in NOTHING_THERE


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
        revocable=tuple(one for one in (context.consent, context.mandate) if one),
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
        episode=None if request.episode is None else request.episode.by,
        ground=request.ground.type,
        item=draft.subject,
        keeper=desk.account,
        member=context.member,
        opening_id=context.opening,
        mandate_id=context.mandate if isinstance(request.ground, SelfGround) else None,
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


def _answer(request: ReleaseRequest, filed: Filed | None, verdict: Share | Refused) -> ReleasedItem:
    """The book has the last word: it may know that the uses are spent, or that this was refused before."""
    if filed is None:
        return ReleasedItem(None, None, None, None)
    if filed.decision is not Decision.RELEASED or not isinstance(verdict, Share):
        return ReleasedItem(None, None, filed.seq, filed.value)
    sealed = seal_released(request.seal_to, request.digest(), verdict.named, verdict.seat, verdict.share)
    return ReleasedItem(sealed, verdict.seat, filed.seq, filed.value)
