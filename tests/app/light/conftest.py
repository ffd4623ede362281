from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from consentry.chain.connection import Connection
from consentry.chain.deployment import Deployment
from consentry.chain.ledger import ChainLedger
from consentry.light.checkpoint import Checkpoint
from consentry.light.clique import Clique
from consentry.light.endpoint import proven_rpc
from consentry.light.proven_rpc import ProvenRpc
from tests.app.chain.world import World, build_world
from tests.app.light.endpoint import SealedEndpoint
from tests.chains import DeployedChain, deployed

DEPTH = 3


@dataclass
class ChainClock:
    """Tells the time of the chain's newest block: anvil makes blocks when there is something to put in them."""

    world: World
    later: int = 0

    def now(self) -> int:
        return self.world.ledger.head().timestamp + self.later


@dataclass
class Clinic:
    """A small clinic, its view of the chain, and the endpoint through which it has it."""

    world: World
    endpoint: SealedEndpoint
    clock: ChainClock
    deployment: Deployment
    checkpoint: Checkpoint

    def rpc(self, book: Path | None = None) -> ProvenRpc:
        rpc = proven_rpc(self.endpoint, self.deployment, self.checkpoint, self.clock, book)
        if book is not None:  # as a gateway's thread does
            while rpc.chain.follow():
                pass
        return rpc

    def ledger(self, book: Path | None = None) -> ChainLedger:
        """With nothing known yet but the checkpoint, or what stands in the book."""
        return ChainLedger(Connection(self.rpc(book), self.deployment))


@pytest.fixture(scope="package")
def deployed_chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeployedChain]:
    """A chain of this folder's own: each of its blocks is followed, those of other tests would be too."""
    with deployed("anvil", tmp_path_factory.mktemp("anvil")) as chain:
        yield chain


@pytest.fixture(scope="module")
def world(deployed_chain: DeployedChain) -> World:
    return build_world(deployed_chain)


@pytest.fixture
def clinic(world: World) -> Clinic:
    endpoint = SealedEndpoint(world.chain.url)
    first = Clique().header(endpoint.sealed(0)).hash
    deployment = replace(world.ledger.connection.deployment, genesis=first, finality=DEPTH)
    return Clinic(world, endpoint, ChainClock(world), deployment, Checkpoint("clique", 0, first))
