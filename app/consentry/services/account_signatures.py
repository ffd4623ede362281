"""What can be checked of an account without a chain: that its keepers signed all of it (specification A-6)."""

from __future__ import annotations

from collections.abc import Iterator

from consentry.domain.receipts import Receipt
from consentry.errors import ProofInvalid, told
from consentry.services.account_file import AccountHeader
from consentry.services.receipt_pages import ReceiptsPage
from consentry.services.statements import broken, hold_against, stated
from consentry.services.verify import links_without_chain


def told_by(page: ReceiptsPage, header: AccountHeader) -> Iterator[tuple[Receipt, bool]]:
    """Each receipt of a page, and whether it says that it is committed. Raises ProofInvalid naming keeper and number."""
    try:
        yield from _told_by(page, header)
    except ProofInvalid as problem:
        where = f"keeper {page.keeper}: {problem.diagnostics}"
        raise told(ProofInvalid, where, expression=problem.expression) from None


def _told_by(page: ReceiptsPage, header: AccountHeader) -> Iterator[tuple[Receipt, bool]]:
    for number, one in enumerate(page.evidence, start=1):
        for link in links_without_chain(one, header.chain_id):
            if not link.ok and (link.name != "proof" or one.commit is not None):
                broken(link.name, f"receipt {number} of its page: {link.detail}")
        receipt = Receipt.parse(one.receipt)
        if receipt.patient != header.patient:
            broken("patient", "it is about somebody else", receipt.seq)
    hold_against(stated(page.statement, page.keeper, header.chain_id), page.evidence)
    for one in page.evidence:
        yield Receipt.parse(one.receipt), one.commit is not None
