"""What is remembered of blocks holds however late answers come, and whatever becomes of these blocks (D-1, D-4, K-5)."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from consentry.chain.connection import Connection
from consentry.chain.history import STEP_BYTES_KEPT
from consentry.chain.ledger import ChainLedger
from consentry.chain.reading_view import MOST_VALUE_BYTES
from consentry.chain.rpc import Request, RpcClient
from consentry.chain.sender import ChainSender
from consentry.domain.directory import SERVICE
from consentry.domain.ledger import ChainHead
from tests.app.chain.world import World

NAME = SERVICE.encode("ascii").ljust(32, b"\0")


def ledger_of(world: World, finality: int) -> ChainLedger:
    deployment = replace(world.ledger.connection.deployment, finality=finality)
    return ChainLedger(Connection(world.ledger.connection.rpc, deployment))


def name(patient: ChainSender, value: bytes) -> None:
    patient.transact("IdentityRegistry", "setAttribute", patient.address, NAME, value, 10**9)


def after_each(monkeypatch: pytest.MonkeyPatch, then: Callable[[Sequence[Request]], object]) -> None:
    """Something happens after the node has worked on a batch, before its answers are here."""
    batch = RpcClient.batch

    def slow(self: RpcClient, wanted: Any) -> Any:
        asked = list(wanted)
        answers = batch(self, asked)
        then(asked)
        return answers

    monkeypatch.setattr(RpcClient, "batch", slow)


def test_head_counts_from_when_it_was_asked_for(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """D-1: a read that begins while an old head is under way does not take it for its own."""
    ledger, begun = ledger_of(world, 1), []
    after_each(monkeypatch, lambda asked: begun.append(time.monotonic()))
    for ask in (ledger.head, lambda: ledger.evaluate_both([ledger.changed_call(world.alice.address)])):
        ask()
        assert ledger.connection.head_since(begun[-1]) is None
        assert ledger.connection.head_since(0.0) is not None
    newest = ledger.head()
    ledger.connection.noted(ChainHead(0, 0, bytes(32)), begun[0])
    assert ledger.connection.head_since(0.0) == newest


def test_answer_of_a_branch_that_was_left_is_not_remembered(world: World) -> None:
    """D-4: a read began at a block, heard the answer of the next one, and that one was undone."""
    ledger, alice, rpc = ledger_of(world, 2), world.actor(), world.ledger.connection.rpc
    head = ledger.head()
    view = ledger.for_one_read(0.0)
    before = rpc.call("evm_snapshot")
    name(alice, b"ipfs://left")
    assert len(view.attributes(alice.address, SERVICE)) == 1
    assert rpc.call("evm_revert", before) is True
    assert ledger.head() == head
    assert ledger.for_one_read(0.0).attributes(alice.address, SERVICE) == ()


def test_what_became_final_since_the_last_head_counts(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """H-72: whoever sent it was told that it is done, and goes on at once to somebody who asked for a head just before."""
    monkeypatch.setattr("consentry.chain.connection.FINAL_HEAD_SECONDS", 600.0)
    ledger, alice = ledger_of(world, 1), world.actor()
    ledger.head()
    name(alice, b"ipfs://one")
    changed = ledger.changed_call(alice.address)
    assert ledger.evaluate_both([changed]).final[0].get() == 0, "nothing follows it yet"
    world.ledger.connection.rpc.call("evm_mine")
    views = ledger.evaluate_both([changed])
    assert views.final[0].get() == views.latest[0].get() > 0


def test_view_takes_no_part_of_a_history_for_all_of_it(world: World) -> None:
    """D-4: where a history is walked from is another question, and its answer another one."""
    ledger, alice = world.ledger, world.actor()
    name(alice, b"ipfs://one")
    view = ledger.for_one_read(time.monotonic())
    assert view.attributes(alice.address, SERVICE, 0) == ()
    assert len(view.attributes(alice.address, SERVICE)) == 1


@pytest.mark.parametrize(("size", "asked"), [(40, 0), (MOST_VALUE_BYTES + 1, 1), (STEP_BYTES_KEPT + 1, 2)])
def test_what_is_remembered_of_histories_is_small(
    world: World, monkeypatch: pytest.MonkeyPatch, size: int, asked: int
) -> None:
    """K-2: anybody can have large values written, and they fill nobody's memory. `asked`: round trips of the second look."""
    ledger, alice = ledger_of(world, 1), world.actor()
    name(alice, bytes(size))
    world.ledger.connection.rpc.call("evm_mine")
    ledger.head()
    began, trips = time.monotonic(), [0]
    ledger.head()
    found = ledger.for_one_read(began).attributes(alice.address, SERVICE)
    view = ledger.for_one_read(began)
    after_each(monkeypatch, trips.extend)
    assert view.attributes(alice.address, SERVICE) == found and len(found[0].value) == size
    questions = [one for one in trips[1:] if one.method in ("eth_call", "eth_getLogs")]
    assert len(questions) == asked


def test_block_that_becomes_final_under_way_is_not_remembered(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """K-5: what a node said of a block before it was final may have been of another block."""
    ledger, alice = ledger_of(world, 1), world.actor()
    name(alice, b"ipfs://one")
    head, asked = ledger.head(), []
    with monkeypatch.context() as patched:
        later = replace(head, number=head.number + 1)
        after_each(patched, lambda _: ledger.connection.noted(later, time.monotonic()))
        assert len(ledger.attributes(alice.address, SERVICE, head.number)) == 1
    after_each(monkeypatch, asked.extend)
    for _ in range(2):
        assert len(ledger.attributes(alice.address, SERVICE, head.number)) == 1
    assert [one.method for one in asked] == ["eth_getLogs"]  # now it is, and asked for once
