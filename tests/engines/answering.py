"""Servers that stand where an IPFS node's RPC should: one answer to everything, whoever asks."""

from __future__ import annotations

import http.server
import json
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from consentry.storage.kubo_privacy import PRIVATE_SETTINGS


def nested(settings: Mapping[str, object]) -> dict[str, Any]:
    """Settings by dotted names as the node tells them."""
    told: dict[str, Any] = {}
    for name, value in settings.items():
        *path, last = name.split(".")
        at = told
        for step in path:
            at = at.setdefault(step, {})
        at[last] = value
    return told


ITSELF = {
    "version": {"Version": "0.43.1"},
    "config/show": nested(PRIVATE_SETTINGS),
    "id": {"Addresses": []},
}


@contextmanager
def answering(
    status: int,
    body: bytes,
    *,
    announced: int | None = None,
    private: bool = True,
    host: str = "127.0.0.1",
    secure: ssl.SSLContext | None = None,
    tokens: list[str | None] | None = None,
) -> Iterator[str]:
    """A server that gives one answer to everything, cut short if it announces more bytes than it has; `private`: but to what it
    is asked about itself. `tokens` gets the Authorization of each question, None where there was none."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            if tokens is not None:
                tokens.append(self.headers["Authorization"])
            asked = self.path.removeprefix("/api/v0/").split("?")[0]
            if private and asked in ITSELF:
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps(ITSELF[asked]).encode())
                self.close_connection = True
                return
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body) if announced is None else announced))
            self.end_headers()
            self.wfile.write(body)
            self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    with http.server.ThreadingHTTPServer((host, 0), Handler) as server:
        if secure is not None:
            server.socket = secure.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield f"/ip4/{host}/tcp/{server.server_port}{'/https' if secure else ''}"
        server.shutdown()
        thread.join()
