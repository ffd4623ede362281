"""A reorganisation takes back what was on the chain (specification K-3, K-9, G-1)."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from consentry.errors import ConsentryError, NoGround
from tests.faults.conftest import Exchange
from tests.faults.network import FaultyNetwork
from tests.faults.test_keeper_deaths import all_committed
from tests.waiting import until

Seen = Callable[[str], None]


class Branch:
    """The chain as it is now, to which `undo` goes back on another branch."""

    def __init__(self, network: FaultyNetwork) -> None:
        self._ledger = network.ledger
        self._rpc = network.connection.rpc
        self._before = self._rpc.call("evm_snapshot")
        self.block = self._ledger.head().number

    def undo(self) -> None:
        height = self._ledger.head().number
        assert self._rpc.call("evm_revert", self._before) is True
        self._rpc.call("evm_increaseTime", max(int(time.time()) - self._ledger.head().timestamp, 0))
        while self._ledger.head().number <= height:  # the other branch is longer
            self._rpc.call("evm_mine")


def commits_of_everybody(network: FaultyNetwork) -> int:
    return sum(all_committed(network, slug) for slug in network.keepers)


def test_grant_is_undone(network: FaultyNetwork, new_exchange: Callable[..., Exchange], seen: Seen) -> None:
    """a reorganisation that undoes a grant

    K-3: nothing is released on a grant that is no more; receipts committed on the lost branch are committed again.
    """
    branches: list[Branch] = []
    exchange = new_exchange(9.4, before_grant=lambda: branches.append(Branch(network)))
    assert exchange.read() == [9.4]
    commits_of_everybody(network)
    branches[0].undo()
    with pytest.raises(NoGround):
        exchange.read()
    committed = commits_of_everybody(network)
    (proposed,) = exchange.patient.consents()
    exchange.patient.grant(proposed)
    assert exchange.read() == [9.4]
    seen(f"refused at once; all {committed} receipts on chain again; granted again and read")


def test_anchor_is_undone(network: FaultyNetwork, new_exchange: Callable[..., Exchange], seen: Seen) -> None:
    """a reorganisation that undoes an anchor

    G-1, D-1: the record is gone from answers, and its author anchors it again by itself.
    """
    exchange = new_exchange(9.5)
    branch = Branch(network)
    exchange.publish(9.6)
    assert exchange.read() == [9.5, 9.6]
    branch.undo()

    def read() -> list[float]:
        try:
            return exchange.read()
        except ConsentryError:
            return []

    assert until(lambda: len(found := read()) == 2 and found, "the author's own second anchor") == [9.5, 9.6]
    commits_of_everybody(network)
    seen("anchored again without anybody's doing, and read; no receipt was lost")
