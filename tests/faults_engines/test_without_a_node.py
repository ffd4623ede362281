"""A member without a node asks a validator of a running chain, and believes what is proven (specification H-76)."""

from __future__ import annotations

from pathlib import Path

import pytest

from consentry.chain.kaia import KaiaChain
from consentry.network.plan import MEMBERS
from consentry.network.run import Network
from tests.faults_engines.endpoints import proven
from tests.faults_engines.validators import New, Seen


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
