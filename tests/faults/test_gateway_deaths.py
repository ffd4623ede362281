"""A gateway is killed while it publishes (specification G-1, D-3): repeating completes it, nothing is lost or doubled."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from consentry.domain.ledger import AnchorEvent
from consentry.errors import ConsentryError
from tests.faults.conftest import Exchange, dr_bose
from tests.faults.network import FaultyNetwork
from tests.waiting import until

Seen = Callable[[str], None]


def anchors_since(network: FaultyNetwork, block: int) -> list[AnchorEvent]:
    return list(network.ledger.anchors(block + 1, network.ledger.head().number))


def publish_into_death(
    network: FaultyNetwork, exchange: Exchange, place: str, armed: Path, *, after: bool = False
) -> None:
    """Two results, while Mercy's gateway dies at `place`."""
    with network.dying("gateway-mercy", place, armed, after=after) as died:
        with pytest.raises(ConsentryError):
            exchange.publish(6.1, 6.2)
        died()


def complete(network: FaultyNetwork, exchange: Exchange, block: int) -> str:
    """It catches up by itself; publishing the same again anchors nothing, and each result is read once."""
    until(lambda: exchange.read() == [5.0, 6.1, 6.2], "what was left half-way")
    anchors = anchors_since(network, block)
    exchange.publish(6.1, 6.2)
    assert anchors_since(network, block) == anchors, "the same again anchors nothing"
    return f"completed by itself after its start: {len(anchors)} anchor, each result read once"


def test_gateway_dies_between_storing_and_anchoring(
    network: FaultyNetwork, new_exchange: Callable[..., Exchange], tmp_path: Path, seen: Seen
) -> None:
    """kill -9 of a gateway between storing and anchoring

    G-1, D-3.
    """
    exchange = new_exchange(5.0)
    block = network.ledger.head().number
    place = "consentry.index.author:SqlPublications.store"
    publish_into_death(network, exchange, place, tmp_path / "armed", after=True)
    seen(complete(network, exchange, block))


def test_gateway_dies_between_anchoring_and_noting(
    network: FaultyNetwork, new_exchange: Callable[..., Exchange], tmp_path: Path, seen: Seen
) -> None:
    """kill -9 of a gateway between anchoring and noting it

    G-1: what is anchored is read at once, also before its author knows.
    """
    exchange = new_exchange(5.0)
    block = network.ledger.head().number
    publish_into_death(
        network, exchange, "consentry.index.author:SqlPublications.anchored", tmp_path / "armed"
    )
    assert len(anchors_since(network, block)) == 1 and exchange.read() == [5.0, 6.1, 6.2]
    seen(complete(network, exchange, block))


@pytest.mark.parametrize("moment", ["before", "after"])
def test_gateway_dies_around_sending(
    network: FaultyNetwork, new_exchange: Callable[..., Exchange], tmp_path: Path, seen: Seen, moment: str
) -> None:
    """kill -9 of a gateway with a signed anchor on disk, before a node has it and after

    H-7: the transaction that was kept is the one that is mined, once.
    """
    exchange = new_exchange(5.0)
    block, account = network.ledger.head().number, network.members["mercy"].account
    count = network.connection.rpc.call("eth_getTransactionCount", account, "latest")
    place = "consentry.chain.attempts:Attempts.send"
    publish_into_death(network, exchange, place, tmp_path / "armed", after=moment == "after")
    told = complete(network, exchange, block)
    sent = int(network.connection.rpc.call("eth_getTransactionCount", account, "latest"), 16) - int(count, 16)
    assert sent == len(anchors_since(network, block)) == 1
    seen(told)


def test_gateway_dies_while_it_indexes(
    network: FaultyNetwork, new_exchange: Callable[..., Exchange], tmp_path: Path, seen: Seen
) -> None:
    """kill -9 of a gateway between anchoring and indexing

    D-1: after its start it indexes what others anchored meanwhile.
    """
    exchange = new_exchange(5.0)
    place = "consentry.index.progress:Progress.index_manifest"
    with network.dying("gateway-city", place, tmp_path / "armed") as died:
        exchange.publish(6.3)
        died()
        exchange.publish(6.4)
    exchange.bose = dr_bose(network)
    assert until(lambda: len(found := exchange.read()) == 3 and found, "all three results") == [5.0, 6.3, 6.4]
    seen("after its start it found what was anchored before and while it was dead")
