"""A keeper fixes its receipts on chain: Merkle roots over contiguous ranges (specification K-9, A-1).

The chain is the authority on what was committed. A crash between sending and noting is healed by reading the
chain; receipts that differ from what the chain fixes mean an old or foreign database, and the keeper must not
serve.
"""

from __future__ import annotations

from consentry.domain import merkle
from consentry.errors import ChainStale, KeeperBehindChain
from consentry.ports import Ledger, Sender
from consentry.ports.receipt_book import Commit, ReceiptBook

MOST_RECEIPTS = 128
"""Receipts in one commit: keeps proofs short and a patient's page of them cheap to build."""

LOOK_AGAIN_SECONDS = 900
"""A keeper asks the chain at least this often when it has to speak: the consortium may have shortened the period."""


def reconcile(book: ReceiptBook, ledger: Ledger, keeper: str) -> int:
    """Note every commit that the chain has and the book has not, forget those that it no longer has (A-13); returns where
    the next one starts.

    Raises KeeperBehindChain if the chain fixes receipts that the book does not hold; ChainStale if the node is not as far
    as a commit that the book has.
    """
    on_chain = ledger.next_seq_of(keeper)
    if on_chain > book.next_seq():
        raise KeeperBehindChain(f"the chain fixes {on_chain} receipts, this database has {book.next_seq()}")
    while (until := book.committed_until()) < on_chain:
        seen = ledger.receipts_commit_of_seq(keeper, until)
        if seen is None:
            raise ChainStale("the node does not show a commit that it counts")
        values = book.values(seen.first_seq, seen.count)
        if seen.first_seq != until or len(values) != seen.count or merkle.root(values) != seen.root:
            raise KeeperBehindChain(f"receipts from number {until} differ from those that the chain fixes")
        book.note(Commit(seen.root, seen.first_seq, seen.count, seen.transaction, seen.block))
    if until > on_chain:
        last = book.commit_covering(until - 1)
        if last is None or ledger.head().number <= last.block:
            raise ChainStale("the node has not seen this keeper's last commit")
        book.forget_commits(on_chain)
    return on_chain


def commit_next(book: ReceiptBook, ledger: Ledger, sender: Sender) -> Commit | None:
    """Commit the oldest receipts that are not on chain yet, at most MOST_RECEIPTS; None if there are none.

    Raises as `reconcile` does, and TransactionReverted, ChainUnreachable.
    """
    first_seq = reconcile(book, ledger, sender.address)
    values = book.values(first_seq, MOST_RECEIPTS)
    if not values:
        return None
    root = merkle.root(values)
    receipt = sender.transact("AuditLog", "commit", root, first_seq, len(values))
    commit = Commit(root, first_seq, len(values), receipt.hash, receipt.block)
    book.note(commit)
    return commit


def attest_when_due(book: ReceiptBook, ledger: Ledger, sender: Sender) -> int:
    """Say on chain that there is nothing to commit, once half the time has passed in which a keeper must be heard (A-3).

    Returns after how many seconds to call again. Raises as `commit_next` does.
    """
    clock = ledger.audit_clock(sender.address)
    if clock is None:
        return LOOK_AGAIN_SECONDS
    left = clock.heard_at + clock.commit_within // 2 - clock.now
    if left > 0:
        return min(left, LOOK_AGAIN_SECONDS)
    next_seq = reconcile(book, ledger, sender.address)
    if book.next_seq() == next_seq:  # else a commit is coming, and is heard as well
        sender.transact("AuditLog", "attest", next_seq)
    return min(clock.commit_within // 2, LOOK_AGAIN_SECONDS)
