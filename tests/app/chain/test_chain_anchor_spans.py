"""Anchors read span by span, and the ranges of blocks that they are asked for in."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

import pytest

from consentry.chain import anchors
from consentry.chain.logs import STEP_BLOCKS, Steps
from consentry.chain.rpc import Request
from tests.app.chain.world import World


def test_anchor_spans_meet_and_hold_every_anchor_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """D-1, H-9: whatever their size; each with the hash of its last block, the last one with the head's."""
    first = world.ledger.head().number + 1
    roots = [secrets.token_bytes(32) for _ in range(7)]
    for root in roots:
        world.mercy_hospital.transact("RecordRegistry", "anchor", root, root, 1)
    head = world.ledger.head()
    for size in (1, 2, 3, 1_000):
        monkeypatch.setattr(anchors, "ANCHORS_AT_ONCE", size)
        spans = list(world.ledger.anchor_spans(first, head))
        assert [one.root for span in spans for one in span.anchors] == roots
        assert all(len(span.anchors) <= size for span in spans)
        for span in spans:
            assert span.block_hash == world.ledger.block_hash(span.through)
            assert all(one.block <= span.through for one in span.anchors)
        assert (spans[-1].through, spans[-1].block_hash) == (head.number, head.hash)
    assert list(world.ledger.anchor_spans(head.number + 1, head)) == []


def test_anchor_spans_end_where_the_chain_leaves_the_head(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """D-2, H-9: also where the block that ends the span is on both branches."""
    rpc = world.ledger.connection.rpc
    monkeypatch.setattr(anchors, "ANCHORS_AT_ONCE", 1)
    first = world.ledger.head().number + 1
    for _ in range(2):
        world.mercy_hospital.transact("RecordRegistry", "anchor", secrets.token_bytes(32), bytes(32), 1)
    before = rpc.call("evm_snapshot")
    world.mercy_hospital.transact("RecordRegistry", "anchor", secrets.token_bytes(32), bytes(32), 1)
    spans = world.ledger.anchor_spans(first, world.ledger.head())
    assert next(spans).through == first
    assert rpc.call("evm_revert", before) is True
    assert next(spans, None) is None


def test_a_node_that_is_behind_leaves_no_gap(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """D-1, H-9: of two nodes the one that gives the logs lacks the last block, which the other one knows by its hash."""
    first = world.ledger.head().number + 1
    for _ in range(2):
        world.mercy_hospital.transact("RecordRegistry", "anchor", secrets.token_bytes(32), bytes(32), 1)
    head, connection = world.ledger.head(), world.ledger.connection
    ask = connection.ask

    def two_nodes(asked: Sequence[Request]) -> list[Any]:
        answers = list(ask(asked))
        if all(one.method != "eth_getLogs" for one in asked):
            return answers
        lacked = hex(head.number)
        return [
            [log for log in answer if log["blockNumber"] != lacked]
            if isinstance(answer, list)
            else (None if answer["number"] == lacked else answer)
            for answer in answers
        ]

    with monkeypatch.context() as patch:
        patch.setattr(connection, "ask", two_nodes)
        assert list(world.ledger.anchor_spans(first, head)) == []
        assert world.ledger.anchors_after(first - 1, head.number) == (None, (), None)
    (span,) = world.ledger.anchor_spans(first, head)
    assert len(span.anchors) == 2


def walked(steps: Steps, logs_a_block: int) -> list[int]:
    """How many blocks each range had, of a chain on which every block has so many logs."""
    sizes, reached = list[int](), steps.start
    while steps.are_left:
        assert steps.start == reached
        sizes.append(steps.end - steps.start + 1)
        reached = steps.end + 1
        steps.answered(sizes[-1] * logs_a_block)
    return sizes


@pytest.mark.parametrize(("logs_a_block", "usual"), [(0, STEP_BLOCKS), (1, 1_000), (40, 25), (5_000, 1)])
def test_steps_are_as_large_as_the_logs_that_are_wanted(logs_a_block: int, usual: int) -> None:
    """H-9: on a busy chain few blocks at once, on a quiet one many."""
    sizes = walked(Steps(17, 39_999, 1_000), logs_a_block)
    assert sum(sizes) == 39_983 and sizes[0] == 1_000
    assert max(sizes[1:]) <= usual and sizes.count(usual) >= len(sizes) - 4


def test_steps_become_smaller_where_they_are_refused_and_larger_afterwards() -> None:
    """H-9: in quarters, down to one block, and never again as many as were refused."""
    steps = Steps(0, 10_000)
    assert steps.refused() and steps.end == 1_023
    assert walked(steps, 1)[:4] == [1_024, 2_048, 2_048, 2_048]
    narrow = Steps(0, 100)
    assert [narrow.refused() for _ in range(4)] == [True, True, True, False]
