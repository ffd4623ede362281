"""Commands run in this process as the console script runs them, each with a clean environment."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from consentry.chain.calls import code32
from consentry.cli.main import run
from consentry.crypto import keystore
from consentry.crypto.signatures import generate_account_key
from tests.app.cli.network import Desk, served
from tests.app.gateway.content import DAY
from tests.app.gateway.world import World
from tests.app.governed import Governed
from tests.chains import DeployedChain, deployed

PASSPHRASE = "correct horse battery staple"


@pytest.fixture(scope="package")
def deployed_chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeployedChain]:
    """A chain of this folder's own: an account asks every committee there ever was, those of other tests too."""
    with deployed("anvil", tmp_path_factory.mktemp("anvil")) as chain:
        yield chain


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def error(self) -> str:
        """The code in the JSON error."""
        return str(self.json["error"]["code"])


Run = Callable[..., Ran]


@pytest.fixture
def consentry(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """`consentry("wallet", "new", path)`; keyword arguments are environment variables."""
    for name in ("GATEWAY", "CLIENT_KEY_FILE", "WALLET", "RPC", "DEPLOYMENT", "PASSPHRASE_FILE"):
        monkeypatch.delenv(f"CONSENTRY_{name}", raising=False)
    monkeypatch.setenv(keystore.PASSPHRASE, PASSPHRASE)
    monkeypatch.setenv(
        "CONSENTRY_INSECURE_HTTP", "1"
    )  # the test gateways' names are resolved in this process

    def ran(*arguments: str | Path, **environment: str) -> Ran:
        with monkeypatch.context() as patch:
            for name, value in environment.items():
                patch.setenv(name, value)
            capsys.readouterr()
            code = run([str(one) for one in arguments])
        captured = capsys.readouterr()
        assert "Traceback" not in captured.out + captured.err
        return Ran(code, captured.out, captured.err)

    return ran


@pytest.fixture(scope="module")
def world(deployed_chain: DeployedChain, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = World(deployed_chain, tmp_path_factory.mktemp("network"))
    yield made
    made.close()


@pytest.fixture
def desk(consentry: Run, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    with served(world.city, monkeypatch) as place:
        made = Desk(consentry, world, tmp_path, place.url, place.aside)
        made.file("his.key").write_text(world.city.key + "\n")
        for name in ("alice", "dr_bose"):
            made.done("wallet", "new", made.file(f"{name}.keystore"))
        bose = made.done("wallet", "show", "--wallet", made.file("dr_bose.keystore"))["address"]
        staff = (bose, code32("attending"), code32("any"), int(time.time()) + DAY)
        world.city.account.transact("MemberRegistry", "enrol", *staff)
        yield made


@pytest.fixture(scope="module")
def governed(deployed_chain: DeployedChain) -> Iterator[Governed]:
    with deployed_chain.undone():
        yield Governed(deployed_chain)


@pytest.fixture
def chain(consentry: Run, governed: Governed, tmp_path: Path) -> Any:
    """Commands on this chain; each member's keystore lies in `tmp_path`."""
    for slug, key in (*governed.keys.items(), ("stranger", generate_account_key())):
        keystore.write(tmp_path / f"{slug}.keystore", {"account": key}, PASSPHRASE, cost=2**12)

    def ran(*arguments: str | Path, by: str = "") -> Ran:
        wallet = ("--wallet", tmp_path / f"{by}.keystore") if by else ()
        place = {
            "CONSENTRY_RPC": governed.chain.url,
            "CONSENTRY_DEPLOYMENT": str(governed.chain.deployment),
        }
        return consentry(*arguments, *wallet, "--json", **place)

    return ran
