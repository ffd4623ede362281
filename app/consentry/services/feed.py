"""A keeper's feed: flows for the regulator, and nobody's clinical content (specification A-10, A-11)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from consentry.crypto.pseudonyms import pseudonym
from consentry.domain import infos
from consentry.domain.feeds import FEED_PAGE, FeedPage, FeedRow
from consentry.domain.ledger import StaffInfo
from consentry.domain.queries import FeedQuery
from consentry.domain.receipts import Receipt
from consentry.domain.roles import Role
from consentry.domain.sessions import SessionKind
from consentry.errors import NoGround
from consentry.ports.receipt_book import StoredReceipt
from consentry.services.keeper_desk import Desk
from consentry.services.query_pages import open_page, require_own, seal_page
from consentry.services.release_actor import ask_standing, put
from consentry.services.release_intake import Signed
from consentry.services.release_questions import Questions

MAX_SEALED_BYTES = 2**20


def sealed_feed(signed: Signed, desk: Desk) -> dict[str, str]:
    """One page as it leaves the keeper: sealed to the query's key. Raises like `feed`."""
    query = FeedQuery.parse(signed.request)
    return seal_page(feed(signed, desk).to_json(), query, infos.feed_info, desk)


def open_feed(seed: bytes, query: bytes, answer: Any) -> FeedPage:
    """The page in a keeper's answer to these query bytes, whose key has this seed. Raises LayoutInvalid, SealInvalid."""
    return open_page(FeedPage.parse, seed, query, infos.feed_info, answer, MAX_SEALED_BYTES)


def feed(signed: Signed, desk: Desk) -> FeedPage:
    """One page for the regulator.

    Raises LayoutInvalid, ChainWrong, RequestStale, SignatureInvalid, SessionRevoked, RateLimited before any chain work;
    NoGround to anybody else; KeeperWithoutStanding, ChainStale, ClockOff, ChainUnreachable.
    """
    query = FeedQuery.parse(signed.request)
    require_own(query, signed, desk)
    _require_regulator(query, desk)
    found = desk.book.since(query.after, limit=FEED_PAGE)
    following = found[-1].seq + 1 if found else query.after
    return FeedPage(desk.account, desk.ledger.chain_id, tuple(_row(one, desk) for one in found), following)


@dataclass(frozen=True)
class _Seen:
    """What one block says of who asks."""

    regulator: str
    staff: StaffInfo | None

    def is_regulators(self, now: int) -> bool:
        """Whether the account is the regulator's own system account, its licence not ended."""
        one = self.staff
        if one is None or one.member != self.regulator:
            return False
        return one.role == Role.SYSTEM and one.licence_end_at > now


def _require_regulator(query: FeedQuery, desk: Desk) -> None:
    """Whoever the consortium named regulator, on the latest and on the final block, and active (V-8, M-4)."""
    if query.session.kind is not SessionKind.SYSTEM:
        raise NoGround()
    questions = Questions()
    staff = questions.add(desk.ledger.staff_call(query.actor))
    regulator = questions.add(desk.ledger.regulator_call())
    answers = put(questions, ask_standing(questions, desk), desk)
    now = max(desk.clock.now(), answers.head.timestamp)
    seen = [_Seen(*one) for one in zip(answers.of(regulator), answers.of(staff), strict=True)]
    if not all(one.is_regulators(now) for one in seen):
        raise NoGround()
    questions = Questions()
    active = [questions.add(desk.ledger.active_call(one)) for one in {one.regulator for one in seen}]
    answers = put(questions, ask_standing(questions, desk), desk)
    if not all(answers.hold(one) for one in active):
        raise NoGround()


def _row(one: StoredReceipt, desk: Desk) -> FeedRow:
    receipt = Receipt.parse(one.receipt.body)
    return FeedRow(
        seq=receipt.seq,
        time=receipt.time,
        actor=None if receipt.member is None else receipt.actor,
        member=receipt.member,
        purpose=receipt.purpose,
        ground=receipt.ground,
        decision=receipt.decision,
        patient=pseudonym(desk.feed_key, receipt.patient, receipt.time),
    )
