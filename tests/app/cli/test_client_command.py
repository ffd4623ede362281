"""`consentry client`: from a new key to a token, and its end (T-2, T-5)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.app.cli.conftest import Ran, Run
from tests.app.cli.network import Served, served
from tests.app.gateway.world import World
from tests.chains import DeployedChain


@pytest.fixture(scope="module")
def world(deployed_chain: DeployedChain, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = World(deployed_chain, tmp_path_factory.mktemp("network"))
    yield made
    made.close()


@pytest.fixture
def place(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    with served(world.city, monkeypatch) as made:
        yield made


@pytest.fixture
def client(consentry: Run, world: World, place: Served, tmp_path: Path) -> Callable[..., Ran]:
    """The group's commands with the settings of City's gateway."""
    world.city.config.write(tmp_path / "gateway.json")

    def ran(command: str, *arguments: str | Path) -> Ran:
        own = () if command in ("new-key", "token") else ("--config", tmp_path / "gateway.json")
        return consentry("client", command, *arguments, *own, "--json", CONSENTRY_GATEWAY=place.url)

    return ran


def new_key(client: Callable[..., Ran], folder: Path, kid: str = "1") -> tuple[Path, Path]:
    key, public = folder / f"{kid}.jwk", folder / f"{kid}.jwks"
    assert client("new-key", key, "--public", public, "--kid", kid).code == 0
    return key, public


def test_system_gets_a_token_once_it_is_registered(
    client: Callable[..., Ran], world: World, tmp_path: Path
) -> None:
    """T-2, T-5: at a gateway that runs on; struck off, the token is good no more."""
    key, public = new_key(client, tmp_path)
    assert key.stat().st_mode & 0o777 == 0o600
    assert '"d"' in key.read_text() and '"d"' not in public.read_text()
    asked = ("token", "lab", "--key", key, "--scope", "system/*.cruds")
    refused = client(*asked)
    assert (refused.code, refused.error) == (3, "client-assertion-invalid")
    made = client("register", "lab", "--jwks", public, "--scope", "system/Patient.r system/*.s")
    assert made.json == {"name": "lab", "scope": "system/*.s system/Patient.r", "keys": ["1"]}
    bose = world.staff(world.city).wallet.address
    told = client(*asked, "--purpose", "TREAT", "--practitioner", bose).json
    assert (told["scope"], told["expires_in"]) == ("system/*.s system/Patient.r", 300)
    granted = world.city.gateway.backend.tokens.who(told["access_token"])
    assert (granted.client.client_id, granted.purpose, granted.practitioner) == ("lab", "TREAT", bose)
    listed = client("list").json["clients"]
    assert [(one["name"], one["scope"], one["keys"]) for one in listed if one["name"] == "lab"] == [
        ("lab", "system/*.s system/Patient.r", ["1"])
    ]
    assert client("remove", "lab").code == 0
    sent = {"Authorization": f"Bearer {told['access_token']}"}
    assert world.city.client.get("/fhir/Patient/x/$everything", headers=sent).status_code == 401
    again = client("remove", "lab")
    assert (again.code, again.error) == (2, "client-not-registered")


def test_token_is_printed_alone_for_people(
    client: Callable[..., Ran], consentry: Run, place: Served, tmp_path: Path
) -> None:
    key, public = new_key(client, tmp_path)
    client("register", "his-2", "--jwks", public, "--scope", "system/*.rs")
    asked = ("client", "token", "his-2", "--key", key, "--scope", "system/Observation.r")
    said = consentry(*asked, CONSENTRY_GATEWAY=place.url)
    assert said.code == 0 and len(said.out.split()) == 1


def test_key_is_never_overwritten(client: Callable[..., Ran], tmp_path: Path) -> None:
    key, public = new_key(client, tmp_path)
    before = key.read_bytes()
    for arguments in ((key, "--public", tmp_path / "x"), (tmp_path / "x", "--public", public)):
        again = client("new-key", *arguments)
        assert (again.code, again.error) == (2, "file-exists")
    assert key.read_bytes() == before and not (tmp_path / "x").exists()


def test_register_refuses_what_could_not_be_used(
    client: Callable[..., Ran], world: World, tmp_path: Path
) -> None:
    """T-2: a private key, a scope or a name that is none, or the name of a client key."""
    key, public = new_key(client, tmp_path)
    his = world.city.config.clients[0].name
    both = tmp_path / "both.jwks"
    both.write_text(json.dumps({"keys": [json.loads(key.read_text())]}))
    for name, keys, scope, code in (
        ("his", both, "system/*.rs", "client-keys-invalid"),
        ("his", key, "system/*.rs", "client-keys-invalid"),
        ("his", public, "patient/*.rs", "command-invalid"),
        ("../his", public, "system/*.rs", "command-invalid"),
        ("", public, "system/*.rs", "command-invalid"),
        (his, public, "system/*.rs", "command-invalid"),
    ):
        ran = client("register", name, "--jwks", keys, "--scope", scope)
        assert (ran.code, ran.error) == (2, code), ran.out
    assert "his" not in [one["name"] for one in client("list").json["clients"]]


def test_token_is_asked_only_of_the_gateway_itself(
    client: Callable[..., Ran], consentry: Run, place: Served, tmp_path: Path
) -> None:
    """Under another address than its own, an assertion could be meant for somebody else."""
    key, public = new_key(client, tmp_path)
    asked = ("client", "token", "his", "--scope", "system/*.rs", "--json")
    ran = consentry(*asked, "--key", key, CONSENTRY_GATEWAY=place.aside)
    assert (ran.code, ran.error) == (4, "gateway-misbehaved")
    ran = consentry(*asked, "--key", public, CONSENTRY_GATEWAY=place.url)
    assert (ran.code, ran.error) == (2, "keystore-invalid")
    ran = consentry(*asked, "--key", key, CONSENTRY_GATEWAY=place.url, CONSENTRY_INSECURE_HTTP="0")
    assert (ran.code, ran.error) == (2, "connection-open")
