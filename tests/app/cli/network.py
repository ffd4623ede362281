"""The gateways' test network behind real HTTP: one hospital's gateway served under its public name."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from werkzeug.serving import make_server

from consentry.gateway.app import create_app
from tests.app.gateway.world import Hospital


@dataclass(frozen=True)
class Served:
    """A gateway's public URL, and the same gateway under an address that it does not call its own."""

    url: str
    aside: str


@contextmanager
def served(hospital: Hospital, patch: pytest.MonkeyPatch) -> Iterator[Served]:
    """The gateway, whose public name resolves to a free port of this machine for as long as the block lasts."""
    origin = str(hospital.gateway.site.origin)
    place = urlsplit(origin)
    server = make_server("127.0.0.1", 0, create_app(hospital.gateway), threaded=True)
    resolve = socket.getaddrinfo

    def resolved(host: Any, port: Any, *rest: Any, **more: Any) -> Any:
        if (host, port) == (place.hostname, place.port):
            return resolve("127.0.0.1", server.server_port, *rest, **more)
        return resolve(host, port, *rest, **more)

    patch.setattr(socket, "getaddrinfo", resolved)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield Served(origin, f"http://127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
        thread.join()
