"""Real engines. They are built when absent, so these tests are slow once and never skipped."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from consentry.bootstrap.common import open_store
from consentry.network.processes import free_port
from consentry.network.stores import NODES, settings_of
from consentry.storage.kubo_swarm import PORTS_EACH, Swarm, SwarmSettings, running_swarm
from consentry.storage.upkeep import Kept

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def kubo_binary() -> Path:
    """The IPFS node, built by its own script (some minutes on a bare machine)."""
    subprocess.run([str(ROOT / "engines" / "build.sh"), "kubo"], check=True)
    return ROOT / ".cache" / "engines" / "ipfs"


@pytest.fixture(scope="session")
def cluster_binary() -> Path:
    """ipfs-cluster, built by its own script (some minutes on a bare machine)."""
    subprocess.run([str(ROOT / "engines" / "build.sh"), "ipfs-cluster"], check=True)
    return ROOT / ".cache" / "engines" / "ipfs-cluster-service"


@pytest.fixture(scope="session")
def swarm(
    kubo_binary: Path, cluster_binary: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Swarm]:
    ports = [free_port() for _ in range(NODES * PORTS_EACH)]
    settings = SwarmSettings(tmp_path_factory.mktemp("swarm"), kubo_binary, cluster_binary, ports)
    with running_swarm(settings) as running:
        yield running


@pytest.fixture
def stores(swarm: Swarm) -> Iterator[list[Kept]]:
    opened = [open_store(settings_of(pair)) for pair in swarm.pairs]
    yield opened
    for store in opened:
        store.close()
