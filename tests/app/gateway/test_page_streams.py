"""An open page is told at once that there is something new (W-20)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
import requests

from consentry.errors import RateLimited
from consentry.gateway.app import create_app
from consentry.services import streams
from consentry.services.streams import Places, Pulse, StreamPorts
from tests.app.gateway.people import Person
from tests.app.gateway.test_page_news import STREAM, ask_for
from tests.app.gateway.ward import ward_at
from tests.app.gateway.world import World
from tests.serving import Served

QUICK = Pulse(look=0.05, heartbeat=0.2)


@pytest.fixture
def alice(world: World) -> Person:
    return world.patient(world.city)


def ports_of(world: World, **more: Any) -> StreamPorts:
    return replace(world.city.gateway.page.streams, places=Places(), **({"pulse": QUICK} | more))


@contextmanager
def served(world: World, ports: StreamPorts) -> Iterator[str]:
    """City's gateway behind its own server, as browsers reach it."""
    gateway = replace(world.city.gateway, page=replace(world.city.gateway.page, streams=ports))
    with closing(Served(create_app(gateway), leave=ports.places.close)) as server:
        yield f"http://127.0.0.1:{server.port}"


def opened(url: str, token: str) -> requests.Response:
    headers = {"Authorization": f"Bearer {token}"}
    return requests.get(url + STREAM, headers=headers, stream=True, timeout=60)


def told(lines: Iterator[str]) -> str:
    """The next event's data; heartbeats are passed over."""
    return next(line for line in lines if line.startswith("data:"))


def test_open_page_is_told_at_once_and_until_it_signs_out(world: World, alice: Person) -> None:
    """W-20: over the server that serves gateways; a number, and nothing of what it is."""
    with served(world, ports_of(world)) as url, opened(url, alice.token) as stream:
        assert stream.headers["Content-Type"].startswith("text/event-stream")
        assert stream.headers["Cache-Control"] == "no-store"
        lines = stream.iter_lines(chunk_size=1, decode_unicode=True)
        assert told(lines) == 'data: {"unseen": 0}'
        shown = ask_for(world, alice, "NE-4")
        assert told(lines) == 'data: {"unseen": 1}'
        assert next(line for line in lines if line == ":") == ":"
        alice.send("POST", "/api/notifications/seen", {"type": "consent-request", "id": shown["id"]})
        assert told(lines) == 'data: {"unseen": 0}'
        alice.send("DELETE", "/api/sign-in")
        assert not [line for line in lines if line.startswith("data:")]


def test_opening_is_told_at_once(world: World, alice: Person) -> None:
    """W-20, E-17"""
    room = ward_at(world)
    with served(world, ports_of(world)) as url, opened(url, alice.token) as stream:
        lines = stream.iter_lines(chunk_size=1, decode_unicode=True)
        assert told(lines) == 'data: {"unseen": 0}'
        room.open(alice.did)
        assert told(lines) == 'data: {"unseen": 1}'


def test_places_are_few_and_a_newer_page_ends_the_oldest(world: World, alice: Person) -> None:
    """W-20"""
    places = Places(most=3, most_of_one=2)
    first, second = places.take("alice"), places.take("alice")
    places.take("bob")
    with pytest.raises(RateLimited):
        places.take("carol")
    third = places.take("alice")
    assert first.ended.is_set() and not second.ended.is_set()
    places.leave(third)
    assert places.take("carol")
    places.close()
    assert second.ended.is_set()
    with pytest.raises(RateLimited):
        places.take("alice")


def test_a_page_whose_place_is_needed_is_told_to_ask_instead(world: World, alice: Person) -> None:
    """W-20: three pages of one patient; one that came straight back would end the next, and so on for ever."""
    with served(world, ports_of(world)) as url, opened(url, alice.token) as oldest:
        lines = oldest.iter_lines(chunk_size=1, decode_unicode=True)
        told(lines)
        with opened(url, alice.token) as second, opened(url, alice.token) as third:
            rest = list(lines)
            assert rest[rest.index("event: leave") - 1] == f"retry: {1_000 * streams.TRY_AGAIN_SECONDS}"
            for stream in (second, third):
                assert told(stream.iter_lines(chunk_size=1, decode_unicode=True)) == 'data: {"unseen": 0}'


def test_full_house_is_said_and_places_come_free(world: World, alice: Person) -> None:
    """W-20: who goes away leaves the place."""
    full = ports_of(world)
    full = replace(full, places=Places(most=1, most_of_one=1))
    bob = world.patient(world.city)
    with served(world, full) as url:
        with opened(url, alice.token) as stream:
            told(stream.iter_lines(chunk_size=1, decode_unicode=True))
            refused = opened(url, bob.token)
            assert (refused.status_code, refused.json()["code"]) == (429, "rate-limited")
            assert refused.headers["Retry-After"] == str(streams.TRY_AGAIN_SECONDS)
        freed = (opened(url, bob.token) for _ in range(600))
        assert any(one.status_code == 200 for one in freed)


def test_stream_ends_after_a_while(world: World, alice: Person) -> None:
    """W-20: so that a place is nobody's for ever."""
    ticks = count()
    pulse = Pulse(look=0.0, heartbeat=5, longest=20, ticks=lambda: next(ticks))
    ports = ports_of(world, pulse=pulse)
    found = list(streams.events(ports.places.take("a"), alice.token, alice.wallet.address, ports))
    assert found[0] == 0 and set(found[1:]) == {None}
