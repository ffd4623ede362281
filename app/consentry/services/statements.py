"""A keeper's statement beside its page of receipts: made, checked, and held against the receipts (A-4, L-24)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from consentry.crypto.signatures import recover
from consentry.domain import fields
from consentry.domain.receipts import receipt_value
from consentry.domain.statements import MAX_STATEMENT_BYTES, Statement, statement_digest, values_digest
from consentry.errors import ConsentryError, LayoutInvalid, ProofInvalid
from consentry.services.verify import Evidence


@dataclass(frozen=True)
class SignedStatement:
    """The canonical bytes of a statement and the keeper's signature over them, 65 bytes (L-24)."""

    statement: bytes
    signature: bytes

    def to_json(self) -> dict[str, Any]:
        return {"statement": fields.to_base64(self.statement), "signature": fields.to_hex(self.signature)}

    @classmethod
    def parse(cls, obj: Any) -> SignedStatement:
        """Read the JSON form. Raises LayoutInvalid naming the field."""
        got = fields.exact(obj, ("statement", "signature"), "statement")
        return cls(
            fields.base64_bytes(got["statement"], "statement.statement", 1, MAX_STATEMENT_BYTES),
            fields.hex_bytes(got["signature"], "statement.signature", 0, 128),
        )


def stated(signed: SignedStatement, keeper: str, chain_id: int) -> Statement:
    """What the keeper stated. Raises ProofInvalid (`statement`) for what it did not sign, or not for this chain."""
    try:
        signer = recover(statement_digest(chain_id, signed.statement), signed.signature)
        statement = Statement.parse(signed.statement)
    except LayoutInvalid as problem:
        broken("statement", problem.diagnostics)
    except ConsentryError:
        broken("statement", "not a signature over these bytes")
    if signer != keeper or statement.keeper != keeper:
        broken("statement", "another account than the keeper's signed it, or it was altered")
    if statement.chain_id != chain_id:
        broken("statement", "it belongs to another chain")
    return statement


def hold_against(statement: Statement, evidence: Sequence[Evidence]) -> None:
    """Whether these are exactly the receipts that are stated. Raises ProofInvalid naming what was done to them.

    Every receipt has been parsed before, and its signature checked.
    """
    found = [one.parsed.seq for one in evidence]
    want = statement.seqs
    if len(found) != len(set(found)):
        twice = next(seq for place, seq in enumerate(found) if seq in found[:place])
        broken("duplicated", "it stands here twice", twice)
    for seq in found:
        if seq not in want:
            broken("added", "the keeper does not state it", seq)
    for seq in want:
        if seq not in found:
            broken("dropped", "the keeper states it, and it is not here", seq)
    for seq, expected in zip(found, want, strict=True):
        if seq != expected:
            broken("reordered", f"it stands where number {expected} is stated", seq)
    if values_digest(receipt_value(one.receipt) for one in evidence) != statement.digest:
        broken("altered", "one of these receipts is not the one that the keeper states under its number")


def broken(link: str, detail: str, seq: int | None = None) -> NoReturn:
    """Raise ProofInvalid: the link that fails, and the number of the receipt if it is about one."""
    where = "" if seq is None else f"receipt number {seq}: "
    expression = (link,) if seq is None else (link, str(seq))
    raise ProofInvalid(f"{where}{link}: {detail}", expression=expression)
