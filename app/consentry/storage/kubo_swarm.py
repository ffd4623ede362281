"""A private swarm of IPFS nodes (Kubo) on this machine, with an ipfs-cluster peer beside each: `consentry up --store swarm`.

What is put to one is kept on several, so that losing a node loses nothing. On real machines each member runs one pair of them,
with the same swarm key and cluster secret (docs/ipfs.md).
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from consentry.errors import StoreUnreachable
from consentry.storage.cluster import Cluster
from consentry.storage.cluster_node import ClusterNode, Place
from consentry.storage.kubo_node import KuboNode, fresh_swarm_key, write_secret

PORTS_EACH: Final = 4
_READY_SECONDS: Final = 90.0
_POLL_SECONDS: Final = 0.1


@dataclass(frozen=True)
class SwarmSettings:
    """`at`: the folder of all nodes, kept between runs. `ports`: PORTS_EACH for each node."""

    at: Path
    kubo: Path
    cluster: Path
    ports: Sequence[int]


@dataclass(frozen=True)
class Pair:
    """A node and the cluster peer beside it; `api` is the node's RPC."""

    node: KuboNode
    peer: ClusterNode
    api: str

    def start(self) -> None:
        """Start both, without waiting for the cluster to know. Raises StoreUnreachable."""
        self.node.start()
        self.node.await_ready()
        self.peer.start()

    def stop(self) -> None:
        self.peer.stop()
        self.node.stop()

    def kill(self) -> None:
        """Both at once, as a machine is lost."""
        self.node.kill()
        self.peer.kill()


class Swarm:
    """The nodes of a swarm, and how each is started again after it was stopped or killed."""

    def __init__(self, settings: SwarmSettings) -> None:
        self._settings = settings
        ports = [settings.ports[at : at + PORTS_EACH] for at in range(0, len(settings.ports), PORTS_EACH)]
        self.pairs = tuple(_pair(settings, number, mine) for number, mine in enumerate(ports, 1))

    def prepare(self) -> None:
        """Files of every node and peer; what is there is kept. Raises StoreUnreachable."""
        secret = _kept(self._settings.at / "cluster.secret", secrets.token_hex(32))
        key = _kept(self._settings.at / "swarm.key", fresh_swarm_key())
        with ThreadPoolExecutor(len(self.pairs)) as pool:
            list(pool.map(lambda pair: pair.node.prepare(key), self.pairs))
            list(pool.map(lambda pair: pair.peer.init(secret), self.pairs))
        for number, pair in enumerate(self.pairs, 1):
            pair.node.prepare(key, [one.node.neighbour for one in self.pairs if one is not pair])
            pair.peer.configure(f"node-{number}", pair.api, [one.peer for one in self.pairs])

    def start(self) -> None:
        """Start all of them, and return when each may be put to. Raises StoreUnreachable."""
        for pair in self.pairs:
            pair.node.start()
        for pair in self.pairs:
            pair.node.await_ready()
            pair.peer.start()
        for pair in self.pairs:
            self.await_ready(pair)

    def await_ready(self, pair: Pair) -> None:
        """Return when this peer knows all that run. Raises StoreUnreachable."""
        deadline = time.monotonic() + _READY_SECONDS
        login = pair.peer.login_file.read_text("ascii").strip()
        with closing(Cluster(pair.peer.url, login=login)) as cluster:
            while True:
                pair.peer.require_running()
                try:
                    if cluster.ready_nodes() >= sum(1 for one in self.pairs if one.peer.running):
                        return
                except StoreUnreachable:
                    if time.monotonic() > deadline:
                        raise
                if time.monotonic() > deadline:
                    raise StoreUnreachable("the IPFS nodes did not find one another")
                time.sleep(_POLL_SECONDS)

    def stop(self) -> None:
        with ThreadPoolExecutor(len(self.pairs)) as pool:
            list(pool.map(Pair.stop, self.pairs))


@contextmanager
def running_swarm(settings: SwarmSettings) -> Iterator[Swarm]:
    """The swarm for the length of a `with` block, replicating. Raises StoreUnreachable."""
    for binary, name in ((settings.kubo, "kubo"), (settings.cluster, "ipfs-cluster")):
        if not binary.exists():
            raise StoreUnreachable(
                f"{name} is not built: engines/build.sh {name} does it, with Go (`make engines`); or use --store embedded"
            )
    swarm = Swarm(settings)
    try:
        swarm.prepare()
        swarm.start()
        yield swarm
    finally:
        swarm.stop()


def _pair(settings: SwarmSettings, number: int, ports: Sequence[int]) -> Pair:
    at = settings.at / f"node-{number}"
    api, swarm, rest, listen = ports
    node = KuboNode(at / "ipfs", binary=settings.kubo, api_port=api, swarm_port=swarm)
    peer = ClusterNode(at / "cluster", Place(rest, listen), binary=settings.cluster)
    return Pair(node, peer, f"/ip4/127.0.0.1/tcp/{api}")


def _kept(file: Path, fresh: str) -> str:
    """A secret of the whole swarm, made once."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not file.exists():
        write_secret(file, fresh)
    return file.read_text("ascii")
