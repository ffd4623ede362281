"""The gateways' test network behind real HTTP: one hospital's gateway served under its public name."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from werkzeug.serving import make_server

from consentry.gateway.app import create_app
from tests.app.gateway.content import bundle
from tests.app.gateway.world import Hospital, World

if TYPE_CHECKING:
    from tests.app.cli.conftest import Ran, Run


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


@dataclass
class Desk:
    """Commands at city's gateway, with the files of alice, dr_bose and the hospital's system."""

    consentry: Run
    world: World
    folder: Path
    url: str
    aside: str

    def __call__(self, *arguments: str | Path) -> Ran:
        return self.consentry(
            *arguments,
            CONSENTRY_GATEWAY=self.url,
            CONSENTRY_RPC=self.world.chain.url,
            CONSENTRY_DEPLOYMENT=str(self.world.chain.deployment),
        )

    def done(self, *arguments: str | Path) -> Any:
        """The JSON of a command that succeeds."""
        ran = self(*arguments, "--json")
        assert ran.code == 0, ran.out + ran.err
        return ran.json

    def file(self, name: str) -> Path:
        return self.folder / name


def linked(desk: Desk, number: str) -> str:
    """alice with an open directory and a reference at city, and her record published there."""
    wallet, key = desk.file("alice.keystore"), desk.file("his.key")
    opened = desk.done("wallet", "open-directory", "--wallet", wallet)
    assert opened["opened"] and opened["version"] == 1
    assert not desk.done("wallet", "open-directory", "--wallet", wallet)["opened"]
    ref = str(
        desk.done("patient", "link", "--mrn", number, "--wallet", wallet, "--client-key-file", key)["ref"]
    )
    desk.file("visit.json").write_text(json.dumps(bundle(number)), "utf-8")
    first = desk.done("publish", desk.file("visit.json"), "--patient", ref, "--client-key-file", key)
    again = desk.done(
        "publish", desk.file("visit.json"), "--patient", ref, "--as", desk.file("dr_bose.keystore")
    )
    assert [one["created"] for one in first["records"]] == [True] * 3 and first["transaction"]
    assert [one["created"] for one in again["records"]] == [False] * 3 and again["transaction"] is None
    return ref
