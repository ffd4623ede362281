"""A member without a node asks a validator of a running chain, and believes what is proven (specification H-76, H-83)."""

from __future__ import annotations

from pathlib import Path

import pytest

from consentry.chain.kaia import KaiaChain
from consentry.demo.actors import Hospital
from consentry.network.plan import MEMBERS
from consentry.network.run import Network
from tests.faults_engines.clinic import read, tells_the_nodes_history, without_node
from tests.faults_engines.endpoints import proven
from tests.faults_engines.validators import New, Seen
from tests.waiting import until


def test_a_kaia_endpoint_is_proven(
    chain: KaiaChain,
    network: Network,
    new_exchange: New,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    seen: Seen,
) -> None:
    """an endpoint of Kaia (Istanbul BFT) that a member without a node asks

    H-76: from the first block on, and on from the checkpoint that it saved.
    """
    file = tmp_path / "checkpoint.json"
    first = proven(network, chain.urls[1], "istanbul", file, capsys)
    new_exchange(7.1)
    later = proven(network, chain.urls[1], "istanbul", file, capsys)
    assert (later["validators"], later["members"]) == (4, len(MEMBERS))
    assert later["block"] > first["block"] and later["finalBlock"] > first["finalBlock"]
    seen(
        f"{later['finalBlock']} headers by 4 validators, code of {later['contracts']} contracts, members: proven"
    )


def test_a_gateway_runs_on_a_kaia_endpoint(
    chain: KaiaChain, network: Network, city: Hospital, new_exchange: New, tmp_path: Path, seen: Seen
) -> None:
    """a gateway has an endpoint of Kaia, and no node

    H-83: it opens a directory, relays a consent, and reads what another member published; every anchor is proven.
    """
    with without_node(network, city.slug, "istanbul"):
        exchange = new_exchange(5.0)
        assert until(lambda: read(exchange) == [5.0], "the record of another member")
    assert tells_the_nodes_history(network, chain.urls[2], "istanbul", tmp_path / "book")
    seen("a directory, a consent and a read through it; each anchor proven")
