"""The gateway behind its server, and as the process that people start (G-2, F-1)."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import urllib3

from consentry.config import GatewayConfig, StoreConfig
from consentry.crypto import hpke, keystore
from consentry.crypto.directory_keys import generate_directory_key
from consentry.crypto.signatures import account_of, generate_account_key
from consentry.gateway.app import create_app
from consentry.gateway.server import refuse
from consentry.network.processes import free_port
from tests.app.gateway.world import World
from tests.serving import Served

LIMIT = 400_000


@pytest.fixture(scope="module")
def port(world: World) -> Iterator[int]:
    with closing(Served(create_app(world.mercy.gateway), most_body_bytes=LIMIT, refuse=refuse)) as server:
        yield server.port


def spoken(port: int, raw: bytes) -> tuple[int, str, bytes]:
    """Status, media type and body of the answer to these bytes."""
    with socket.create_connection(("127.0.0.1", port), timeout=90) as connection:
        connection.sendall(raw)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while part := connection.recv(65_536):
            answer += part
    head, _, body = answer.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    types = [line.split(": ")[1] for line in lines if line.lower().startswith("content-type:")]
    return int(lines[0].split()[1]), types[0], body


@pytest.mark.parametrize(
    ("request_line", "headers", "status", "code"),
    [
        ("POST /fhir HTTP/1.1", "Content-Length: 9000000000", 413, "bundle-too-large"),
        ("POST /fhir HTTP/1.1", "Content-Length: 9000000\r\nExpect: 100-continue", 413, "bundle-too-large"),
        ("POST /api/me HTTP/1.1", "Content-Length: 9000000000", 413, "body-too-large"),
        ("POST /fhir HTTP/1.1", "Content-Length: many", 400, "http-invalid"),
        ("POST /fhir HTTP/1.1", "Transfer-Encoding: rot13", 501, "internal"),
        ("RUBBISH", "", 400, "http-invalid"),
    ],
)
def test_server_keeps_the_form_when_it_refuses_by_itself(
    port: int, request_line: str, headers: str, status: int, code: str
) -> None:
    """G-2: what never reaches the application has its form too."""
    got, kind, body = spoken(port, f"{request_line}\r\nHost: x\r\n{headers}\r\n\r\n".encode())
    told = json.loads(body)
    if kind.startswith("application/fhir+json"):
        assert told["issue"][0]["details"]["coding"][0]["code"] == code
    else:
        assert (kind, told["code"]) == ("application/problem+json", code)
    assert got == (500 if code == "internal" else status)


def test_server_keeps_the_form_when_headers_are_too_long(port: int) -> None:
    got, kind, body = spoken(port, b"GET / HTTP/1.1\r\nHost: x\r\nX: ".ljust(32_768, b"y"))
    assert (got, kind, json.loads(body)["code"]) == (400, "application/problem+json", "http-invalid")


def test_large_bundle_is_refused_in_bounded_time(port: int, world: World) -> None:
    """F-1: 200 MB, sent whole by an ordinary client, and 40 MB in chunks of unsaid length."""
    http = urllib3.PoolManager(retries=False, timeout=90)
    headers = {"Authorization": f"Bearer {world.mercy.key}", "Content-Type": "application/fhir+json"}
    answer = http.request("POST", f"http://127.0.0.1:{port}/fhir", body=b" " * 200_000_000, headers=headers)
    assert answer.status == 413
    assert answer.json()["issue"][0]["details"]["coding"][0]["code"] == "bundle-too-large"


def test_process_serves_until_it_is_told_to_stop(world: World, tmp_path: Path) -> None:
    """`python -m consentry.gateway`: healthy, then a clean end; and the reason when its keystore stays locked."""
    config, environment = configured(world, tmp_path)
    locked = run(config, environment | {keystore.PASSPHRASE: "wrong"})
    assert (locked.wait(120), b"keystore-locked" in locked.stderr.read()) == (3, True)
    process = run(config, environment)
    try:
        port = json.loads(config.read_text())["port"]
        retries = urllib3.Retry(total=600, backoff_factor=0.1, backoff_max=0.2)
        answer = urllib3.request("GET", f"http://127.0.0.1:{port}/health", retries=retries)
        assert (answer.status, answer.json()["ok"]) == (200, True)
        second = run(config, environment)
        assert (second.wait(120), b"config-invalid" in second.stderr.read()) == (2, True)
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(120) == 0, process.stderr.read()


def run(config: Path, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "consentry.gateway", "--config", str(config)]
    return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE)


def configured(world: World, folder: Path) -> tuple[Path, dict[str, str]]:
    """A gateway's settings and keystore, and the environment that opens it."""
    keys = {name: generate_account_key() for name in ("account", "system", "content")}
    keystore.write(folder / "k", keys | {"directory": generate_directory_key()}, "right", cost=2**12)
    port = free_port()
    GatewayConfig(
        member=account_of(keys["account"]),
        member_name="Third Hospital",
        host="127.0.0.1",
        port=port,
        public_url=f"http://localhost:{port}",
        rpc_url=world.chain.url,
        deployment=str(world.chain.deployment),
        database=str(folder / "gateway.sqlite"),
        keystore=str(folder / "k"),
        copy_key=hpke.public_key(hpke.generate_seed()).hex(),
        store=StoreConfig("embedded", str(folder / "store")),
    ).write(folder / "gateway.json")
    clean = {name: value for name, value in os.environ.items() if name != keystore.PASSPHRASE_FILE}
    return folder / "gateway.json", clean | {keystore.PASSPHRASE: "right"}
