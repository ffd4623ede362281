"""Development chains with our contracts, deployed by the product's own script.

Contract tests load the fixtures of this too, inside Brownie: nothing of ours is imported before it is used.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from consentry.chain.ledger import ChainLedger
    from consentry.chain.sender import ChainSender

ROOT = Path(__file__).resolve().parents[1]
DEPLOY_SECONDS = 300


@dataclass(frozen=True)
class DeployedChain:
    """A running chain with our contracts. Account 0 deployed them and holds the consortium's role."""

    kind: Literal["anvil", "ganache"]
    url: str
    deployment: Path
    pid: int

    def ledger(self, *, timeout: float = 10.0) -> ChainLedger:
        """A reader of its own, with nothing cached."""
        from consentry.chain.ledger import open_ledger

        return open_ledger(self.url, self.deployment, timeout=timeout)

    def key(self, index: int) -> bytes:
        """A funded account's private key."""
        from consentry.chain.nodes import development_key

        return development_key(index)

    @contextmanager
    def undone(self) -> Iterator[None]:
        """What is done here in this block is taken back at its end; the chain's clock goes on.

        For committees above all: a patient's account asks the keepers of all there ever were.
        """
        ledger = self.ledger()
        rpc = ledger.connection.rpc
        before = rpc.call("evm_snapshot")
        try:
            yield
        finally:
            rpc.call("evm_revert", before)
            rpc.call("evm_increaseTime", max(int(time.time()) - ledger.head().timestamp, 0))
            rpc.call("evm_mine")

    def consortium(self) -> ChainSender:
        """Who may admit members and publish committees."""
        from consentry.chain.sender import ChainSender

        return ChainSender(self.ledger().connection, self.key(0))


@contextmanager
def deployed(kind: Literal["anvil", "ganache"], folder: Path) -> Iterator[DeployedChain]:
    from consentry.chain.nodes import NodeSettings, running_node

    with running_node(NodeSettings(kind, log=folder / "chain.log")) as node:
        deployment = folder / "deployment.json"
        environment = os.environ | {"CONSENTRY_RPC": node.url, "CONSENTRY_DEPLOYMENT": str(deployment)}
        # The contract tests' Brownie options must not reach this Brownie.
        environment.pop("PYTEST_ADDOPTS", None)
        command = [str(ROOT / "tools" / "brownie"), "run", "deploy", "--network", "consentry-local"]
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=DEPLOY_SECONDS
        )
        assert done.returncode == 0 and deployment.exists(), done.stdout[-2000:] + done.stderr[-2000:]
        yield DeployedChain(kind, node.url, deployment, node.pid)
