"""Verifying an account with nothing but a chain node (specification A-6): the first thing that fails is named.

each page: receipts signed → stated by the keeper, none dropped, added, moved → to their roots on chain
each keeper: pages join from 0 to the last → ranges do not overlap → the chain counts as many
between keepers: one request, one story
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol

from consentry.domain.addresses import Address
from consentry.domain.ledger import AuditClock, KeeperInfo, MemberInfo
from consentry.domain.receipts import Receipt
from consentry.domain.statements import Statement
from consentry.errors import LayoutInvalid, ProofInvalid, told
from consentry.services.account_earlier import Earlier, hold_against_earlier
from consentry.services.account_parts import KnownCommits
from consentry.services.account_report import AccountReport, KeeperTold
from consentry.services.account_tally import Contradiction, Tally
from consentry.services.committees import every_keeper
from consentry.services.receipt_pages import ReceiptsPage, checked_page
from consentry.services.statements import broken
from consentry.services.verify import Evidence, Link, ProofLedger, links


class AccountLedger(ProofLedger, Protocol):
    """What verifying an account asks of the chain; a part of the Ledger port, raising what that says."""

    def next_seq_of(self, keeper: str) -> int: ...

    def audit_clock(self, keeper: str) -> AuditClock | None: ...

    def member(self, address: str) -> MemberInfo | None: ...


def verify_account(
    patient: Address,
    pages: Iterable[ReceiptsPage],
    ledger: AccountLedger,
    earlier: Mapping[str, Earlier] = MappingProxyType({}),
) -> AccountReport:
    """What is proven and what is missing, if nothing fails; also held against what keepers stated `earlier` (A-12).

    Raises ProofInvalid naming keeper, number and the first thing that fails; LayoutInvalid as the pages are read;
    ChainUnreachable, ChainWrong.
    """
    check = _Check(patient, ledger, earlier)
    for page in pages:
        keeper = check.keepers.get(page.keeper)
        where = f"keeper {page.keeper}" if keeper is None else check.name(keeper)
        try:
            check.page(page, keeper)
        except ProofInvalid as problem:
            raise told(
                ProofInvalid, f"{where}: {problem.diagnostics}", expression=problem.expression
            ) from None
    return check.report()


@dataclass
class _Pages:
    """How far one keeper's pages go: `after` is where the next one starts."""

    after: int = 0
    last: Statement | None = None
    committed_until: int = 0
    receipts: int = 0
    waiting: int = 0
    root: bytes | None = None
    range_end: int = 0


@dataclass
class _Check:
    patient: Address
    ledger: AccountLedger
    earlier: Mapping[str, Earlier]
    pages: dict[str, _Pages] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    current: str | None = None

    def __post_init__(self) -> None:
        self.keepers = {one.account: one for one in every_keeper(self.ledger)}
        self.known = KnownCommits(self.ledger)
        self.tally = Tally(list(self.keepers), self.known)

    def page(self, page: ReceiptsPage, keeper: KeeperInfo | None) -> None:
        if keeper is None:
            broken("seat", "no committee ever had this keeper")
        if page.keeper != self.current and page.keeper in self.pages:
            broken("page", "its pages do not follow one another")
        self.current = page.keeper
        so_far = self.pages.setdefault(page.keeper, _Pages())
        if so_far.last is not None:
            broken("page", "a page follows the one that the keeper states to be its last")
        receipts = [self._signed(one) for one in page.evidence]
        chain_id = self.ledger.chain_id
        statement = checked_page(
            page, keeper=page.keeper, patient=self.patient, after=so_far.after, chain_id=chain_id
        )
        hold_against_earlier(statement, page.evidence, self.earlier)
        for one, (receipt, failed) in zip(page.evidence, receipts, strict=True):
            waits = self._on_chain(one, receipt, failed, statement, so_far)
            try:
                self.tally.add(receipt, on_chain=not waits)
            except Contradiction as problem:
                other = self.name(self.keepers[problem.keeper])
                broken("agreement", f"{other} tells the same request differently", receipt.seq)
            so_far.waiting += waits
        so_far.receipts += len(receipts)
        so_far.committed_until = max(so_far.committed_until, statement.committed_until)
        so_far.after, so_far.last = statement.until, statement if statement.last else None

    def _signed(self, one: Evidence) -> tuple[Receipt, Link | None]:
        """The receipt, and the later link that fails, if one does."""
        failed = next((link for link in links(one, self.known) if not link.ok), None)
        if failed is not None and failed.name in ("signature", "layout"):
            broken(failed.name, failed.detail, _number(one))
        receipt = one.parsed
        if receipt.patient != self.patient:
            broken("patient", "it is about somebody else", receipt.seq)
        return receipt, failed

    def _on_chain(
        self, one: Evidence, receipt: Receipt, failed: Link | None, statement: Statement, so_far: _Pages
    ) -> bool:
        """Whether it waits for the chain."""
        if one.commit is None:
            if receipt.seq < statement.committed_until:
                broken(
                    "proof", "the keeper states that it is committed, and the proof is not here", receipt.seq
                )
            if one.keeper not in self.tally.seats(receipt.committee_version):
                broken(
                    "seat", f"the keeper has no seat in committee {receipt.committee_version}", receipt.seq
                )
            return True
        if failed is not None:
            broken(failed.name, failed.detail, receipt.seq)
        if one.commit.root != so_far.root:
            if one.commit.first_seq < so_far.range_end:
                broken("contiguity", "two ranges that the keeper committed overlap", receipt.seq)
            so_far.root, so_far.range_end = one.commit.root, one.commit.first_seq + one.commit.proof.count
        return False

    def report(self) -> AccountReport:
        for account, so_far in self.pages.items():
            counted, name = self.ledger.next_seq_of(account), self.name(self.keepers[account])
            if counted < so_far.committed_until:
                broken(
                    "contiguity",
                    f"{name} states {so_far.committed_until} committed receipts, the chain counts {counted}",
                )
            if so_far.last is not None and so_far.range_end > so_far.last.until:
                broken("contiguity", f"{name} committed more receipts than it states to have")
        noted = self.tally.noted()
        for one in noted:
            if one.member is not None:
                self.member(one.member)
        return AccountReport(
            self.patient,
            self.ledger.chain_id,
            tuple(sorted((self._told(one) for one in self.keepers.values()), key=lambda one: one.seat)),
            noted,
            self.names,
        )

    def _told(self, keeper: KeeperInfo) -> KeeperTold:
        so_far = self.pages.get(keeper.account, _Pages())
        silence = self.tally.silence(keeper.account)
        clock = self.ledger.audit_clock(keeper.account) if so_far.last is None else None
        return KeeperTold(
            seat=keeper.seat,
            account=keeper.account,
            member=self.member(keeper.member),
            complete=so_far.last is not None,
            receipts=so_far.receipts,
            waiting=so_far.waiting,
            until=so_far.after,
            at=None if so_far.last is None else so_far.last.time,
            heard_at=None if clock is None else clock.heard_at,
            silence=silence,
        )

    def name(self, keeper: KeeperInfo) -> str:
        return f"keeper in seat {keeper.seat} ({self.member(keeper.member)})"

    def member(self, address: str) -> str:
        """The public name of a member, its address if the chain knows none."""
        if address not in self.names:
            found = self.ledger.member(address)
            self.names[address] = address if found is None else found.name
        return self.names[address]


def _number(one: Evidence) -> int | None:
    """The number that a receipt claims whose signature or layout does not hold."""
    try:
        return one.parsed.seq
    except LayoutInvalid:
        return None
