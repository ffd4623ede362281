"""A network on four sealers (Clique), a swarm of three IPFS nodes and PostgreSQL, each of which a test may kill."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from consentry.chain.clique import CliqueChain, CliqueSettings, running_clique
from consentry.chain.profiles import VALIDATORS
from consentry.network.processes import free_port
from consentry.network.stores import NODES, settings_of
from consentry.storage.kubo_swarm import PORTS_EACH, Pair, Swarm, SwarmSettings, running_swarm
from tests.faults.network import BreakableNetwork

BUSY = (
    "SELECT count(*) FROM pg_stat_activity WHERE backend_xid IS NOT NULL AND datname LIKE 'consentry_dev_%'"
)

BINARIES = Path(__file__).resolve().parents[2] / ".cache" / "engines"


class EnginesNetwork(BreakableNetwork):
    """`sealers` and `swarm` are what runs below it."""

    sealers: CliqueChain
    swarm: Swarm

    def start_engines(self) -> None:
        self._stack.enter_context(self.place.held())
        self.place.fresh()
        chain = CliqueSettings(self.place.root / "chain", BINARIES / "geth", ports(2 * VALIDATORS))
        self.sealers = self._stack.enter_context(running_clique(chain))
        self.rpc_url = ",".join(self.sealers.urls)
        at, kubo, cluster = self.place.root / "store", BINARIES / "ipfs", BINARIES / "ipfs-cluster-service"
        self.swarm = self._stack.enter_context(
            running_swarm(SwarmSettings(at, kubo, cluster, ports(NODES * PORTS_EACH)))
        )
        self.store_configs = tuple(settings_of(pair) for pair in self.swarm.pairs)

    def beside(self, slug: str) -> Pair:
        """The IPFS node and the cluster peer that a member's gateway and keeper ask."""
        return self.swarm.pairs[self.store_configs.index(self.store_of(slug))]

    @contextmanager
    def without_node(self, slug: str) -> Iterator[None]:
        """The IPFS node beside a member is killed for the length of the block."""
        pair = self.beside(slug)
        pair.node.kill()
        try:
            yield
        finally:
            pair.node.start()
            pair.node.await_ready()
            self.swarm.await_ready(pair)


def ports(count: int) -> list[int]:
    return [free_port() for _ in range(count)]
