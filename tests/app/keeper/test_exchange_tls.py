"""The bounded exchange over TLS: names are checked, handshakes end in time (S-1, design §7)."""

from __future__ import annotations

import socket
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from consentry.remote.exchange import Exchange, NoAnswer
from tests.app.keeper.odd_peers import OK, ask, saying, serving, until_cut

DAY = timedelta(days=1)


@pytest.fixture
def certified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """What a server called localhost needs, by an authority that this process trusts."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "x")]),
    )
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(
            name, name, key.public_key(), x509.random_serial_number(), now - DAY, now + DAY
        )
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    (tmp_path / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, form, plain))
    (tmp_path / "certificate.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "certificate.pem", tmp_path / "key.pem")
    return context


def test_ask_speaks_tls_and_checks_the_name(certified: ssl.SSLContext) -> None:
    """Three answers over one connection; under another name than the certificate's, none."""

    def securely(peer: socket.socket) -> None:
        with certified.wrap_socket(peer, server_side=True) as secure:
            saying(OK, OK, OK)(secure)

    def refused(peer: socket.socket) -> None:
        with pytest.raises(ssl.SSLError):
            certified.wrap_socket(peer, server_side=True)

    with serving(securely, refused) as url:
        exchange = Exchange(kept=4)
        named = url.replace("http://127.0.0.1", "https://localhost")
        assert [ask(exchange, named).body for _ in range(3)] == [b"hi"] * 3
        with pytest.raises(NoAnswer) as failure:
            ask(exchange, url.replace("http:", "https:"))
        assert not failure.value.late
        exchange.close()


def test_ask_ends_in_time_when_a_handshake_drips() -> None:
    hello = b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc"
    with serving(until_cut(hello, b"\x00")) as url, pytest.raises(NoAnswer) as failure:
        ask(Exchange(), url.replace("http:", "https:"), seconds=0.3)
    assert failure.value.late
