"""Chains that every test may use: started once a session, contracts deployed once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.chains import DeployedChain, deployed


@pytest.fixture(scope="session")
def deployed_chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeployedChain]:
    """Anvil: a block for each transaction."""
    with deployed("anvil", tmp_path_factory.mktemp("anvil")) as chain:
        yield chain


@pytest.fixture(scope="session")
def deployed_ganache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeployedChain]:
    with deployed("ganache", tmp_path_factory.mktemp("ganache")) as chain:
        yield chain


@pytest.fixture(scope="session", params=["anvil", "ganache"])
def each_chain(request: pytest.FixtureRequest) -> DeployedChain:
    """Both development chains, one after the other."""
    name = "deployed_chain" if request.param == "anvil" else "deployed_ganache"
    chain: DeployedChain = request.getfixturevalue(name)
    return chain
