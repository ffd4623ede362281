"""The patient's account: a keeper's receipts about one patient, each with its proof (specification K-9, K-10).

Asked for by the patient's side with the same session and signature as a release; nobody else gets any.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from consentry.domain import canonical, fields, merkle, times
from consentry.domain.addresses import Address
from consentry.domain.sessions import PatientSession, SessionCertificate
from consentry.errors import NoGround, SignatureInvalid
from consentry.ports.receipt_book import Commit, StoredReceipt
from consentry.services.keeper_desk import Desk
from consentry.services.release_intake import Signed, authenticate
from consentry.services.release_questions import Questions
from consentry.services.verify import CommitProof, Evidence

PAGE = 200
_KEYS = ("actor", "after", "chainId", "issuedAt", "nonce", "patient", "session", "type")


@dataclass(frozen=True)
class ReceiptsQuery:
    """Asks for receipts about a patient. `after`: how many of the keeper's sequence numbers to pass over, from 0;
    the `next` of one page is the `after` of the following. `issued_at` in seconds, `nonce` 16 to 32 bytes."""

    actor: Address
    after: int
    chain_id: int
    issued_at: int
    nonce: bytes
    patient: Address
    session: SessionCertificate

    def __post_init__(self) -> None:
        fields.address(self.actor, "query.actor")
        fields.address(self.patient, "query.patient")
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
            nonce=fields.hex_bytes(got["nonce"], "query.nonce", 16, 32),
            patient=got["patient"],
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
                "nonce": fields.to_hex(self.nonce),
                "patient": self.patient,
                "session": self.session.to_json(),
                "type": "receipts",
            }
        )


@dataclass(frozen=True)
class ReceiptsPage:
    """At most PAGE receipts in order; `next` is None on the last page."""

    keeper: Address
    chain_id: int
    evidence: tuple[Evidence, ...]
    next: int | None

    def to_json(self) -> dict[str, Any]:
        receipts = [
            {key: one[key] for key in ("receipt", "signature", "commit")}
            for one in (evidence.to_json() for evidence in self.evidence)
        ]
        return {"keeper": self.keeper, "chainId": self.chain_id, "receipts": receipts, "next": self.next}

    @classmethod
    def parse(cls, obj: Any) -> ReceiptsPage:
        """Read a keeper's answer. Raises LayoutInvalid naming the field."""
        got = fields.exact(obj, ("keeper", "chainId", "receipts", "next"), "page")
        shared = {"keeper": got["keeper"], "chainId": got["chainId"]}
        evidence = []
        for one in fields.array(got["receipts"], "page.receipts", 0, PAGE):
            evidence.append(
                Evidence.parse(fields.exact(one, ("receipt", "signature", "commit"), "receipt") | shared)
            )
        following = None if got["next"] is None else fields.integer(got["next"], "page.next")
        keeper = fields.address(got["keeper"], "page.keeper")
        return cls(keeper, fields.integer(got["chainId"], "page.chainId", 1), tuple(evidence), following)


def receipts(signed: Signed, desk: Desk) -> ReceiptsPage:
    """One page for the patient's side.

    Raises LayoutInvalid, ChainWrong, RequestStale, SignatureInvalid before any chain work; NoGround to anybody
    else; ChainStale, ChainUnreachable.
    """
    query = ReceiptsQuery.parse(signed.request)
    if authenticate(signed, query.session, query.chain_id, query.issued_at, desk) != query.actor:
        raise SignatureInvalid("the session was signed by another account than the actor")
    session = query.session.fields
    if not isinstance(session, PatientSession) or session.patient != query.patient:
        raise NoGround()
    questions = Questions()
    acts = questions.add(desk.ledger.acts_for_call(query.patient, query.actor))
    answers = questions.put(desk.ledger)
    desk.require_fresh(answers.head)
    if not answers.hold(acts):
        raise NoGround()
    found = desk.book.about(query.patient, first_seq=query.after, limit=PAGE + 1)
    page = found[:PAGE]
    following = page[-1].seq + 1 if len(found) > PAGE else None
    return ReceiptsPage(desk.account, desk.ledger.chain_id, _evidence(page, desk), following)


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
