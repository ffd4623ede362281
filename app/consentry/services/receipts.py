"""The patient's account: a keeper's receipts about one patient, each with its proof (specification K-9, K-10).

Asked for by the patient's side with the same session and signature as a release; nobody else gets any. A query is for
one keeper, and the answer is sealed to the query's key: who sees it on its way learns nothing and cannot ask elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from consentry.domain import infos, merkle
from consentry.domain.queries import ReceiptsQuery
from consentry.domain.requests import request_digest
from consentry.domain.sessions import PatientSession
from consentry.domain.statements import Statement, statement_digest, values_digest
from consentry.errors import NoGround
from consentry.ports.receipt_book import Commit, StoredReceipt
from consentry.services.keeper_desk import Desk
from consentry.services.query_pages import open_page, require_own, seal_page
from consentry.services.receipt_pages import PAGE, ReceiptsPage
from consentry.services.release_actor import ask_standing, put
from consentry.services.release_intake import Signed
from consentry.services.release_questions import Questions
from consentry.services.statements import SignedStatement
from consentry.services.verify import CommitProof, Evidence

MAX_SEALED_BYTES = 4 * 2**20


def sealed_receipts(signed: Signed, desk: Desk) -> dict[str, str]:
    """One page as it leaves the keeper: sealed to the query's key (L-21). Raises like `receipts`."""
    query = ReceiptsQuery.parse(signed.request)
    return seal_page(receipts(signed, desk).to_json(), query, infos.receipts_info, desk)


def open_receipts(seed: bytes, query: bytes, answer: Any) -> ReceiptsPage:
    """The page in a keeper's answer to these query bytes, whose key has this seed. Raises LayoutInvalid, SealInvalid."""
    return open_page(ReceiptsPage.parse, seed, query, infos.receipts_info, answer, MAX_SEALED_BYTES)


def receipts(signed: Signed, desk: Desk) -> ReceiptsPage:
    """One page for the patient's side.

    Raises LayoutInvalid, ChainWrong, RequestStale, SignatureInvalid, SessionRevoked, RateLimited before any chain work;
    NoGround to anybody else; KeeperWithoutStanding, ChainStale, ClockOff, ChainUnreachable.
    """
    query = ReceiptsQuery.parse(signed.request)
    require_own(query, signed, desk)
    session = query.session.fields
    if not isinstance(session, PatientSession) or session.patient != query.patient:
        raise NoGround()
    questions = Questions()
    acts = questions.add(desk.ledger.acts_for_call(query.patient, query.actor))
    answers = put(questions, ask_standing(questions, desk), desk)
    if not answers.hold(acts):
        raise NoGround()
    return _page(query, request_digest(signed.request), desk)


def _page(query: ReceiptsQuery, digest: bytes, desk: Desk) -> ReceiptsPage:
    # What is filed or committed while this works is left to the next query: the statement must hold for the page.
    committed_until, known = desk.book.committed_until(), desk.book.next_seq()
    about = desk.book.about(query.patient, first_seq=query.after, limit=PAGE + 1)
    found = [one for one in about if one.seq < known]
    page, last = found[:PAGE], len(found) <= PAGE
    until = max(query.after, known) if last else page[-1].seq + 1
    statement = Statement(
        after=query.after,
        chain_id=desk.ledger.chain_id,
        committed_until=committed_until,
        digest=values_digest(one.receipt.value for one in page),
        keeper=desk.account,
        last=last,
        patient=query.patient,
        query=digest,
        seqs=tuple(one.seq for one in page),
        time=desk.clock.now(),
        until=until,
    ).to_bytes()
    signed = SignedStatement(statement, desk.sign(statement_digest(desk.ledger.chain_id, statement)))
    following = None if last else until
    return ReceiptsPage(desk.account, desk.ledger.chain_id, _evidence(page, desk), following, signed)


def _evidence(page: Sequence[StoredReceipt], desk: Desk) -> tuple[Evidence, ...]:
    commit: Commit | None = None
    values: tuple[bytes, ...] = ()
    proven = []
    for one in page:
        if commit is None or one.seq >= commit.first_seq + commit.count:
            commit = desk.book.commit_covering(one.seq)
            values = desk.book.values(commit.first_seq, commit.count) if commit else ()
        proof = None
        if commit is not None:
            path = merkle.proof(values, one.seq - commit.first_seq)
            proof = CommitProof(commit.root, commit.first_seq, commit.transaction, path)
        proven.append(
            Evidence(desk.account, desk.ledger.chain_id, one.receipt.body, one.receipt.signature, proof)
        )
    return tuple(proven)
