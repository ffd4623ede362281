"""The gateway behind its server, and as the process that people start (G-2, F-1)."""

from __future__ import annotations

import json
import signal
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import urllib3

from consentry.crypto import keystore
from consentry.gateway.app import create_app
from consentry.gateway.server import refuse
from tests.app.gateway.process import AGAIN, configured, run
from tests.app.gateway.world import World
from tests.serving import Served
from tests.waiting import until

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
    config, environment = configured(world.chain, tmp_path)
    locked = run(config, environment | {keystore.PASSPHRASE: "wrong"})
    assert (locked.wait(120), b"keystore-locked" in locked.stderr.read()) == (3, True)
    process = run(config, environment)
    try:
        port = json.loads(config.read_text())["port"]
        world.ledger.connection.rpc.call("evm_mine")
        answer = urllib3.request("GET", f"http://127.0.0.1:{port}/health", retries=AGAIN)
        assert (answer.status, answer.json()["ok"]) == (200, True)
        second = run(config, environment)
        assert (second.wait(120), b"config-invalid" in second.stderr.read()) == (2, True)
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(120) == 0, process.stderr.read()


def test_process_says_that_its_node_lags(world: World, tmp_path: Path) -> None:
    """H-91: in both answers, with the same code; and that it is well again, once there is a block."""
    config, environment = configured(world.chain, tmp_path, max_head_age_seconds=5)
    process = run(config, environment)
    try:
        url = f"http://127.0.0.1:{json.loads(config.read_text())['port']}/health"

        def told(path: str, status: int) -> list[str] | None:
            answer = urllib3.request("GET", url + path, retries=AGAIN)
            return answer.json()["reasons"] if answer.status == status else None

        def well() -> bool:
            world.ledger.connection.rpc.call("evm_mine")
            return told("", 200) == told("/ready", 200) == []

        assert until(lambda: told("", 503), "an old block") == ["chain-stale"]
        assert until(lambda: told("/ready", 503), "an old block") == ["chain-stale"]
        until(well, "a new block")
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(120) == 0, process.stderr.read()
