"""Where a member names the consortium's authority, other members are not asked in clear (H-45)."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from consentry.bootstrap.common import open_keepers
from consentry.bootstrap.family import handing_ports
from consentry.config import GatewayConfig, StoreConfig
from consentry.domain.ledger import Chamber, KeeperInfo
from consentry.domain.serving import Serving, TlsFiles
from consentry.errors import KeeperUnreachable, KeeperUntrusted
from consentry.remote.tls import client_context
from consentry.services.consent import ConsentPorts
from tests.certificates import Authority
from tests.serving import Served

ELSEWHERE = "http://keeper.invalid:7001"  # RFC 6761: no such host is ever there


@pytest.fixture
def config(tmp_path: Path) -> GatewayConfig:
    """Of a member that names an authority."""
    places = (
        "localhost",
        0,
        "https://localhost",
        "http://localhost:8545",
        "d.json",
        "g.sqlite3",
        "g.keystore",
        "",
    )
    bare = GatewayConfig("0x" + "11" * 20, "Clinic", *places, store=StoreConfig("embedded"))
    return replace(bare, serving=Serving(TlsFiles(authority=Authority(tmp_path, "consortium").certificate)))


def asked(config: GatewayConfig, url: str) -> None:
    keeper = KeeperInfo(0, "0x" + "11" * 20, "0x" + "22" * 20, Chamber.Institutions, url, bytes(1_216))
    with closing(open_keepers(config, client_context(config.serving.tls))) as keepers:
        keepers.feed(keeper, b"{}", bytes(64))


def test_keepers_with_an_http_address_are_not_asked(config: GatewayConfig) -> None:
    with pytest.raises(KeeperUntrusted, match="nothing is asked in clear"):
        asked(config, ELSEWHERE)
    with pytest.raises(KeeperUnreachable):
        asked(replace(config, serving=Serving()), ELSEWHERE)


def test_other_gateways_are_told_nothing_in_clear_but_on_this_machine(
    config: GatewayConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    def app(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        told.append(environ["HTTP_HOST"])
        start("204 No Content", [("Content-Length", "0")])
        return []

    with closing(Served(app)) as server:
        here = f"http://127.0.0.1:{server.port}"
        monkeypatch.setattr("socket.getaddrinfo", _everywhere_is(server.port))
        for serving, elsewhere in ((config.serving, False), (Serving(), True)):
            ports = handing_ports(replace(config, serving=serving), cast(ConsentPorts, None))
            assert ports.deliver(here, b"{}")
            assert ports.deliver("http://gateway.invalid", b"{}") is elsewhere
    assert told == [f"127.0.0.1:{server.port}", f"127.0.0.1:{server.port}", "gateway.invalid"]


def _everywhere_is(port: int) -> Callable[..., Any]:
    """Every name leads to this port."""

    def found(*_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    return found
