"""What can be checked of an account without a chain: that its keepers signed all of it (specification A-6)."""

from __future__ import annotations

from collections.abc import Iterator

from consentry.domain.receipts import Receipt
from consentry.domain.statements import Statement
from consentry.errors import ProofInvalid, told
from consentry.services.account_file import AccountHeader
from consentry.services.receipt_pages import ReceiptsPage
from consentry.services.statements import broken, hold_against, stated
from consentry.services.verify import links_without_chain


def told_by(page: ReceiptsPage, header: AccountHeader) -> Iterator[tuple[Receipt, bool]]:
    """Each receipt of a page, and whether it says that it is committed. Raises ProofInvalid naming keeper and number."""
    require_signed(page, header)
    for one in page.evidence:
        yield one.parsed, one.commit is not None


def require_signed(page: ReceiptsPage, header: AccountHeader) -> Statement:
    """What the keeper states about the page, all of which it signed. Raises ProofInvalid naming keeper and number."""
    try:
        return _signed(page, header)
    except ProofInvalid as problem:
        where = f"keeper {page.keeper}: {problem.diagnostics}"
        raise told(ProofInvalid, where, expression=problem.expression) from None


def _signed(page: ReceiptsPage, header: AccountHeader) -> Statement:
    for number, one in enumerate(page.evidence, start=1):
        for link in links_without_chain(one, header.chain_id):
            if not link.ok and (link.name != "proof" or one.commit is not None):
                broken(link.name, f"receipt {number} of its page: {link.detail}")
        receipt = one.parsed
        if receipt.patient != header.patient:
            broken("patient", "it is about somebody else", receipt.seq)
    statement = stated(page.statement, page.keeper, header.chain_id)
    if statement.patient != header.patient:
        broken("patient", "the keeper's statement is about somebody else")
    hold_against(statement, page.evidence)
    return statement
