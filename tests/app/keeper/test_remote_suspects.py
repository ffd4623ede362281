"""Keepers that lie or are slow: named, asked last, and trusted again (K-28)."""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from consentry.crypto.sealing import seal_released
from consentry.domain import fields
from consentry.domain.requests import RecordItem, ReleaseRequest
from consentry.keeper.app import create_app
from consentry.ports.keeper_values import Opened
from consentry.remote.keepers import HttpKeepers
from consentry.remote.suspects import FIRST_SECONDS, MOST_SECONDS, Suspects
from tests.app.keeper.keeper_network import Network, keeper_on
from tests.app.keeper.odd_peers import LIMIT_SECONDS, becomes
from tests.app.keeper_world import World

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def network(world: World) -> Iterator[Network]:
    made = Network(world)
    made.client.close()
    made.client = HttpKeepers(timeout_seconds=LIMIT_SECONDS)
    yield made
    made.client.close()
    made.stop(*list(made.servers))


@dataclass
class Ticks:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def test_doubt_doubles_each_time_it_comes_again_and_ends_with_trust() -> None:
    """K-28: many questions at once are one occasion; never longer than the limit."""
    ticks = Ticks()
    suspects = Suspects(ticks)
    seconds = FIRST_SECONDS
    while seconds < MOST_SECONDS:
        suspects.doubt("a")
        suspects.doubt("a")
        ticks.now += seconds - 1
        assert suspects.doubted() == {"a"}
        ticks.now += 1
        assert suspects.doubted() == frozenset()
        seconds *= 2
    for _ in range(2):
        suspects.doubt("a")
        ticks.now += MOST_SECONDS
        assert suspects.doubted() == frozenset()
    suspects.trust("a")
    suspects.doubt("a")
    ticks.now += FIRST_SECONDS
    assert suspects.doubted() == frozenset()


def lying(network: Network, seat: int) -> WsgiApp:
    """Judges nothing, and releases random bytes, rightly sealed for who asks."""

    def app(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        asked = json.load(BytesIO(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))))
        request = ReleaseRequest.parse(fields.base64_bytes(asked["request"], "request", 1, 2**20))
        items = []
        for item in request.items:
            assert isinstance(item, RecordItem)
            share = secrets.token_bytes(33)
            sealed = seal_released(request.seal_to, request.digest(), item.header.record_id, seat, share)
            items.append({"decision": "released", "seat": seat, "share": fields.to_base64(sealed)})
        body = json.dumps(
            {
                "digest": fields.to_hex(request.digest()),
                "keeper": network.committee.keepers[seat].account,
                "items": items,
            }
        ).encode()
        start("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]

    return app


def test_a_lying_share_is_found_by_its_hash_and_its_keeper_named_and_asked_last(
    world: World, network: Network
) -> None:
    """K-28, S-1: two of five lie about both records; reading goes on, and soon does without asking them."""
    for seat in (1, 3):
        network.replace(seat, lying(network, seat))
    liars = {network.committee.keepers[seat].url for seat in (1, 3)}

    def asked_and_named() -> bool:
        asked = network.ask(world.request(world.record, world.anchored_record()))
        assert all(isinstance(one, Opened) and not {1, 3} & one.shares.keys() for one in asked.outcomes)
        for one in asked.failures:
            assert (one.code, one.host) == (
                "share-invalid",
                network.committee.keepers[one.seat].url.partition("//")[2],
            )
        return liars <= network.client._suspects.doubted()

    assert becomes(asked_and_named), "whoever lied is remembered, as soon as its answer was looked at"
    first, *_ = network.client.waves(network.committee)
    assert {keeper.seat for keeper in first} in ({0, 2, 4}, set(range(5)))


def test_a_slow_keeper_is_passed_by_and_asked_last(world: World, network: Network) -> None:
    """K-28: three are asked at first; the others follow when one takes long, and who took long is remembered."""
    network.client.close()
    network.client = HttpKeepers(timeout_seconds=LIMIT_SECONDS, spare=0, slow_seconds=0.1)
    over = threading.Event()

    def held(seat: int) -> WsgiApp:
        keeper = create_app(keeper_on(world.desk(seat), world))

        def app(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
            over.wait(LIMIT_SECONDS)
            return keeper(environ, start)

        return app

    try:
        for seat in (0, 1):
            network.replace(seat, held(seat))
        slow = {network.committee.keepers[seat].url for seat in (0, 1)}

        def passed_by() -> bool:
            assert isinstance(network.ask(world.request()).outcomes[0], Opened)
            return slow <= network.client._suspects.doubted()

        assert becomes(passed_by)
    finally:
        over.set()
