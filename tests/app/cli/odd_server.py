"""A real HTTP server that answers whatever a test puts under a path: recorded shapes, rubbish, slowness, floods."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

PROBLEM = "application/problem+json"


@dataclass
class OddServer:
    """`answers` by "METHOD path"; `seen` are the requests as (method, path, headers, body)."""

    url: str = ""
    answers: dict[str, Response] = field(default_factory=dict)
    seen: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)

    def say(self, route: str, body: Any, status: int = 200, kind: str = "application/json") -> None:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.answers[route] = Response(raw, status, content_type=kind)

    def stream(self, route: str, parts: Iterator[bytes]) -> None:
        self.answers[route] = Response(parts, content_type="application/json")

    def refuse(self, route: str, status: int, code: str, **more: Any) -> None:
        body = {"type": f"urn:consentry:error:{code}", "status": status, "code": code} | more
        self.say(route, body, status, PROBLEM)

    def __call__(self, environ: Any, start: Any) -> Any:
        request = Request(environ)
        self.seen.append((request.method, request.path, dict(request.headers), request.get_data()))
        answer = self.answers.get(f"{request.method} {request.path}") or Response(b"", 404)
        return answer(environ, start)


@contextmanager
def serving() -> Iterator[OddServer]:
    """On a free port of localhost until the block ends."""
    odd = OddServer()
    server = make_server("127.0.0.1", 0, odd, threaded=True)
    odd.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield odd
    finally:
        server.shutdown()
        thread.join()


def trickle(pause: float) -> Iterator[bytes]:
    """A byte now and then, without end."""
    while True:
        yield b" "
        time.sleep(pause)


def flood(megabytes: int) -> Iterator[bytes]:
    for _ in range(megabytes):
        yield b"x" * 2**20
