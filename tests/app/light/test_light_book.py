"""A book of proven logs belongs to the contracts it was kept for, and gives way to a newer checkpoint (H-79)."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path
from secrets import token_bytes
from typing import Any

import pytest

from consentry.chain.connection import Connection
from consentry.chain.deployment import Deployment
from consentry.chain.ledger import ChainLedger
from consentry.chain.rpc import Request
from consentry.errors import ChainStale, ChainWrong
from consentry.light.book import Book
from consentry.light.checkpoint import Checkpoint
from consentry.light.endpoint import proven_rpc
from consentry.light.proven_rpc import ProvenRpc
from tests.app.light.conftest import DEPTH, Clinic
from tests.app.light.test_light_logs import anchored, mined, roots

GENESIS = token_bytes(32)
CONTRACTS = token_bytes(32)
VALIDATORS = tuple(bytes([number]) * 20 for number in range(1, 5))


def at(number: int, validators: tuple[bytes, ...] = VALIDATORS) -> Checkpoint:
    return Checkpoint("istanbul", number, number.to_bytes(32, "big"), validators)


def followed(path: Path, number: int) -> None:
    """A book of CONTRACTS that began with block 10 and is whole up to this one."""
    book = Book(path, GENESIS, CONTRACTS, at(10))
    book.extend([], [(512, bytes(32))], at(number))
    book.close()


def reopened(clinic: Clinic, deployment: Deployment, book: Path, start: Checkpoint) -> ProvenRpc:
    rpc = proven_rpc(clinic.endpoint, deployment, start, clinic.clock, book)
    while rpc.chain.follow():
        pass
    return rpc


def before_replacement(clinic: Clinic) -> Deployment:
    """As a deployment file was before its registry of records was replaced by the one that is there now."""
    old = clinic.deployment.addresses | {"RecordRegistry": "0x" + "77" * 20}
    return replace(clinic.deployment, addresses=old)


def test_logs_of_a_contract_that_came_later_are_not_passed_over(clinic: Clinic, tmp_path: Path) -> None:
    """H-79: of blocks that were checked without it nothing is said until they are checked again."""
    root = anchored(clinic)
    mined(clinic, DEPTH + 1)
    reopened(clinic, before_replacement(clinic), tmp_path / "book", clinic.checkpoint).close()
    anchored(clinic)
    rpc = reopened(clinic, clinic.deployment, tmp_path / "book", clinic.checkpoint)
    ledger = ChainLedger(Connection(rpc, clinic.deployment))
    with pytest.raises(ChainStale, match="still to be checked"):
        roots(ledger)
    while rpc.go_on(64):
        pass
    assert root in roots(ledger)
    assert roots(ledger) == roots(clinic.world.ledger)


@pytest.mark.parametrize(
    ("handed_out", "begins"),
    [
        (at(5_000), at(5_000)),
        (at(1_000, VALIDATORS[1:]), at(1_000, VALIDATORS[1:])),
        (at(1_000), None),
        (at(999, VALIDATORS[1:]), None),
    ],
    ids=["later", "the same block, other validators", "the same", "earlier"],
)
def test_a_checkpoint_that_is_not_older_than_the_book_is_followed(
    tmp_path: Path, handed_out: Checkpoint, begins: Checkpoint | None
) -> None:
    """H-79: with what was kept looked for anew, by the hashes that lead back from it."""
    followed(tmp_path / "book", 1_000)
    for _ in range(2):
        book = Book(tmp_path / "book", GENESIS, CONTRACTS, handed_out)
        span, mark = book.span(), book.mark_from(1)
        book.close()
        if begins is None:
            assert (span.lowest, span.checkpoint) == (11, at(1_000)) and mark is not None
        else:
            assert (span.lowest, span.before, span.checkpoint) == (begins.number + 1, begins.block, begins)
            assert mark is None


def test_other_contracts_lead_back_to_no_older_checkpoint(tmp_path: Path) -> None:
    """H-79: keys that were retired since then could sign another story of what followed it."""
    followed(tmp_path / "book", 1_000)
    book = Book(tmp_path / "book", GENESIS, token_bytes(32), at(10))
    assert (book.span().lowest, book.span().checkpoint) == (1_001, at(1_000))


def test_a_book_from_before_it_named_contracts_is_begun_anew(tmp_path: Path) -> None:
    """H-79: nobody knows which they were."""
    followed(tmp_path / "book", 1_000)
    old = sqlite3.connect(tmp_path / "book")
    with old:
        old.execute("ALTER TABLE progress DROP COLUMN contracts")
        old.execute("ALTER TABLE progress DROP COLUMN begun")
    old.close()
    for _ in range(2):
        book = Book(tmp_path / "book", GENESIS, CONTRACTS, at(10))
        assert (book.span().lowest, book.span().checkpoint) == (1_001, at(1_000))
        book.close()


@pytest.mark.parametrize(
    ("contracts", "start"),
    [(token_bytes(32), at(10)), (CONTRACTS, at(5_000))],
    ids=["contracts", "checkpoint"],
)
def test_who_has_the_book_open_while_it_is_begun_anew_gets_nothing_more_from_it(
    tmp_path: Path, contracts: bytes, start: Checkpoint
) -> None:
    """H-79: nor writes into it how far an older one was whole; as a gateway that still runs with the settings of before."""
    book = Book(tmp_path / "book", GENESIS, CONTRACTS, at(10))
    anew = Book(tmp_path / "book", GENESIS, contracts, start)
    begun = anew.span()
    with pytest.raises(ChainWrong):
        book.span()
    with pytest.raises(ChainWrong):
        book.extend([], [(512, bytes(32))], at(6_000))
    with pytest.raises(ChainWrong):
        book.extend_back([], [(512, bytes(32))], 9, bytes(32))
    assert anew.span() == begun and anew.mark_from(1) is None


def test_logs_that_are_forgotten_meanwhile_are_not_taken_for_none(clinic: Clinic, tmp_path: Path) -> None:
    """H-79: another process begins the book anew while one answers from it."""
    book = tmp_path / "book"
    anchored(clinic)
    mined(clinic, DEPTH + 1)
    ledger = clinic.ledger(book)
    known = roots(ledger)
    kept = sqlite3.connect(book)
    ((genesis, contracts),) = kept.execute("SELECT chain, contracts FROM progress").fetchall()
    kept.close()
    later = Checkpoint("clique", 2**40, bytes(32))
    begun = []

    def lie(request: Request, result: Any) -> Any:
        if request.method == "eth_getBlockReceipts" and not begun:
            begun.append(Book(book, genesis, contracts, later).close())
        return result

    clinic.endpoint.lie = lie
    anchored(clinic)
    with pytest.raises(ChainWrong):
        roots(ledger)
    assert begun and known
