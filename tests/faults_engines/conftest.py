"""A network on a chain of four validators, and the table that `make faults-engines` prints: fault → what was seen."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from consentry.chain.kaia import KaiaChain, KaiaSettings, running_kaia
from consentry.demo.actors import Hospital
from consentry.network.place import Place
from consentry.network.processes import free_port
from consentry.network.run import Network
from tests import measured
from tests.faults import conftest as faults
from tests.faults.conftest import new_exchange, seen

__all__ = ["new_exchange", "seen"]

ROOT = Path(__file__).resolve().parents[2]

INTRODUCTION = """# Engines that break

What `make faults-engines` saw: chains of four validators, IPFS nodes, PostgreSQL, keepers and gateways as processes of one
machine, broken while they are used. After each fault every record, consent, revocation and receipt that was acknowledged is
looked for: a test fails where one is lost or there twice. The tool writes this page after a run in which all passed."""


def pytest_addoption(parser: pytest.Parser) -> None:
    measured.add_option(parser)


def pytest_terminal_summary(terminalreporter: Any, exitstatus: int, config: pytest.Config) -> None:
    faults.pytest_terminal_summary(terminalreporter)
    written = measured.write(config, exitstatus, INTRODUCTION, ("fault", "what was seen"), faults.SEEN)
    if written:
        terminalreporter.write_line(written)


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
