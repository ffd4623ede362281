"""Chains and a PostgreSQL that every test may use: started once a session, by the first that asks for them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from consentry.databases.place import Place
from tests import postgres as servers
from tests.chains import DeployedChain, deployed


@pytest.fixture(scope="session")
def deployed_chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeployedChain]:
    """Anvil: a block for each transaction."""
    with deployed("anvil", tmp_path_factory.mktemp("anvil")) as chain:
        yield chain


@pytest.fixture(scope="session")
def deployed_ganache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeployedChain]:
    with deployed("ganache", tmp_path_factory.mktemp("ganache")) as chain:
        yield chain


@pytest.fixture(scope="session", params=["anvil", "ganache"])
def each_chain(request: pytest.FixtureRequest) -> DeployedChain:
    """Both development chains, one after the other."""
    name = "deployed_chain" if request.param == "anvil" else "deployed_ganache"
    chain: DeployedChain = request.getfixturevalue(name)
    return chain


@pytest.fixture(scope="session")
def postgres() -> Iterator[servers.Postgres]:
    with servers.running() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """A database that is not there yet, and one that is empty."""
    if request.param == "sqlite":
        return tmp_path / "book.sqlite"
    server: servers.Postgres = request.getfixturevalue("postgres")
    return server.database()
