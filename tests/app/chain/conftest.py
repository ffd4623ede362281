from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from consentry.chain import attempts
from consentry.chain.sender import ChainSender
from consentry.index.sendings import SqlSendings
from tests.app.chain.world import World, build_world
from tests.chains import DeployedChain


@pytest.fixture(scope="module")
def world(deployed_chain: DeployedChain) -> World:
    return build_world(deployed_chain)


@pytest.fixture
def undone(each_world: World) -> Iterator[None]:
    """What this test does to the chain is taken back."""
    with each_world.chain.undone():
        yield


@pytest.fixture(scope="module")
def each_world(each_chain: DeployedChain) -> World:
    """The same actors on anvil and on Ganache."""
    return build_world(each_chain)


@pytest.fixture
def book(quick: None, world: World, tmp_path: Path) -> SqlSendings:
    return SqlSendings(tmp_path / "sendings.sqlite", world.ledger.connection.deployment.genesis)


@pytest.fixture
def key(world: World) -> bytes:
    """Of a member of its own, whose account has money for fees."""
    key = secrets.token_bytes(32)
    member = ChainSender(world.ledger.connection, key)
    name = f"Clinic {secrets.token_hex(4)}"
    world.consortium.transact("MemberRegistry", "admit", member.address, name, "hospital")
    world.ledger.connection.rpc.call("anvil_setBalance", member.address, hex(10**20))
    return key


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits is looked after at once."""
    monkeypatch.setattr(attempts, "PUSH_SECONDS", 0.05)
