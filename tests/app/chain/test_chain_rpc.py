"""The transport against servers that answer wrongly, late, or not at all."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from consentry.chain.rpc import Request, RpcClient, RpcError
from consentry.errors import ChainUnreachable
from consentry.network.engines import chain_id_of
from tests.chains import DeployedChain


@contextmanager
def serving(answer: Callable[[bytes], tuple[int, bytes]]) -> Iterator[str]:
    """A real HTTP server on the loopback address whose answers the test decides."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, content = answer(body)
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/secret-token"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>gateway</html>",
        b"\xff\xfe",
        b"null",
        b"7",
        b"[]",
        b"[7]",
        b"[null]",
        b"{}",
        b'{"result":"0x1"}',
        b'[{"result":"0x1"},{"result":"0x2"}]',
        b'[{"id":[0],"result":"0x1"}]',
        b'[{"id":false,"result":"0x1"}]',
        b'[{"id":1,"result":"0x1"}]',
    ],
)
def test_batch_raises_chain_unreachable_when_the_answer_is_none(content: bytes) -> None:
    """K-11: whatever answers there, it is not our node, and the address's path stays out of the message."""
    with serving(lambda _: (200, content)) as url, pytest.raises(ChainUnreachable) as caught:
        RpcClient(url, timeout=2).call("eth_chainId")
    assert "secret-token" not in caught.value.diagnostics


@pytest.mark.parametrize("status", [301, 400, 403, 404, 429, 500, 503])
def test_batch_raises_chain_unreachable_when_http_fails(status: int) -> None:
    """K-11."""
    with serving(lambda _: (status, b"no")) as url, pytest.raises(ChainUnreachable) as caught:
        RpcClient(url, timeout=2).call("eth_chainId")
    assert "secret-token" not in caught.value.diagnostics


@pytest.mark.parametrize("answer", ["null", "7", '"seven"', '["0x7"]'])
def test_chain_id_of_raises_chain_unreachable_for_what_is_no_number(answer: str) -> None:
    """K-11."""

    def reply(body: bytes) -> tuple[int, bytes]:
        (asked,) = json.loads(body)
        return 200, f'[{{"jsonrpc":"2.0","id":{asked["id"]},"result":{answer}}}]'.encode()

    with serving(reply) as url, pytest.raises(ChainUnreachable, match="not a number"):
        chain_id_of(url)


def test_batch_raises_chain_unreachable_when_nothing_listens() -> None:
    """K-11: an own port that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(ChainUnreachable, match="no chain node answers"):
            RpcClient(url, timeout=2).call("eth_chainId")


def test_batch_raises_chain_unreachable_in_time_when_the_node_is_silent() -> None:
    """K-11: a node that accepts and says nothing."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        started = time.monotonic()
        with pytest.raises(ChainUnreachable, match="in time"):
            RpcClient(f"http://127.0.0.1:{silent.getsockname()[1]}", timeout=0.3).call("eth_chainId")
        assert time.monotonic() - started < 3


@pytest.mark.parametrize("url", ["", "ftp://127.0.0.1", "http://", "127.0.0.1:8545", "file:///etc/passwd"])
def test_client_refuses_an_address_that_is_none(url: str) -> None:
    """K-11."""
    with pytest.raises(ChainUnreachable):
        RpcClient(url)


def test_batch_restores_the_order_of_the_requests() -> None:
    """JSON-RPC 2.0 lets a server answer a batch in any order."""

    def shuffled(body: bytes) -> tuple[int, bytes]:
        wanted = json.loads(body)
        answers = [{"jsonrpc": "2.0", "id": one["id"], "result": one["method"]} for one in wanted]
        return 200, json.dumps(answers[::-1]).encode()

    with serving(shuffled) as url:
        assert RpcClient(url).batch([Request("a"), Request("b"), Request("c")]) == ["a", "b", "c"]


def test_batch_puts_one_failure_in_its_place_and_keeps_the_connection(deployed_chain: DeployedChain) -> None:
    """C-8: an error answer belongs to its request alone."""
    client = RpcClient(deployed_chain.url)
    first, second, third = client.batch(
        [Request("eth_chainId"), Request("no_such"), Request("eth_blockNumber")]
    )
    assert int(first, 16) == 1337 and isinstance(second, RpcError) and int(third, 16) > 0
    with pytest.raises(RpcError):
        client.call("no_such")
    assert client.batch([]) == []
    client.close()


def test_batch_splits_what_one_body_cannot_carry() -> None:
    """K-2: nodes refuse bodies of some megabytes; questions are taken one body at a time, so memory stays small."""
    sizes: list[int] = []
    made: list[int] = []

    def counted(body: bytes) -> tuple[int, bytes]:
        sizes.append(len(body))
        answers = [
            {"jsonrpc": "2.0", "id": one["id"], "result": one["params"][0]["to"]} for one in json.loads(body)
        ]
        return 200, json.dumps(answers).encode()

    def questions() -> Iterator[Request]:
        for number in range(12):
            made.append(len(sizes))
            yield Request("eth_call", ({"to": str(number), "data": "0x" + "00" * 150_000}, "latest"))

    with serving(counted) as url:
        assert RpcClient(url).batch(questions()) == [str(number) for number in range(12)]
    assert len(sizes) == 4 and max(sizes) <= 1_000_000
    assert made == [0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3]


def test_what_a_node_says_and_where_it_is_stays_inside(caplog: pytest.LogCaptureFixture) -> None:
    """K-2, P-1: told to nobody; logged without what looks like calldata or an account."""
    said = {
        "jsonrpc": "2.0",
        "id": 0,
        "error": {"code": -32000, "message": f"no funds of 0x{'ab' * 20}: {'0' * 24}{'cd' * 20}"},
    }

    def refusing(body: bytes) -> tuple[int, bytes]:
        return 200, json.dumps([said | {"id": one["id"]} for one in json.loads(body)]).encode()

    with caplog.at_level("INFO"), serving(refusing) as url, pytest.raises(RpcError) as caught:
        RpcClient(url).call("eth_chainId")
    assert caught.value.diagnostics == "the chain node refuses the question"
    assert "no funds of 0x…: 0x…" in caplog.text
    assert "abab" not in caplog.text and "cdcd" not in caplog.text
    place = url.split("/")[2]
    with caplog.at_level("INFO"), pytest.raises(ChainUnreachable) as gone:
        RpcClient(url, timeout=0.5).call("eth_chainId")
    assert place in caplog.text and "127.0.0.1" not in gone.value.diagnostics
    assert "secret-token" not in caplog.text
