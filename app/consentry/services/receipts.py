"""The patient's account: a keeper's receipts about one patient, each with its proof (specification K-9, K-10).

Asked for by the patient's side with the same session and signature as a release; nobody else gets any. A query is for
one keeper, and the answer is sealed to the query's key: who sees it on its way learns nothing and cannot ask elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from consentry.crypto import hpke
from consentry.domain import canonical, fields, infos, merkle, times
from consentry.domain.addresses import Address
from consentry.domain.requests import request_digest
from consentry.domain.sessions import PatientSession, SessionCertificate
from consentry.domain.statements import Statement, statement_digest, values_digest
from consentry.errors import LayoutInvalid, NoGround, SignatureInvalid
from consentry.ports.receipt_book import Commit, StoredReceipt
from consentry.services.keeper_desk import Desk
from consentry.services.receipt_pages import PAGE, ReceiptsPage
from consentry.services.release_actor import ask_standing, put
from consentry.services.release_intake import Signed, authenticate, require_not_ended
from consentry.services.release_questions import Questions
from consentry.services.statements import SignedStatement
from consentry.services.verify import CommitProof, Evidence

MAX_SEALED_BYTES = 4 * 2**20
_KEYS = (
    "actor", "after", "chainId", "issuedAt", "keeper", "nonce", "patient", "sealTo", "session", "type",
)  # fmt: skip


@dataclass(frozen=True)
class ReceiptsQuery:
    """Asks one keeper for receipts about a patient. `after`: how many of the keeper's sequence numbers to pass over,
    from 0; the `next` of one page is the `after` of the following. `issued_at` in seconds, `nonce` 16 to 32 bytes,
    `seal_to` X-Wing."""

    actor: Address
    after: int
    chain_id: int
    issued_at: int
    keeper: Address
    nonce: bytes
    patient: Address
    seal_to: bytes
    session: SessionCertificate

    def __post_init__(self) -> None:
        fields.address(self.actor, "query.actor")
        fields.address(self.keeper, "query.keeper")
        fields.address(self.patient, "query.patient")
        fields.raw_bytes(self.seal_to, "query.sealTo", hpke.PUBLIC_KEY_BYTES)
        fields.integer(self.after, "query.after")
        fields.integer(self.chain_id, "query.chainId", 1)
        fields.raw_bytes(self.nonce, "query.nonce", 16, 32)
        times.iso(self.issued_at)

    def to_bytes(self) -> bytes:
        return self._bytes

    @classmethod
    def parse(cls, raw: bytes) -> ReceiptsQuery:
        """Read the canonical bytes. Raises LayoutInvalid naming the field."""
        got = fields.exact(raw, _KEYS, "query")
        fields.member_of(got["type"], ("receipts",), "query.type")
        return cls(
            actor=got["actor"],
            after=got["after"],
            chain_id=got["chainId"],
            issued_at=times.seconds(got["issuedAt"], "query.issuedAt"),
            keeper=got["keeper"],
            nonce=fields.hex_bytes(got["nonce"], "query.nonce", 16, 32),
            patient=got["patient"],
            seal_to=fields.base64_bytes(got["sealTo"], "query.sealTo", hpke.PUBLIC_KEY_BYTES),
            session=SessionCertificate.from_json(got["session"]),
        )

    @cached_property
    def _bytes(self) -> bytes:
        return canonical.dumps(
            {
                "actor": self.actor,
                "after": self.after,
                "chainId": self.chain_id,
                "issuedAt": times.iso(self.issued_at),
                "keeper": self.keeper,
                "nonce": fields.to_hex(self.nonce),
                "patient": self.patient,
                "sealTo": fields.to_base64(self.seal_to),
                "session": self.session.to_json(),
                "type": "receipts",
            }
        )


def sealed_receipts(signed: Signed, desk: Desk) -> dict[str, str]:
    """One page as it leaves the keeper: sealed to the query's key (L-21). Raises like `receipts`."""
    page = json.dumps(receipts(signed, desk).to_json()).encode("ascii")
    info, query = infos.receipts_info(request_digest(signed.request)), ReceiptsQuery.parse(signed.request)
    require_not_ended(query.actor, query.session, desk)
    return {"sealed": fields.to_base64(hpke.seal(query.seal_to, info, page))}


def open_receipts(seed: bytes, query: bytes, answer: Any) -> ReceiptsPage:
    """The page in a keeper's answer to these query bytes, whose key has this seed. Raises LayoutInvalid, SealInvalid."""
    got = fields.exact(answer, ("sealed",), "answer")
    sealed = fields.base64_bytes(got["sealed"], "answer.sealed", 1, MAX_SEALED_BYTES)
    page = hpke.open_(seed, infos.receipts_info(request_digest(query)), sealed)
    try:
        return ReceiptsPage.parse(json.loads(page))
    except (ValueError, RecursionError):
        raise LayoutInvalid("page: must be JSON") from None


def receipts(signed: Signed, desk: Desk) -> ReceiptsPage:
    """One page for the patient's side.

    Raises LayoutInvalid, ChainWrong, RequestStale, SignatureInvalid, RateLimited before any chain work; NoGround to
    anybody else; KeeperWithoutStanding, ChainStale, ClockOff, ChainUnreachable.
    """
    query = ReceiptsQuery.parse(signed.request)
    if query.keeper != desk.account:
        fields.refuse("query.keeper", "be the keeper that is asked")
    hpke.check_public_key(query.seal_to)
    if authenticate(signed, query.session, query.chain_id, query.issued_at, desk) != query.actor:
        raise SignatureInvalid("the session was signed by another account than the actor")
    desk.pace.take(query.actor)
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
