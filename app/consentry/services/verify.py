"""Verifying one receipt from signature to chain, naming the first link that fails (specification A-2).

    signature → layout → proof → root → seat

Everything but `root` and `seat` is checked without the chain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from consentry.crypto.signatures import recover
from consentry.domain import fields, merkle
from consentry.domain.addresses import Address
from consentry.domain.ledger import CommitteeInfo, ReceiptsCommit
from consentry.domain.receipts import MAX_RECEIPT_BYTES, Receipt, receipt_value, signing_digest
from consentry.errors import ConsentryError, LayoutInvalid, ProofInvalid
from consentry.services.succession import lines_of


@dataclass(frozen=True)
class CommitProof:
    """Where a receipt stands on chain: the commit of its range and the proof that leads to its root.

    `transaction` made the commit; None where it is not told, which makes the root a long search.
    """

    root: bytes
    first_seq: int
    transaction: bytes | None
    proof: merkle.Proof

    def to_json(self) -> dict[str, Any]:
        return {
            "root": fields.to_hex(self.root),
            "firstSeq": self.first_seq,
            "transaction": None if self.transaction is None else fields.to_hex(self.transaction),
            **self.proof.to_json(),
        }

    @classmethod
    def parse(cls, obj: Any) -> CommitProof:
        keys = ("root", "firstSeq", "count", "index", "siblings", "transaction")
        got = fields.exact(obj, keys, "commit")
        made = got["transaction"]
        return cls(
            root=fields.hex_bytes(got["root"], "commit.root"),
            first_seq=fields.integer(got["firstSeq"], "commit.firstSeq"),
            transaction=None if made is None else fields.hex_bytes(made, "commit.transaction"),
            proof=merkle.Proof.parse({key: got[key] for key in ("count", "index", "siblings")}, "commit"),
        )


@dataclass(frozen=True)
class Evidence:
    """A receipt as a keeper hands it out, and what proves it; `commit` is None until it is committed."""

    keeper: Address
    chain_id: int
    receipt: bytes
    signature: bytes
    commit: CommitProof | None

    @cached_property
    def parsed(self) -> Receipt:
        """What the bytes say, whoever signed them. Raises LayoutInvalid naming the field."""
        return Receipt.parse(self.receipt)

    def to_json(self) -> dict[str, Any]:
        return {
            "keeper": self.keeper,
            "chainId": self.chain_id,
            "receipt": fields.to_base64(self.receipt),
            "signature": fields.to_hex(self.signature),
            "commit": None if self.commit is None else self.commit.to_json(),
        }

    @classmethod
    def parse(cls, obj: Any) -> Evidence:
        """Read the JSON form. Raises LayoutInvalid naming the field."""
        got = fields.exact(obj, ("keeper", "chainId", "receipt", "signature", "commit"), "evidence")
        commit = got["commit"]
        return cls(
            keeper=fields.address(got["keeper"], "evidence.keeper"),
            chain_id=fields.integer(got["chainId"], "evidence.chainId", 1),
            receipt=fields.base64_bytes(got["receipt"], "evidence.receipt", 1, MAX_RECEIPT_BYTES),
            signature=fields.hex_bytes(got["signature"], "evidence.signature", 0, 128),
            commit=None if commit is None else CommitProof.parse(commit),
        )


@dataclass(frozen=True)
class Link:
    """One step of the proof; `detail` says what was found."""

    name: str
    ok: bool
    detail: str


class ProofLedger(Protocol):
    """What proofs ask of the chain; a part of the Ledger port, raising what that says."""

    @property
    def chain_id(self) -> int: ...

    def committee(self, version: int | None = None) -> CommitteeInfo | None: ...

    def receipts_commit(self, keeper: str, root: bytes) -> ReceiptsCommit | None: ...

    def receipts_commit_in(self, transaction: bytes) -> tuple[ReceiptsCommit, ...]: ...


def verify(evidence: Evidence, ledger: ProofLedger) -> Receipt:
    """The receipt, once every link holds. Raises ProofInvalid that names the first link that does not."""
    for link in links(evidence, ledger):
        if not link.ok:
            raise ProofInvalid(f"{link.name}: {link.detail}", expression=(link.name,))
    return evidence.parsed


def links(evidence: Evidence, ledger: ProofLedger) -> Iterator[Link]:
    """Each link in turn; ends with the first one that fails. Raises ChainUnreachable, ChainWrong."""
    yield from _walk(
        *_without_chain(evidence, ledger.chain_id),
        ("root", lambda: _root(evidence, ledger)),
        ("seat", lambda: _seat(evidence, ledger)),
    )


def links_without_chain(evidence: Evidence, chain_id: int) -> Iterator[Link]:
    """The links up to `proof`: that the keeper signed it and says how it leads to a root. Proves nothing to the end."""
    yield from _walk(*_without_chain(evidence, chain_id))


_Step = tuple[str, Callable[[], str]]


def _without_chain(evidence: Evidence, chain_id: int) -> tuple[_Step, ...]:
    return (
        ("signature", lambda: _signature(evidence)),
        ("layout", lambda: _layout(evidence, chain_id)),
        ("proof", lambda: _proof(evidence)),
    )


def _walk(*steps: _Step) -> Iterator[Link]:
    for name, step in steps:
        try:
            detail = step()
        except _Fails as failure:
            yield Link(name, ok=False, detail=str(failure))
            return
        yield Link(name, ok=True, detail=detail)


_NOT_THERE = "the transaction that is named did not commit this root of the keeper"


class _Fails(Exception):
    """A link does not hold; kept inside this module."""


def _signature(evidence: Evidence) -> str:
    try:
        signer = recover(signing_digest(evidence.chain_id, evidence.receipt), evidence.signature)
    except ConsentryError:
        raise _Fails("not a signature over these bytes") from None
    if signer != evidence.keeper:
        raise _Fails("another account than the keeper's signed, or the receipt was altered")
    return f"signed by {signer}"


def _layout(evidence: Evidence, chain_id: int) -> str:
    try:
        receipt = evidence.parsed
    except LayoutInvalid as problem:
        raise _Fails(problem.diagnostics) from None
    if receipt.keeper != evidence.keeper or receipt.chain_id != evidence.chain_id:
        raise _Fails("the receipt names another keeper or chain than its evidence")
    if receipt.chain_id != chain_id:
        raise _Fails("the receipt belongs to another chain")
    return f"receipt number {receipt.seq}"


def _proof(evidence: Evidence) -> str:
    commit = evidence.commit
    if commit is None:
        raise _Fails("not committed to the chain yet")
    if evidence.parsed.seq != commit.first_seq + commit.proof.index:
        raise _Fails("the proof is for another sequence number")
    if not merkle.verify(commit.root, receipt_value(evidence.receipt), commit.proof):
        raise _Fails("the receipt does not lead to the root")
    return f"leaf {commit.proof.index} of {commit.proof.count}"


def _root(evidence: Evidence, ledger: ProofLedger) -> str:
    commit = evidence.commit
    assert commit is not None
    commits: tuple[ReceiptsCommit, ...]
    if commit.transaction is None:
        found = ledger.receipts_commit(evidence.keeper, commit.root)
        commits = () if found is None else (found,)
    else:
        commits = ledger.receipts_commit_in(commit.transaction)
    for seen in commits:
        if (seen.keeper, seen.root) == (evidence.keeper, commit.root):
            if (seen.first_seq, seen.count) != (commit.first_seq, commit.proof.count):
                raise _Fails("the root is on chain for another range")
            return f"committed in block {seen.block}"
    raise _Fails("the keeper never committed this root" if commit.transaction is None else _NOT_THERE)


def _seat(evidence: Evidence, ledger: ProofLedger) -> str:
    version = evidence.parsed.committee_version
    committee = ledger.committee(version)
    for keeper in committee.keepers if committee else ():
        if keeper.account == evidence.keeper:
            return f"seat {keeper.seat} of committee {version}"
    for line in lines_of(version, ledger):
        if any(one.account == evidence.keeper for one in line):
            return f"seat {line[0].seat} of committee {version}, taken over"
    raise _Fails(f"the keeper has no seat in committee {version}")
