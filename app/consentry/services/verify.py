"""Verifying one receipt from signature to chain, naming the first link that fails (specification A-2).

    signature → layout → proof → root → seat

Everything but `root` and `seat` is checked without the chain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from consentry.crypto.signatures import recover
from consentry.domain import fields, merkle
from consentry.domain.addresses import Address
from consentry.domain.receipts import MAX_RECEIPT_BYTES, Receipt, receipt_value, signing_digest
from consentry.errors import ConsentryError, LayoutInvalid, ProofInvalid
from consentry.ports import Ledger


@dataclass(frozen=True)
class CommitProof:
    """Where a receipt stands on chain: the commit of its range and the proof that leads to its root."""

    root: bytes
    first_seq: int
    transaction: bytes
    proof: merkle.Proof

    def to_json(self) -> dict[str, Any]:
        return {
            "root": fields.to_hex(self.root),
            "firstSeq": self.first_seq,
            "transaction": fields.to_hex(self.transaction),
            **self.proof.to_json(),
        }

    @classmethod
    def parse(cls, obj: Any) -> CommitProof:
        keys = ("root", "firstSeq", "count", "index", "siblings", "transaction")
        got = fields.exact(obj, keys, "commit")
        return cls(
            root=fields.hex_bytes(got["root"], "commit.root"),
            first_seq=fields.integer(got["firstSeq"], "commit.firstSeq"),
            transaction=fields.hex_bytes(got["transaction"], "commit.transaction"),
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


def verify(evidence: Evidence, ledger: Ledger) -> Receipt:
    """The receipt, once every link holds. Raises ProofInvalid that names the first link that does not."""
    for link in links(evidence, ledger):
        if not link.ok:
            raise ProofInvalid(f"{link.name}: {link.detail}", expression=(link.name,))
    return Receipt.parse(evidence.receipt)


def links(evidence: Evidence, ledger: Ledger) -> Iterator[Link]:
    """Each link in turn; ends with the first one that fails. Raises ChainUnreachable, ChainWrong."""
    steps: tuple[tuple[str, Callable[[], str]], ...] = (
        ("signature", lambda: _signature(evidence)),
        ("layout", lambda: _layout(evidence, ledger)),
        ("proof", lambda: _proof(evidence)),
        ("root", lambda: _root(evidence, ledger)),
        ("seat", lambda: _seat(evidence, ledger)),
    )
    for name, step in steps:
        try:
            detail = step()
        except _Fails as failure:
            yield Link(name, ok=False, detail=str(failure))
            return
        yield Link(name, ok=True, detail=detail)


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


def _layout(evidence: Evidence, ledger: Ledger) -> str:
    try:
        receipt = Receipt.parse(evidence.receipt)
    except LayoutInvalid as problem:
        raise _Fails(problem.diagnostics) from None
    if receipt.keeper != evidence.keeper or receipt.chain_id != evidence.chain_id:
        raise _Fails("the receipt names another keeper or chain than its evidence")
    if receipt.chain_id != ledger.chain_id:
        raise _Fails("the receipt belongs to another chain")
    return f"receipt number {receipt.seq}"


def _proof(evidence: Evidence) -> str:
    commit = evidence.commit
    if commit is None:
        raise _Fails("not committed to the chain yet")
    if Receipt.parse(evidence.receipt).seq != commit.first_seq + commit.proof.index:
        raise _Fails("the proof is for another sequence number")
    if not merkle.verify(commit.root, receipt_value(evidence.receipt), commit.proof):
        raise _Fails("the receipt does not lead to the root")
    return f"leaf {commit.proof.index} of {commit.proof.count}"


def _root(evidence: Evidence, ledger: Ledger) -> str:
    commit = evidence.commit
    assert commit is not None
    seen = ledger.receipts_commit(evidence.keeper, commit.root)
    if seen is None:
        raise _Fails("the keeper never committed this root")
    if (seen.first_seq, seen.count) != (commit.first_seq, commit.proof.count):
        raise _Fails("the root is on chain for another range")
    return f"committed in block {seen.block}"


def _seat(evidence: Evidence, ledger: Ledger) -> str:
    version = Receipt.parse(evidence.receipt).committee_version
    committee = ledger.committee(version)
    for keeper in committee.keepers if committee else ():
        if keeper.account == evidence.keeper:
            return f"seat {keeper.seat} of committee {version}"
    raise _Fails(f"the keeper has no seat in committee {version}")
