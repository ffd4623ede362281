"""Judging one item of a request: a record or a category seed (specification K-3, K-4, K-5)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from consentry.crypto.sealing import open_record_share, open_seed_share
from consentry.domain import merkle
from consentry.domain.addresses import Address
from consentry.domain.grounds import KeeperReason, Refused
from consentry.domain.ledger import Anchor
from consentry.domain.requests import RecordItem, ReleaseRequest, SeedItem
from consentry.errors import SealInvalid, ShareInvalid
from consentry.services.keeper_desk import Desk
from consentry.services.release_documents import Documents
from consentry.services.release_grounds import GroundCheck, ask_grounds
from consentry.services.release_questions import Answers, Question, Questions

NOTHING_THERE = frozenset(
    (KeeperReason.RecordProofWrong, KeeperReason.RecordNotAnchored, KeeperReason.DirectoryNotPublished)
)
"""What was asked for is nothing that the patient's history or an author's anchor knows."""


@dataclass(frozen=True)
class Share:
    """An opened share; `named` is the record id or the seed commitment (L-20)."""

    named: bytes
    committee_version: int
    seat: int
    share: bytes


@dataclass(frozen=True)
class RecordCase:
    """A record that is asked for, and what the chain is asked about it."""

    item: RecordItem
    ground: GroundCheck
    anchor: Question[Anchor | None]
    retracted: Question[bool]
    author_active: Question[bool]


@dataclass(frozen=True)
class SeedCase:
    """A category seed that is asked for; its document is read only once the ground holds."""

    item: SeedItem
    ground: GroundCheck


Case = RecordCase | SeedCase


def open_cases(request: ReleaseRequest, questions: Questions, desk: Desk) -> list[Case]:
    """Add the questions about all items; that about the ground is asked of many records together."""
    ledger = desk.ledger

    @cache  # many records are under one root: the question is the same, and is encoded once
    def anchor(author: Address, root: bytes) -> Question[Anchor | None]:
        return questions.add(ledger.anchor_call(author, root))

    @cache
    def active(author: Address) -> Question[bool]:
        return questions.add(ledger.active_call(author))

    def case(item: RecordItem | SeedItem, ground: GroundCheck) -> Case:
        if isinstance(item, SeedItem):
            return SeedCase(item, ground)
        author = item.header.author
        retracted = questions.add(ledger.retracted_call(author, item.header.record_id))
        return RecordCase(item, ground, anchor(author, item.root), retracted, active(author))

    grounds = ask_grounds(request, questions, desk)
    return [case(item, ground) for item, ground in zip(request.items, grounds, strict=True)]


def judge(
    case: Case, sealed: bytes | None, answers: Answers, documents: Documents, desk: Desk
) -> Share | Refused:
    """The opened share, or why not. Raises what `Documents.of` raises, and KeeperKeyMissing."""
    reason = case.ground.refusal(answers)
    if reason is not None:
        return Refused(reason)
    if isinstance(case, SeedCase):
        return _judge_seed(case.item, documents, desk)
    return _judge_record(case, sealed, answers, desk)


def _judge_record(case: RecordCase, sealed: bytes | None, answers: Answers, desk: Desk) -> Share | Refused:
    item = case.item
    header, sealing = item.header, item.sealing
    if not merkle.verify(item.root, item.record_digest(), item.proof):
        return Refused(KeeperReason.RecordProofWrong)
    if any(anchor is None or anchor.count != item.proof.count for anchor in answers.of(case.anchor)):
        return Refused(KeeperReason.RecordNotAnchored)
    if any(answers.of(case.retracted)):
        return Refused(KeeperReason.RecordRetracted)
    if not answers.hold(case.author_active):
        return Refused(KeeperReason.AuthorInactive)
    held = desk.seat_in(sealing.committee_version)
    if held is None or held.seat >= len(sealing.share_hashes):
        return Refused(KeeperReason.SealedForAnother)
    if sealed is None:
        return Refused(KeeperReason.ShareMissing)
    try:
        share = open_record_share(
            held.opener,
            sealed,
            sealing=sealing,
            seat=held.seat,
            record_id=header.record_id,
            header_hash=header.hash(),
            chain_id=desk.ledger.chain_id,
        )
    except (SealInvalid, ShareInvalid):
        return Refused(KeeperReason.ShareInvalid)
    return Share(header.record_id, sealing.committee_version, held.seat, share)


def _judge_seed(item: SeedItem, documents: Documents, desk: Desk) -> Share | Refused:
    document = documents.of(item.document_cid)
    if isinstance(document, Refused):
        return document
    keys = document.categories.get(item.category)
    if keys is None:
        return Refused(KeeperReason.DirectoryMissing)
    held = desk.seat_in(document.committee_version)
    if held is None or held.seat >= len(keys.shares):
        return Refused(KeeperReason.SealedForAnother)
    try:
        share = open_seed_share(held.opener, document=document, category=item.category, seat=held.seat)
    except (SealInvalid, ShareInvalid):
        return Refused(KeeperReason.ShareInvalid)
    return Share(keys.seed_commitment, document.committee_version, held.seat, share)
