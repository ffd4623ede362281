"""A world for each file of tests: what one leaves missing or erased makes no other's answers incomplete. Patients and staff are
made anew by each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.app.gateway.world import World
from tests.chains import DeployedChain, deployed


@pytest.fixture(scope="package")
def deployed_chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeployedChain]:
    """A chain of this folder's own: an account asks every committee there ever was, those of other tests too."""
    with deployed("anvil", tmp_path_factory.mktemp("anvil")) as chain:
        yield chain


@pytest.fixture(scope="module")
def world(deployed_chain: DeployedChain, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = World(deployed_chain, tmp_path_factory.mktemp("gateway"))
    yield made
    made.close()
