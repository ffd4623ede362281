"""Keepers of a made-up world as real HTTP servers in this process, any of which may be replaced by something else."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import replace

from consentry.crypto.sealing import check_share, open_released
from consentry.domain.requests import RecordItem, ReleaseRequest
from consentry.keeper.app import Keeper, create_app
from consentry.keeper.committer import Committer
from consentry.keeper.relay import RevocationRelay
from consentry.ports.keeper_values import Asked, SignedAsk
from consentry.remote.keepers import HttpKeepers
from consentry.services.keeper_desk import Desk
from tests.app.keeper.odd_peers import LIMIT_SECONDS
from tests.app.keeper_world import World
from tests.app.memory_sender import MemorySender
from tests.serving import Served

WsgiApp = Callable[[dict[str, object], Callable[..., object]], Iterable[bytes]]


class Network:
    """Five keepers of one world, each a server of its own; `seat` may be served by another application."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.servers: dict[int, Served] = {}
        keepers = []
        for info in world.committee.keepers:
            desk = world.desk(info.seat)
            url = self.serve(info.seat, create_app(keeper_on(desk, world)))
            keepers.append(replace(info, url=url))
        self.committee = replace(world.committee, keepers=tuple(keepers))
        self.client = HttpKeepers(timeout_seconds=5.0)

    def serve(self, seat: int, app: WsgiApp, port: int = 0) -> str:
        self.servers[seat] = server = Served(app, port=port, at_once=4)
        return f"http://127.0.0.1:{server.port}"

    def stop(self, *seats: int) -> None:
        leaving = [self.servers.pop(seat) for seat in seats]
        for server in leaving:
            server.ask_to_stop()
        for server in leaving:
            server.close()

    def replace(self, seat: int, app: WsgiApp) -> None:
        """Another program answers where this keeper did."""
        keepers = list(self.committee.keepers)
        self.stop(seat)
        keepers[seat] = replace(keepers[seat], url=self.serve(seat, app))
        self.committee = replace(self.committee, keepers=tuple(keepers))

    def ask(self, request: ReleaseRequest) -> Asked:
        def open_share(item: int, seat: int, sealed: bytes) -> bytes:
            record = request.items[item]
            assert isinstance(record, RecordItem)
            share = open_released(self.world.opener, request.digest(), record.header.record_id, seat, sealed)
            check_share(record.sealing, record.header.record_id, seat, share)
            return share

        signature = self.world.session_key.sign(request.to_bytes())
        shares = {
            seat: tuple(self.world.share_for(item, seat) for item in request.items) for seat in range(5)
        }
        return self.client.ask(
            SignedAsk(request.to_bytes(), signature, len(request.items), shares), self.committee, open_share
        )


def answering(status: str, body: bytes, after: threading.Event | None = None) -> WsgiApp:
    """Answers everything the same, once `after` is set."""

    def app(environ: dict[str, object], start: Callable[..., object]) -> list[bytes]:
        if after is not None:
            after.wait(LIMIT_SECONDS)
        start(status, [("Content-Length", str(len(body)))])
        return [body]

    return app


def keeper_on(desk: Desk, world: World) -> Keeper:
    """A keeper that has compared its book with the chain; its threads do not run."""
    sender = MemorySender(world.ledger, desk.account)
    committer = Committer(desk.book, world.ledger, sender, every_seconds=600, at_receipts=1000)
    committer.attempt()
    return Keeper(desk, committer, RevocationRelay(desk, sender))
