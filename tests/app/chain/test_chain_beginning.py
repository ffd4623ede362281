"""Calls that wait for their turn at the same time begin together, and each hears of its own outcome."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from consentry.chain.rpc import Request, RpcClient, RpcError
from consentry.chain.sender import ChainSender
from consentry.errors import ChainUnreachable, ConsentryError
from consentry.index.sendings import SqlSendings
from tests.app.chain.sending import anchor, nonce, times_anchored
from tests.app.chain.world import World
from tests.waiting import until

SEND = "eth_sendRawTransaction"


class Killed(BaseException):
    """The thread ends here."""


@pytest.fixture
def counted(book: SqlSendings, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many calls each transaction of the book that begins some is for."""
    begun, begin_all = list[int](), SqlSendings.begin_all

    def counting(self: SqlSendings, account: str, calls: Sequence[Any], *other: Any) -> Any:
        begun.append(len(calls))
        return begin_all(self, account, calls, *other)

    monkeypatch.setattr(SqlSendings, "begin_all", counting)
    return begun


def at_once(sender: ChainSender, roots: Sequence[bytes]) -> list[Future[int]]:
    """Anchors that all wait before the first one's turn comes."""

    def asked() -> int:
        return sum(one.askers for one in sender._beginning._waiting)

    waiting: list[Future[int]] = []
    with ThreadPoolExecutor(len(roots)) as pool, sender._beginning._turn:
        for root in roots:
            waiting.append(pool.submit(anchor, sender, root))
            until(lambda: asked() == len(waiting), "its wait")
    return waiting


def refusing(number: int, refusal: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    """The node does so with the transaction that is sent as this one, counted from 0."""
    exchange, sent = RpcClient.exchange, list[Request]()

    def refuses(self: RpcClient, wanted: Sequence[Request]) -> list[Any]:
        if wanted[0].method == SEND:
            sent.append(wanted[0])
            if len(sent) == number + 1:
                if isinstance(refusal, RpcError):
                    return [refusal]
                raise refusal
        return exchange(self, wanted)

    monkeypatch.setattr(RpcClient, "exchange", refuses)


def test_begin_keeps_what_waits_in_one_transaction(
    world: World, key: bytes, book: SqlSendings, counted: list[int]
) -> None:
    """H-84: each takes effect once, and the same call twice is one transaction (H-7)."""
    sender = ChainSender(world.ledger.connection, key, sendings=book)
    before = nonce(world.ledger.connection.rpc, sender.address)
    roots = [secrets.token_bytes(32) for _ in range(5)]
    blocks = [one.result() for one in at_once(sender, [*roots, roots[0]])]
    assert counted[0] == 5 and blocks[0] == blocks[5]
    assert [times_anchored(world.ledger, root) for root in roots] == [1] * 5
    assert nonce(world.ledger.connection.rpc, sender.address) == before + 5
    assert book.of(sender.address) == ()


def test_begin_tells_each_what_the_contract_says_to_its_own_call(
    world: World, key: bytes, book: SqlSendings, counted: list[int]
) -> None:
    """H-84: one that is anchored already is refused, its neighbours are not."""
    sender = ChainSender(world.ledger.connection, key, sendings=book)
    roots = [secrets.token_bytes(32) for _ in range(3)]
    anchor(sender, roots[1])
    first, refused, last = at_once(sender, roots)
    assert isinstance(refused.exception(), ConsentryError) and first.result() < last.result()
    assert counted == [1, 2] and [times_anchored(world.ledger, root) for root in roots] == [1] * 3


def test_one_that_the_node_refuses_leaves_no_gap_before_the_others(
    world: World, key: bytes, book: SqlSendings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """H-84, H-8: its nonce is filled, and what follows takes effect without it."""
    sender = ChainSender(world.ledger.connection, key, sendings=book)
    roots = [secrets.token_bytes(32) for _ in range(3)]
    refusing(1, RpcError(-32000, "insufficient funds for gas * price + value", None), monkeypatch)
    first, refused, last = at_once(sender, roots)
    assert isinstance(refused.exception(), ChainUnreachable) and first.result() < last.result()
    until(lambda: sender.tend() == 0, "the end of what filled it")
    assert [times_anchored(world.ledger, root) for root in roots] == [1, 0, 1]


def test_one_that_is_interrupted_leaves_the_others_to_themselves(
    world: World, key: bytes, book: SqlSendings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """H-84, H-7: all are in the book by then, so that none is lost and none takes effect twice."""
    sender = ChainSender(world.ledger.connection, key, sendings=book)
    roots = [secrets.token_bytes(32) for _ in range(3)]
    refusing(1, Killed(), monkeypatch)
    told = [one.exception() for one in at_once(sender, roots)]
    assert sum(isinstance(one, Killed) for one in told) == 1 and told.count(None) == 2
    until(lambda: sender.tend() == 0, "the end of the one that nobody waits for")
    assert [times_anchored(world.ledger, root) for root in roots] == [1] * 3


def test_who_gives_up_waiting_is_begun_by_nobody(world: World, key: bytes, book: SqlSendings) -> None:
    """H-84: what was said not to be sent is not sent when the turn comes."""
    sender = ChainSender(world.ledger.connection, key, sendings=book, wait_seconds=0.05)
    other = ChainSender(world.ledger.connection, key, sendings=book)
    late, root = secrets.token_bytes(32), secrets.token_bytes(32)
    with sender._beginning._turn, pytest.raises(ChainUnreachable):
        anchor(sender, late)
    assert sender._beginning._waiting == [] and anchor(other, root)
    assert times_anchored(world.ledger, late) == 0 and book.of(sender.address) == ()
