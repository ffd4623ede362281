"""What keepers stated before, in an account that was exported earlier (specification A-12).

A keeper that leaves a receipt out, or has lost it, contradicts its own signature there.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from consentry.domain.receipts import receipt_value
from consentry.domain.statements import Statement
from consentry.services.account_file import AccountHeader
from consentry.services.account_signatures import require_signed
from consentry.services.receipt_pages import ReceiptsPage
from consentry.services.statements import broken
from consentry.services.verify import Evidence


@dataclass
class Earlier:
    """One keeper's receipts about the patient, by number and Merkle value; it stated that these are all before `until`."""

    until: int = 0
    seqs: list[int] = field(default_factory=list)
    values: dict[int, bytes] = field(default_factory=dict)

    def between(self, after: int, until: int) -> list[int]:
        return self.seqs[bisect_left(self.seqs, after) : bisect_left(self.seqs, until)]


def earlier_account(header: AccountHeader, pages: Iterable[ReceiptsPage]) -> dict[str, Earlier]:
    """What each keeper signed. Raises ProofInvalid for what it did not, LayoutInvalid as the pages are read.

    Asks no chain: a signature holds without one.
    """
    found: dict[str, Earlier] = {}
    for page in pages:
        statement = require_signed(page, header)
        one = found.setdefault(page.keeper, Earlier())
        if statement.after != one.until:
            broken("page", f"keeper {page.keeper}: a page from number {one.until} on is missing")
        one.until = statement.until
        one.seqs += statement.seqs
        values = (receipt_value(evidence.receipt) for evidence in page.evidence)
        one.values.update(zip(statement.seqs, values, strict=True))
    return found


def hold_against_earlier(
    statement: Statement, evidence: Iterable[Evidence], earlier: Mapping[str, Earlier]
) -> None:
    """Raise ProofInvalid (`earlier`) where a keeper states something else than it did before."""
    before = earlier.get(statement.keeper)
    if before is None:
        return
    values = (receipt_value(one.receipt) for one in evidence)
    now = dict(zip(statement.seqs, values, strict=True))
    for seq in before.between(statement.after, statement.until):
        if seq not in now:
            broken("earlier", "the keeper stated before that it has it, and shows it no more", seq)
        if now[seq] != before.values[seq]:
            broken("earlier", "the keeper signed another receipt under this number before", seq)
    for seq in now:
        if seq < before.until and seq not in before.values:
            broken("earlier", "the keeper stated before that it has none under this number", seq)
    if statement.last and statement.until < before.until:
        broken("earlier", f"the keeper had {before.until} receipts before, and states {statement.until} now")
