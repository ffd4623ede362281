"""A page of receipts as a keeper hands it out and as an account keeps it (specification K-10, A-4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from consentry.domain import fields
from consentry.domain.addresses import Address
from consentry.domain.statements import MAX_SEQS, Statement
from consentry.services.statements import SignedStatement, broken, hold_against, stated
from consentry.services.verify import Evidence

PAGE = MAX_SEQS


@dataclass(frozen=True)
class ReceiptsPage:
    """At most PAGE receipts in order; `next` is None on the last page. The `statement` is about exactly these (A-4)."""

    keeper: Address
    chain_id: int
    evidence: tuple[Evidence, ...]
    next: int | None
    statement: SignedStatement

    def to_json(self) -> dict[str, Any]:
        receipts = [
            {key: one[key] for key in ("receipt", "signature", "commit")}
            for one in (evidence.to_json() for evidence in self.evidence)
        ]
        return {
            "keeper": self.keeper,
            "chainId": self.chain_id,
            "receipts": receipts,
            "next": self.next,
            "statement": self.statement.to_json(),
        }

    @classmethod
    def parse(cls, obj: Any) -> ReceiptsPage:
        """Read a keeper's answer. Raises LayoutInvalid naming the field."""
        got = fields.exact(obj, ("keeper", "chainId", "receipts", "next", "statement"), "page")
        shared = {"keeper": got["keeper"], "chainId": got["chainId"]}
        evidence = []
        for one in fields.array(got["receipts"], "page.receipts", 0, PAGE):
            evidence.append(
                Evidence.parse(fields.exact(one, ("receipt", "signature", "commit"), "receipt") | shared)
            )
        following = None if got["next"] is None else fields.integer(got["next"], "page.next")
        return cls(
            fields.address(got["keeper"], "page.keeper"),
            fields.integer(got["chainId"], "page.chainId", 1),
            tuple(evidence),
            following,
            SignedStatement.parse(got["statement"]),
        )


def checked_page(page: ReceiptsPage, *, keeper: str, patient: str, after: int, chain_id: int) -> Statement:
    """What the keeper states about this page, which goes on at `after`. Raises ProofInvalid naming what does not hold.

    Receipts are parsed here, and not otherwise checked.
    """
    statement = stated(page.statement, keeper, chain_id)
    if statement.patient != patient:
        broken("patient", "the keeper's statement is about somebody else")
    if statement.after != after:
        broken("page", f"a page from number {after} on is missing: this one starts at {statement.after}")
    if page.next != (None if statement.last else statement.until):
        broken("page", "whether another page follows is not what the keeper states")
    hold_against(statement, page.evidence)
    return statement
