"""An RPC that asks for a token gets it, and only where nobody else hears it."""

from __future__ import annotations

import json
import ssl
import urllib.request
from contextlib import closing
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
from consentry.storage.kubo_privacy import rpc_exposures
from tests.app.storage.blob_store_contract import read
from tests.engines.answering import answering
from tests.engines.test_kubo_private import CID, started

BEYOND = "0.0.0.0"
"""No loopback address, though a server of this machine answers there."""


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
