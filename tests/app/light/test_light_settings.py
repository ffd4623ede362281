"""The setting of a gateway without a node, and who follows the endpoint for it (H-81)."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from consentry.config import GatewayConfig, StoreConfig, read_gateway_config
from consentry.domain.endpoint import EndpointSettings
from consentry.errors import ChainUnreachable, ConfigInvalid, ConsentryError, DeploymentMissing
from consentry.keeper.settings import KeeperConfig, read_keeper_config
from consentry.light.connection import ProvenConnection, open_connection
from tests.app.light.conftest import Clinic
from tests.app.light.endpoint import honest
from tests.app.light.test_light_logs import anchored
from tests.waiting import until

STORE = StoreConfig("embedded", path="store")
PLACES = ("127.0.0.1", 1, "http://localhost:1", "http://localhost:2", "deployment.json", "db", "keys", "ab")


def config(endpoint: EndpointSettings | None) -> GatewayConfig:
    return replace(GatewayConfig("0x" + "11" * 20, "Clinic", *PLACES, store=STORE), endpoint=endpoint)


@pytest.mark.parametrize(
    "endpoint",
    [
        None,
        EndpointSettings("book", engine="clique"),
        EndpointSettings("book", engine="istanbul"),
        EndpointSettings("book", checkpoint="checkpoint.json"),
    ],
)
def test_settings_are_read_as_they_were_written(tmp_path: Path, endpoint: EndpointSettings | None) -> None:
    """H-81."""
    config(endpoint).write(tmp_path / "gateway.json")
    assert read_gateway_config(tmp_path / "gateway.json").endpoint == endpoint


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"book": ""},
        {"book": "b"},
        {"book": 5, "engine": "clique"},
        {"book": "b", "engine": "raft"},
        {"book": "b", "engine": "clique", "checkpoint": "c"},
        {"book": "b", "engine": "clique", "trusted": True},
        "clique",
    ],
    ids=json.dumps,
)
def test_what_is_wrong_in_them_is_named(tmp_path: Path, wrong: Any) -> None:
    """H-81: in a gateway's; a keeper's have no such part."""
    path = tmp_path / "gateway.json"
    config(None).write(path)
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {"endpoint": wrong}))
    with pytest.raises(ConfigInvalid):
        read_gateway_config(path)
    keeper = KeeperConfig("127.0.0.1", 1, "http://localhost:1", "deployment.json", "db", "keys", STORE)
    keeper.write(path)
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {"endpoint": wrong}))
    with pytest.raises(ConfigInvalid):
        read_keeper_config(path)


def test_a_checkpoint_or_address_that_is_none_is_said(clinic: Clinic, tmp_path: Path) -> None:
    """H-81: before anything is asked."""
    book = str(tmp_path / "book")
    with pytest.raises(ChainUnreachable, match="one address"):
        settings = EndpointSettings(book, engine="clique")
        open_connection("http://a.example,http://b.example", clinic.deployment, settings, clinic.clock)
    for text in (None, "{", '{"engine": "clique"}'):
        if text is not None:
            (tmp_path / "checkpoint.json").write_text(text)
        settings = EndpointSettings(book, checkpoint=str(tmp_path / "checkpoint.json"))
        with pytest.raises(DeploymentMissing):
            open_connection("http://localhost:1", clinic.deployment, settings, clinic.clock)


def test_the_endpoint_is_followed_while_nobody_asks(
    clinic: Clinic, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """H-81: after the first question; also after a lie, which it says in its log."""
    rpc = clinic.rpc(tmp_path / "book")
    connection = ProvenConnection(rpc, clinic.deployment)

    def asked() -> bool:
        try:
            return connection.head().number == clinic.world.ledger.head().number
        except ConsentryError:  # some headers are left to check
            return False

    assert until(asked, "the head")
    clinic.endpoint.lie = lambda request, result: None if "Receipts" in request.method else result
    anchored(clinic)
    clinic.world.ledger.connection.rpc.call("anvil_mine", "0x8")
    newest = clinic.world.ledger.head().number
    until(lambda: any("chain-unproven" in line for line in caplog.messages), "its word in the log")
    assert caplog.messages[-1].startswith("the endpoint at another member is not believed: chain-unproven: ")
    assert not followed(rpc, newest)
    clinic.endpoint.lie = honest
    until(lambda: rpc.chain.header(newest) if followed(rpc, newest) else None, "the newest header")
    connection.close()


def followed(rpc: Any, number: int) -> bool:
    try:
        return bool(rpc.chain.header(number).number == number)
    except ConsentryError:
        return False
