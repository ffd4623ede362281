"""One client for all threads of a process, and what its address may hold."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from consentry.chain.rpc import Request, RpcClient
from consentry.errors import ChainUnreachable
from tests.chains import DeployedChain


def test_batches_of_many_threads_are_not_mixed_up(deployed_chain: DeployedChain) -> None:
    """K-11: a busy keeper's node is never taken for one that answers rubbish, and everybody gets the own answers."""
    client = RpcClient(deployed_chain.url)

    def blocks(number: int) -> list[str]:
        asked = [Request("eth_getBlockByNumber", (hex(number % 4 + at), False)) for at in range(5)]
        return [block["number"] for block in client.batch(asked)]

    with ThreadPoolExecutor(16) as threads:
        for number, found in enumerate(threads.map(blocks, range(400))):
            assert found == [hex(number % 4 + at) for at in range(5)]
    client.close()


def test_a_user_in_the_address_is_sent_as_a_header_and_nowhere_else() -> None:
    """P-1: a hosted node's address may hold a user and a password."""
    seen: list[str | None] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            seen.extend((self.headers["Authorization"], self.path))
            self.send_error(403)

        def log_message(self, *_: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        client = RpcClient(f"http://me:p%40ss@127.0.0.1:{server.server_address[1]}/node")
        with pytest.raises(ChainUnreachable) as refused:
            client.call("eth_chainId")
    assert seen == ["Basic bWU6cEBzcw==", "/node"] and "p@ss" not in refused.value.diagnostics
