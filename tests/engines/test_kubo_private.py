"""A node that is not private is not used, and one that asks for a token gets it."""

from __future__ import annotations

import json
import os
import ssl
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from consentry.bootstrap.common import open_store
from consentry.config import StoreConfig
from consentry.errors import ConfigInvalid, StoreNotPrivate, StoreUnreachable
from consentry.storage.kubo import KuboBlockStore
from consentry.storage.kubo_node import KuboNode
from consentry.storage.kubo_privacy import PRIVATE_SETTINGS, exposures, rpc_exposures
from tests.app.storage.blob_store_contract import read
from tests.engines.answering import answering, nested

LIMIT_SECONDS = 60
BEYOND = "0.0.0.0"
"""No loopback address, though a server of this machine answers there."""
PRIVATE = nested(PRIVATE_SETTINGS)


@contextmanager
def started(directory: Path, binary: Path) -> Iterator[str]:
    """A daemon that nobody forces to be private."""
    environment = {**os.environ, "IPFS_PATH": str(directory), "IPFS_TELEMETRY": "off"}
    daemon = subprocess.Popen(
        [str(binary), "daemon", "--migrate=false"], env=environment, stdout=subprocess.DEVNULL
    )
    deadline = time.monotonic() + LIMIT_SECONDS
    try:
        while not (directory / "api").exists():
            assert daemon.poll() is None and time.monotonic() < deadline
            time.sleep(0.05)
        yield (directory / "api").read_text("utf-8").strip()
    finally:
        daemon.terminate()
        daemon.wait()


def test_nothing_is_stored_on_a_node_that_talks_to_strangers(tmp_path: Path, kubo_binary: Path) -> None:
    """H-26: without a swarm key, though every setting is as it should be; given one, the same client uses it."""
    KuboNode(tmp_path, binary=kubo_binary).prepare()
    key = tmp_path / "swarm.key"
    kept = key.read_text("utf-8")
    key.unlink()
    with started(tmp_path, kubo_binary) as address, closing(KuboBlockStore(address)) as store:
        for call in (lambda: store.put([b"content"]), lambda: store.has(str(CID)), lambda: store.delete(CID)):
            with pytest.raises(StoreNotPrivate, match="strangers"):
                call()
        health = store.health()
        assert (health.ok, health.code) == (False, "store-not-private")
        assert "swarm.key" in health.detail
    (tmp_path / "api").unlink(missing_ok=True)
    key.write_text(kept, "utf-8")
    with started(tmp_path, kubo_binary) as address, closing(KuboBlockStore(address)) as store:
        assert store.health().ok


CID = "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku"


@pytest.mark.parametrize("name", PRIVATE_SETTINGS)
def test_every_setting_that_reaches_out_is_named(name: str) -> None:
    """H-26: also where it is left out, for then Kubo's default reaches out."""
    without = nested({key: value for key, value in PRIVATE_SETTINGS.items() if key != name})
    other = nested({**PRIVATE_SETTINGS, name: ["/ip4/127.0.0.1/tcp/1"]})
    assert exposures(PRIVATE, []) == ()
    assert [name in one for one in exposures(other, [])] == [True]
    if PRIVATE_SETTINGS[name] != []:
        assert [name in one for one in exposures(without, [])] == [True]


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/ip4/8.8.8.8/tcp/4001/p2p/x", "public address"),
        ("/ip4/127.0.0.1/udp/4001/quic-v1", "TCP alone"),
        ("/dns4/node.example/tcp/4001", "TCP alone"),
        ("/ip4/127.0.0.1/tcp/4001/p2p/x/p2p-circuit", "TCP alone"),
        ("/ip4/127.0.0.1/tcp/1/p2p/x", "cannot be reached"),
    ],
)
def test_an_address_that_anybody_may_come_by_is_named(address: str, words: str) -> None:
    """H-26: so is one of which nothing can be shown."""
    (told,) = exposures(PRIVATE, [address])
    assert words in told


def test_the_rpc_goes_to_other_machines_by_tls_only() -> None:
    """H-27"""
    assert rpc_exposures("/ip4/127.0.0.1/tcp/5001") == ()
    assert any("in clear" in one for one in rpc_exposures("/dns4/node.invalid/tcp/5001"))
    assert rpc_exposures("/dns4/node.invalid/tcp/5001/https") == ()


def test_a_host_called_https_is_asked_in_clear_all_the_same() -> None:
    """H-27"""
    assert any("in clear" in one for one in rpc_exposures("/dns4/https/tcp/1"))


def test_the_token_is_not_said_where_others_could_read_it() -> None:
    """H-27: an RPC that is no loopback address, without TLS, hears nothing at all."""
    heard: list[str | None] = []
    with (
        answering(200, b"{}", host=BEYOND, tokens=heard) as address,
        pytest.raises(StoreNotPrivate, match="in clear"),
    ):
        open_and_look(address)
    assert heard == []


def test_the_token_is_not_said_to_an_rpc_that_asks_for_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """H-27: whether it does is asked first, without the token."""
    heard: list[str | None] = []
    secure = certified(tmp_path, monkeypatch)
    with answering(200, b"{}", host=BEYOND, secure=secure, tokens=heard) as address:
        with pytest.raises(StoreNotPrivate, match="without a token"):
            open_and_look(address)
        assert heard == [None]
    with (
        answering(403, b"no", private=False, host=BEYOND, secure=secure, tokens=heard) as address,
        pytest.raises(StoreUnreachable, match="refuses"),
    ):
        open_and_look(address)
    assert heard == [None, None, "Bearer s3cret"]


def open_and_look(address: str) -> None:
    with closing(KuboBlockStore(address, bearer="s3cret")) as store:
        store.has(CID)


def certified(folder: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """What a server at `BEYOND` needs, by an authority that both HTTP clients of the adapter trust."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "x")]),
    )
    day, now = timedelta(days=1), datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now - day, now + day)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(BEYOND))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    plain, form = serialization.NoEncryption(), serialization.PrivateFormat.PKCS8
    pem = serialization.Encoding.PEM
    file.write_bytes(made.public_bytes(pem) + key.private_bytes(pem, form, plain))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(file))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def test_a_node_that_asks_for_a_token_gets_the_one_of_the_settings(tmp_path: Path, kubo_binary: Path) -> None:
    """H-27: without it, or with another, nothing is stored; it stands in a file of its own."""
    node, token = tmp_path / "node", tmp_path / "token"
    KuboNode(node, binary=kubo_binary).prepare()
    config = json.loads((node / "config").read_text("utf-8"))
    config["API"] = {"Authorizations": {"us": {"AuthSecret": "bearer:s3cret", "AllowedPaths": ["/api/v0"]}}}
    (node / "config").write_text(json.dumps(config), "utf-8")
    token.write_text("s3cret\n", "ascii")
    with started(node, kubo_binary) as api:
        with closing(open_store(StoreConfig("kubo", api=api, token_file=str(token)))) as store:
            assert read(store, store.put([b"content"]).cid) == b"content"
        for bearer in (None, "another"):
            with closing(KuboBlockStore(api, bearer=bearer)) as refused:
                assert not refused.health().ok
                with pytest.raises(StoreUnreachable, match="refuses"):
                    refused.put([b"content"])
        port = api.rsplit("/", 1)[1]
        asked = urllib.request.Request(f"http://127.0.0.1:{port}/api/v0/version", method="POST")
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(asked, timeout=10)
    with pytest.raises(ConfigInvalid, match="absent"):
        open_store(StoreConfig("kubo", api=api, token_file=str(tmp_path / "absent")))
