from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.app.chain.world import World, build_world
from tests.chains import DeployedChain


@pytest.fixture(scope="module")
def world(deployed_chain: DeployedChain) -> World:
    return build_world(deployed_chain)


@pytest.fixture
def undone(each_world: World) -> Iterator[None]:
    """What this test does to the chain is taken back."""
    with each_world.chain.undone():
        yield


@pytest.fixture(scope="module")
def each_world(each_chain: DeployedChain) -> World:
    """The same actors on anvil and on Ganache."""
    return build_world(each_chain)
