"""An HTTP proxy in front of one address, which can do to the exchange what networks and bad hosts do."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import urllib3


@dataclass(frozen=True)
class Answer:
    """What came back for a request; `body` may be cut (`told` is then the length that the header promises)."""

    status: int
    content_type: str
    body: bytes
    told: int | None = None


class Gone(Exception):
    """The connection closes without an answer."""


Change = Callable[[str, bytes, Answer], Answer]
"""Path, the request's body, the honest answer → what is sent. May raise Gone, and may wait."""


def unchanged(path: str, body: bytes, answer: Answer) -> Answer:
    return answer


class Proxy:
    """Listens on `port` (0: any) and asks `target`. `change` may be replaced at any time; `reachable` False is a dead host."""

    def __init__(self, target: str, port: int = 0) -> None:
        self.target = target
        self.change: Change = unchanged
        self.reachable = True
        self._pool = urllib3.PoolManager(maxsize=16, retries=False, timeout=60)
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                proxy._serve(self, self.rfile.read(int(self.headers.get("Content-Length") or 0)))

            def do_GET(self) -> None:
                proxy._serve(self, b"")

            def log_message(self, format: str, *arguments: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._pool.clear()

    def _serve(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        try:
            answer = self.change(handler.path, body, self._ask(handler, body))
        except (Gone, urllib3.exceptions.HTTPError):
            handler.close_connection = True
            return
        handler.send_response(answer.status)
        handler.send_header("Content-Type", answer.content_type)
        handler.send_header("Content-Length", str(len(answer.body) if answer.told is None else answer.told))
        handler.end_headers()
        handler.wfile.write(answer.body)
        handler.close_connection = answer.told is not None

    def _ask(self, handler: BaseHTTPRequestHandler, body: bytes) -> Answer:
        if not self.reachable:
            raise Gone
        headers = {
            name: handler.headers[name] for name in ("Content-Type", "Accept") if name in handler.headers
        }
        got = self._pool.request(handler.command, self.target + handler.path, body=body, headers=headers)
        return Answer(got.status, got.headers.get("Content-Type", ""), got.data)
