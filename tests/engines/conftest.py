"""Real engines. They are built when absent, so these tests are slow once and never skipped."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

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
