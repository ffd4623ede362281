"""The usual scan, of some blocks more: as complete as the thorough one, whatever the node does (D-1, D-2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from consentry.chain import anchors
from consentry.chain.rpc import Request, RpcClient, RpcError
from consentry.domain.ledger import ChainHead
from consentry.errors import ChainUnreachable, DatabaseUnreachable
from consentry.index import scanner as scanning
from consentry.index.entries import ABANDONED_SECONDS, SqlIndex
from consentry.index.progress import Progress
from consentry.index.scanner import Scanner
from tests.app.index.authors import Net, rows_of

NOW = 1_800_000_000


def as_node(monkeypatch: pytest.MonkeyPatch, work: Callable[[list[Request], list[Any]], list[Any]]) -> None:
    """A node that answers batches as `work` makes of them."""
    batch = RpcClient.batch

    def worked(self: RpcClient, wanted: Any) -> Any:
        asked = list(wanted)
        return work(asked, batch(self, asked))

    monkeypatch.setattr(RpcClient, "batch", worked)


def in_small_spans(monkeypatch: pytest.MonkeyPatch) -> None:
    """One block each while each has an anchor, however few they are."""
    monkeypatch.setattr(anchors, "ANCHORS_AT_ONCE", 1)
    monkeypatch.setattr(scanning, "FEW_BLOCKS", 0)


def test_scan_asks_for_the_head_once_the_logs_are_known(
    net: Net, index: SqlIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """D-2: nodes may work on one batch in any order, so that a hash beside the logs says nothing of them."""
    scanner = Scanner(net.ledger, net.store, index)
    scanner.scan(NOW)
    left = net.anchor(net.mercy_hospital, net.row())
    head = net.ledger.head()
    batches: list[list[tuple[str, Any]]] = []

    def note(asked: list[Request], answers: list[Any]) -> list[Any]:
        batches.append([(one.method, one.params[0]) for one in asked])
        return answers

    as_node(monkeypatch, note)
    assert scanner.scan(NOW).anchors == 1
    (logs,) = [at for at, batch in enumerate(batches) if any(method == "eth_getLogs" for method, _ in batch)]
    asked_for = [
        at for at, batch in enumerate(batches) if ("eth_getBlockByNumber", hex(head.number)) in batch
    ]
    assert asked_for and max(asked_for) > logs
    assert rows_of(index, net.mercy_hospital.address, left.rows[0].tag)


def test_scan_goes_on_in_smaller_steps_where_the_node_refuses(
    net: Net, index: SqlIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """D-1: an author who anchors more than a node gives at once holds up nobody."""
    scanner = Scanner(net.ledger, net.store, index)
    scanner.scan(NOW)
    news = [net.anchor(net.mercy_hospital, net.row()) for _ in range(3)]

    def one_at_a_time(asked: list[Request], answers: list[Any]) -> list[Any]:
        return [
            RpcError(-32005, "query returned more than 1 result", None) if _is_wide(one) else answer
            for one, answer in zip(asked, answers, strict=True)
        ]

    as_node(monkeypatch, one_at_a_time)
    assert scanner.scan(NOW).anchors == 3
    assert all(rows_of(index, net.mercy_hospital.address, one.rows[0].tag) for one in news)


def test_scan_that_meets_another_branch_reads_it_anew(
    net: Net, index: SqlIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """D-2: the head that was seen first is not there any more when the logs have come."""
    scanner = Scanner(net.ledger, net.store, index)
    scanner.scan(NOW)
    net.anchor(net.mercy_hospital, net.row())
    seen = net.ledger.head()
    with monkeypatch.context() as patched:
        patched.setattr(net.ledger, "head", lambda: ChainHead(seen.number, seen.timestamp, bytes(32)), False)
        assert not scanner.catch_up(NOW) or index.gaps().lag > 0
    assert scanner.scan(NOW).anchors == 1 and index.gaps().lag == 0


def test_scan_goes_on_where_it_was_interrupted(
    net: Net, index: SqlIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """H-9: the node ends in the middle of a back-fill; what was read before is not read again."""
    news = [net.anchor(net.mercy_hospital, net.row()) for _ in range(4)]
    in_small_spans(monkeypatch)
    ranges: list[int] = []
    last = net.ledger.head().number - 3

    def fails(asked: list[Request], answers: list[Any]) -> list[Any]:
        ranges.extend(int(one.params[0]["fromBlock"], 16) for one in asked if one.method == "eth_getLogs")
        if ranges and ranges[-1] > last:
            raise ChainUnreachable("gone")
        return answers

    with monkeypatch.context() as patched:
        as_node(patched, fails)
        with pytest.raises(ChainUnreachable):
            Scanner(net.ledger, net.store, index).scan(NOW)
    reached, ranges[:] = ranges[-1], []
    last = net.ledger.head().number + 1
    as_node(monkeypatch, fails)
    report = Scanner(net.ledger, net.store, index).scan(NOW)
    assert ranges and min(ranges) >= reached and 1 <= report.anchors < 4
    assert all(rows_of(index, net.mercy_hospital.address, one.rows[0].tag) for one in news)


def test_scan_keeps_nothing_of_a_span_that_may_be_of_another_branch(
    net: Net, index: SqlIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """H-9, D-2: the chain changes while the second span is asked for and the first one, of the same branch, is written."""
    scanner, rpc = Scanner(net.ledger, net.store, index), net.ledger.connection.rpc
    scanner.scan(NOW)
    before = rpc.call("evm_snapshot")
    left = [net.anchor(net.mercy_hospital, net.row()) for _ in range(3)]
    in_small_spans(monkeypatch)
    questions: list[str] = []

    def leaves(asked: list[Request], answers: list[Any]) -> list[Any]:
        questions.extend(one.method for one in asked)
        if asked[0].method == "eth_getLogs" and questions.count("eth_getLogs") == 2:
            assert rpc.call("evm_revert", before) is True
        return answers

    with monkeypatch.context() as patched:
        as_node(patched, leaves)
        assert scanner.scan(NOW).anchors == 1
    assert index.gaps().lag == 2 and questions.count("eth_getLogs") == 2
    new = net.anchor(net.city_hospital, net.row())
    report = scanner.scan(NOW)
    assert (report.rolled_back_to is not None, report.anchors) == (True, 1)
    assert not any(rows_of(index, net.mercy_hospital.address, one.rows[0].tag) for one in left)
    assert rows_of(index, net.city_hospital.address, new.rows[0].tag)


def test_scan_asks_for_nothing_more_once_its_database_fails(
    net: Net, index: SqlIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """H-9: what was read ahead is dropped, and read again by the next scan."""
    news = [net.anchor(net.mercy_hospital, net.row()) for _ in range(4)]
    in_small_spans(monkeypatch)
    asked_for: list[str] = []

    def full(*_: Any, **__: Any) -> int:
        raise DatabaseUnreachable("the disk is full")

    def note(asked: list[Request], answers: list[Any]) -> list[Any]:
        asked_for.extend(one.method for one in asked)
        return answers

    with monkeypatch.context() as patched:
        patched.setattr(Progress, "note_anchors", full)
        as_node(patched, note)
        with pytest.raises(DatabaseUnreachable):
            Scanner(net.ledger, net.store, index).scan(NOW)
        assert asked_for.count("eth_getLogs") == 2
    assert Scanner(net.ledger, net.store, index).scan(NOW).anchors == 4
    assert all(rows_of(index, net.mercy_hospital.address, one.rows[0].tag) for one in news)


def test_gaps_are_those_that_the_status_tells(net: Net, index: SqlIndex) -> None:
    """D-6: readers hear in little time what operators hear in full."""
    scanner = Scanner(net.ledger, net.store, index)
    net.anchor(net.city_hospital, net.row(missing=True))
    net.anchor_as(net.mercy_hospital, b"\1" * 32, b"\2" * 32, 1)
    for now in (NOW, NOW + ABANDONED_SECONDS):
        scanner.scan(now)
        gaps, status = index.gaps(), index.status()
        assert (gaps.lag, gaps.missing_of, gaps.abandoned_of) == (
            status.lag,
            status.missing_of,
            status.abandoned_of,
        )
        assert gaps.waiting == (status.entries_missing > 0) and not gaps.settled


def _is_wide(one: Request) -> bool:
    return one.method == "eth_getLogs" and one.params[0]["fromBlock"] != one.params[0]["toBlock"]
