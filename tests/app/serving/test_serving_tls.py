"""TLS between members, by certificates that are made here (H-44, H-45)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from consentry.chain.rpc import RpcClient
from consentry.config import StoreConfig
from consentry.domain.ledger import Chamber, KeeperInfo
from consentry.domain.serving import KeeperServing, TlsFiles
from consentry.errors import ChainUntrusted, ConfigInvalid, KeeperUntrusted, StoreUntrusted
from consentry.keeper.server import plan_of
from consentry.keeper.settings import KeeperConfig, read_keeper_config
from consentry.remote.exchange import Exchange, NoAnswer
from consentry.remote.keepers import HttpKeepers
from consentry.remote.messenger import HttpMessenger
from consentry.remote.tls import client_context
from consentry.serving.tls import server_context
from consentry.storage.cluster import Cluster
from tests.certificates import Authority, Pair
from tests.serving import Served

SECONDS = 60.0
OTHER_AUTHORITY = "its certificate is of no authority that is believed here"


def app(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Whatever it is asked, as a chain node would."""
    body = json.dumps([{"jsonrpc": "2.0", "id": 0, "result": environ["wsgi.url_scheme"]}]).encode()
    start("200 OK", [("Content-Length", str(len(body)))])
    return [body]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("certificates")


@pytest.fixture(scope="module")
def ours(folder: Path) -> Authority:
    return Authority(folder, "consortium")


@pytest.fixture(scope="module")
def others(folder: Path) -> Authority:
    return Authority(folder, "elsewhere")


@pytest.fixture(scope="module")
def server(ours: Authority) -> Pair:
    return ours.give("server")


@contextmanager
def served(pair: Pair, asked_for: str = "") -> Iterator[str]:
    """Where the application is; `asked_for`: the authority of whoever may ask."""
    context = server_context(pair.certificate, pair.key, asked_for)
    with closing(Served(app, tls=lambda: context)) as server:
        yield f"https://127.0.0.1:{server.port}"


def failed(url: str, files: TlsFiles) -> str:
    """Why nothing could be asked there."""
    with pytest.raises(NoAnswer) as raised:
        asked(url, files)
    return raised.value.untrusted


def asked(url: str, files: TlsFiles) -> bytes:
    with closing(Exchange(tls=client_context(files))) as exchange:
        return exchange.ask("POST", url, b"[]", {}, seconds=SECONDS, most=1_000).body


def test_server_is_believed_by_the_authority_alone(
    folder: Path, ours: Authority, others: Authority, server: Pair
) -> None:
    """H-44, H-45: not by this machine's where one is named, nor by another; not after its days, nor for another name."""
    known = TlsFiles(authority=ours.certificate)
    with served(server) as url:
        assert b"https" in asked(url, known)
        assert failed(url, TlsFiles(authority=others.certificate)) == OTHER_AUTHORITY
        assert failed(url, TlsFiles()) == OTHER_AUTHORITY
        with closing(Exchange(tls=client_context(known))) as exchange, pytest.raises(NoAnswer):
            exchange.ask("POST", url.replace("https", "http"), b"", {}, seconds=SECONDS, most=1_000)
    with served(ours.give("old", days=0)) as url:
        assert failed(url, known) == "its certificate is not valid today"
    with served(ours.give("far", address="192.0.2.1")) as url:
        assert failed(url, known) == "its certificate is for another name"


def test_client_shows_a_certificate_of_the_authority(
    ours: Authority, others: Authority, server: Pair
) -> None:
    """H-44, H-45: mutual TLS."""

    def showing(pair: Pair) -> TlsFiles:
        return TlsFiles(pair.certificate, pair.key, ours.certificate)

    with served(server, ours.certificate) as url:
        assert b"https" in asked(url, showing(ours.give("member")))
        missing = "it asks for a certificate, and was shown none that it takes"
        assert failed(url, TlsFiles(authority=ours.certificate)) == missing
        assert (
            failed(url, showing(others.give("stranger")))
            == "it does not take the certificate that it was shown"
        )
        assert (
            failed(url, showing(ours.give("late", days=0)))
            == "it does not take the certificate that it was shown"
        )


def test_each_that_is_asked_fails_by_its_own_name(others: Authority, server: Pair, ours: Authority) -> None:
    """H-45: keepers, chain nodes, stores, with the reason in words; and other gateways get no message."""
    context = client_context(TlsFiles(authority=others.certificate))
    with served(server) as url:
        keeper = KeeperInfo(0, "0x" + "11" * 20, "0x" + "22" * 20, Chamber.Institutions, url, bytes(1_216))
        with (
            closing(HttpKeepers(timeout_seconds=SECONDS, tls=context)) as keepers,
            pytest.raises(KeeperUntrusted, match=OTHER_AUTHORITY),
        ):
            keepers.feed(keeper, b"{}", bytes(64))
        with (
            closing(RpcClient(url, tls=context)) as rpc,
            pytest.raises(ChainUntrusted, match=OTHER_AUTHORITY),
        ):
            rpc.call("eth_chainId")
        with (
            closing(Cluster(url, tls=context)) as cluster,
            pytest.raises(StoreUntrusted, match=OTHER_AUTHORITY),
        ):
            cluster.nodes()
        assert not HttpMessenger(url, tls=context).deliver(b"{}")
        good = client_context(TlsFiles(authority=ours.certificate))
        assert HttpMessenger(url, tls=good).deliver(b"{}")
        with closing(RpcClient(url, tls=good)) as rpc:
            assert rpc.call("eth_chainId") == "https"


def test_settings_name_the_files(folder: Path, server: Pair, ours: Authority) -> None:
    """H-44: and what is wrong with them is said before anything starts."""

    def read(tls: TlsFiles) -> KeeperConfig:
        config = KeeperConfig(
            "127.0.0.1",
            0,
            "http://x",
            "d",
            str(folder / "db"),
            "k",
            StoreConfig("embedded"),
            serving=KeeperServing(tls),
        )
        config.write(folder / "keeper.json")
        return read_keeper_config(folder / "keeper.json")

    assert plan_of(read(TlsFiles())).tls is None
    made = plan_of(read(TlsFiles(server.certificate, server.key, ours.certificate, "required"))).tls
    assert made is not None and made().verify_mode.name == "CERT_REQUIRED"
    for wrong in (
        TlsFiles(server.certificate),
        TlsFiles(server.certificate, server.key, "", "required"),
        TlsFiles(client_certificates="sometimes"),  # type: ignore[arg-type]
    ):
        with pytest.raises(ConfigInvalid, match=r"serving\.tls"):
            read(wrong)
    with pytest.raises(ConfigInvalid, match="server.key"):
        server_context(ours.certificate, server.key, "")
    with pytest.raises(ConfigInvalid, match="nothing.pem"):
        client_context(TlsFiles(authority=str(folder / "nothing.pem")))
