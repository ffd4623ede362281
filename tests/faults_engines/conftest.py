"""A network on a chain of four validators, and the table that `make faults-engines` prints: fault → what was seen."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from consentry.chain.kaia import KaiaChain, KaiaSettings, running_kaia
from consentry.demo.actors import Hospital
from consentry.network.place import Place
from consentry.network.processes import free_port
from consentry.network.run import Network
from tests.faults.conftest import new_exchange, pytest_terminal_summary, seen

__all__ = ["new_exchange", "pytest_terminal_summary", "seen"]

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def kaia_binary() -> Path:
    """Kaia, built by its own script (some minutes on a bare machine)."""
    subprocess.run([str(ROOT / "engines" / "build.sh"), "kaia"], check=True)
    return ROOT / ".cache" / "engines" / "kaia"


@pytest.fixture(scope="session")
def chain(kaia_binary: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[KaiaChain]:
    settings = KaiaSettings(tmp_path_factory.mktemp("kaia"), kaia_binary, [free_port() for _ in range(8)])
    with running_kaia(settings) as running:
        yield running


@pytest.fixture(scope="session")
def network(chain: KaiaChain, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    """Every process asks the first validator."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("CONSENTRY_PROFILE", "development")
        with Network(Place(tmp_path_factory.mktemp("validated") / "here"), chain=chain.urls[0]) as running:
            running.start(lambda words: None)
            yield running


@pytest.fixture(scope="session")
def mercy(network: Network) -> Hospital:
    return Hospital(network, "mercy")


@pytest.fixture(scope="session")
def city(network: Network) -> Hospital:
    return Hospital(network, "city")
