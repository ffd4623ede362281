"""The content store under a network of one machine: a directory, an IPFS node, or a private swarm of three with copies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Literal

from consentry.config import StoreConfig
from consentry.network.place import Place
from consentry.network.processes import free_port
from consentry.storage.kubo_node import running_node
from consentry.storage.kubo_swarm import PORTS_EACH, Pair, SwarmSettings, running_swarm

StoreKind = Literal["embedded", "kubo", "swarm"]
NODES: Final = 3
COPIES: Final = 2
_BINARIES: Final = Path(__file__).resolve().parents[3] / ".cache" / "engines"


@contextmanager
def running_stores(kind: StoreKind, place: Place) -> Iterator[tuple[StoreConfig, ...]]:
    """The stores of a network, for its members to be spread over: one that all share, or each node of a swarm."""
    at = place.root / "store"
    if kind == "embedded":
        yield (StoreConfig(kind="embedded", path=str(at)),)
    elif kind == "kubo":
        with running_node(at, binary=_BINARIES / "ipfs") as api:
            yield (StoreConfig(kind="kubo", api=api),)
    else:
        ports = [free_port() for _ in range(NODES * PORTS_EACH)]
        settings = SwarmSettings(at, _BINARIES / "ipfs", _BINARIES / "ipfs-cluster-service", ports)
        with running_swarm(settings) as swarm:
            yield tuple(settings_of(pair) for pair in swarm.pairs)


def settings_of(pair: Pair) -> StoreConfig:
    """What a process beside this node is told."""
    return StoreConfig(
        kind="kubo",
        api=pair.api,
        cluster=pair.peer.url,
        cluster_login_file=str(pair.peer.login_file),
        copies=COPIES,
    )


def blocks_folders(kind: StoreKind, place: Place) -> tuple[Path, ...]:
    """Where the blocks lie of each store of a network."""
    at = place.root / "store"
    if kind != "swarm":
        return (at / "blocks",)
    return tuple(at / f"node-{number}" / "ipfs" / "blocks" for number in range(1, NODES + 1))
