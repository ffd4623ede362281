"""Asking five keepers over HTTP while some are dead, slow, lying or talking rubbish (design §7, K-8, S-1)."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from consentry.domain.grounds import Reason
from consentry.errors import (
    KeepersInsufficient,
    NoGround,
)
from consentry.ports.keeper_values import Opened, Withheld
from consentry.remote.keepers import HttpKeepers
from tests.app.keeper.keeper_network import Network, answering
from tests.app.keeper.odd_peers import LIMIT_SECONDS
from tests.app.keeper_world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def network(world: World) -> Iterator[Network]:
    made = Network(world)
    yield made
    made.client.close()
    made.stop(*list(made.servers))


def test_ask_opens_with_all_keepers_well(world: World, network: Network) -> None:
    """S-1: at least three good shares; several items in one request."""
    asked = network.ask(world.request(world.record, world.anchored_record()))
    assert all(isinstance(one, Opened) and len(one.shares) >= 3 for one in asked.outcomes)
    assert len(asked.outcomes) == 2 and asked.failures == ()


def test_ask_opens_with_two_keepers_dead_and_stops_with_three(world: World, network: Network) -> None:
    """Two of five may die; with the third a clear error names seats and hosts."""
    network.stop(1, 3)
    assert isinstance(network.ask(world.request()).outcomes[0], Opened)
    network.stop(4)
    with pytest.raises(KeepersInsufficient) as failure:
        network.ask(world.request())
    assert "2 of 3" in failure.value.diagnostics
    for seat in (1, 3, 4):
        assert f"seat {seat} (127.0.0.1:" in failure.value.diagnostics
    assert failure.value.diagnostics.count("keeper-unreachable") == 3


RUBBISH = {
    "html": ("200 OK", b"<html>"),
    "array": ("200 OK", b"[]"),
    "empty": ("200 OK", b"{}"),
    "not-utf8": ("200 OK", b"\xff" * 10),
    "deep": ("200 OK", b"[" * 60_000),
    "another-keeper": ("200 OK", b'{"digest":"0x00","keeper":"0x00","items":[]}'),
    "too-large": ("200 OK", b" " * 3_000_000),
    "no-problem": ("500 Oh", b"no"),
    "unknown-code": ("418 Tea", b'{"code":"made-up"}'),
    "odd-code": ("418 Tea", b'{"code":["x"]}'),
    "elsewhere": ("302 Go", b"{}"),
}


@pytest.mark.parametrize(("status", "body"), RUBBISH.values(), ids=RUBBISH)
def test_ask_goes_on_when_a_keeper_talks_rubbish(
    world: World, network: Network, status: str, body: bytes
) -> None:
    """Its own answer is lost and noted, nothing else; with only such keepers left, nothing is opened."""
    network.replace(0, answering(status, body))
    network.stop(1)
    asked = network.ask(world.request())
    assert isinstance(asked.outcomes[0], Opened)
    network.stop(2)
    with pytest.raises(KeepersInsufficient, match=r"seat 0 \(127.0.0.1:\d+\): keeper-misbehaved"):
        network.ask(world.request())


@pytest.mark.parametrize(
    "change",
    [{"keeper": "0x" + "99" * 20}, {"digest": "0x" + "00" * 32}, {"items": []}, {"items": [1]},
     {"items": [{"decision": "perhaps"}]}, {"items": [{"decision": "released", "seat": 0, "share": "AA"}]},
     {"items": [{"decision": "released", "seat": 1, "share": "AAAA"}]},
     {"items": [{"decision": "released", "seat": 0, "share": "AAAA"}]}],
)  # fmt: skip
def test_ask_notes_a_keeper_that_lies(world: World, network: Network, change: dict[str, object]) -> None:
    """Another keeper's name, another request, a share of another seat or of nothing: caught one by one."""
    request = world.request()
    honest = {
        "digest": "0x" + request.digest().hex(),
        "keeper": network.committee.keepers[0].account,
        "items": [],
    }
    network.replace(0, answering("200 OK", json.dumps({**honest, **change}).encode()))
    network.stop(1, 2)
    with pytest.raises(KeepersInsufficient, match=r"seat 0 .*(misbehaved|seal-invalid)"):
        network.ask(request)


def test_ask_waits_for_no_slow_keeper(world: World, network: Network) -> None:
    """Enough answers are enough; without them, the wait has an end. The slow ones answer after both."""
    asked = threading.Event()
    try:
        network.replace(0, answering("200 OK", b"{}", after=asked))
        network.replace(1, answering("200 OK", b"{}", after=asked))
        patient = HttpKeepers(timeout_seconds=LIMIT_SECONDS)
        hasty, network.client = network.client, patient
        assert isinstance(network.ask(world.request()).outcomes[0], Opened)
        assert len(patient.waves(network.committee)) == 1, "it was done before anybody's time was over"
        patient.close()
        network.client = hasty
        network.stop(2)
        with pytest.raises(KeepersInsufficient, match=r"seat 0 .*keeper-unreachable"):
            network.ask(world.request())
    finally:
        asked.set()


def test_ask_hears_no_ground_when_keepers_refuse(world: World, network: Network) -> None:
    """K-8: with two dead, three refusals are a refusal; with three dead, two are not."""
    world.ledger.latest.reason = Reason.ConsentUnknown
    with pytest.raises(NoGround):
        network.ask(world.request())
    network.stop(0, 1)
    with pytest.raises(NoGround):
        network.ask(world.request())
    network.stop(2)
    with pytest.raises(KeepersInsufficient):
        network.ask(world.request())


def test_ask_tells_each_item_by_itself(world: World, network: Network) -> None:
    """K-8, G-3: one record opened, one withheld, in one answer."""
    bad = replace(world.record, header=replace(world.record.header, category="hiv"))
    outcomes = network.ask(world.request(bad, world.record)).outcomes
    assert isinstance(outcomes[0], Withheld) and isinstance(outcomes[1], Opened)
