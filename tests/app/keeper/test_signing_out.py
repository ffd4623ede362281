"""Signing out tells every keeper over HTTP, and tells later whoever could not be told (K-26)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from consentry.crypto.signatures import SessionKey
from consentry.domain.sessions import SessionKind
from consentry.errors import ChainUnreachable, SessionRevoked
from consentry.services import signing_out
from consentry.services.reading_session import Reader
from consentry.services.signing_out import AGAIN_SECONDS, MOST_WAITING, SigningOut
from tests.app.keeper.keeper_network import Network
from tests.app.keeper.odd_peers import LIMIT_SECONDS
from tests.app.keeper_cast import NOW
from tests.app.keeper_world import World


@dataclass
class Ticks:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Place:
    """Five keepers over HTTP, and somebody's gateway that signs people out."""

    world: World
    network: Network
    out: SigningOut
    ticks: Ticks

    def reader(self, key: SessionKey | None = None, **changes: object) -> Reader:
        key = key or self.world.session_key
        certificate = self.world.session(key=key.public, **changes)
        return Reader(self.world.account("dr_bose"), certificate, key, None, "TREAT")

    def ended_at(self, reader: Reader) -> list[int]:
        """The seats that remember this session's end."""
        key = reader.certificate.fields.key
        return [seat for seat in range(5) if self.world.desk(seat).sessions.ended(reader.actor, key)]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    world = World(tmp_path)
    network = Network(world)
    world.ledger.committees[1] = network.committee
    network.client._timeout = LIMIT_SECONDS
    ticks = Ticks()
    yield Place(
        world,
        network,
        SigningOut(world.ledger, network.client, world.clock, ticks=ticks),  # type: ignore[arg-type]
        ticks,
    )
    network.client.close()
    network.stop(*list(network.servers))


def test_end_tells_every_keeper(place: Place) -> None:
    """K-26: and what keepers agree on is said to whoever still asks."""
    reader = place.reader()
    place.network.ask(place.world.request())
    place.out.end([reader])
    assert (place.ended_at(reader), place.out.waiting) == ([0, 1, 2, 3, 4], 0)
    with pytest.raises(SessionRevoked):
        place.network.ask(place.world.request())


def test_sweep_tells_a_keeper_that_was_away(place: Place) -> None:
    """K-26: later, and not at every turn."""
    reader = place.reader()
    server = place.network.servers[3]
    place.network.stop(3)
    place.out.end([reader])
    assert (place.ended_at(reader), place.out.waiting) == ([0, 1, 2, 4], 1)
    place.network.serve(3, server.application, server.port)
    place.ticks.now = AGAIN_SECONDS
    place.out.sweep()
    assert (place.ended_at(reader), place.out.waiting) == ([0, 1, 2, 3, 4], 0)
    place.network.stop(0)
    place.out.end([place.reader(SessionKey.generate())])
    place.out.sweep()
    assert place.out.waiting == 1


def test_end_depends_on_nobody(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """K-26: no chain, no keepers: signing out succeeds, the rest waits, and no longer than the session would have lasted."""
    reader, over = place.reader(), place.reader(SessionKey.generate(), expires=NOW + 10)

    def away(version: int | None = None) -> None:
        raise ChainUnreachable()

    with monkeypatch.context() as chainless:
        chainless.setattr(place.world.ledger, "committee", away)
        place.out.end([reader, over])
    assert place.out.waiting == 2
    place.world.clock.time = NOW + 10
    place.out.sweep()
    assert (place.ended_at(reader), place.ended_at(over), place.out.waiting) == ([0, 1, 2, 3, 4], [], 0)


def test_what_waits_is_bounded(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """K-26: the oldest goes first; a keeper that refuses is not asked again."""
    assert MOST_WAITING == 1_000
    monkeypatch.setattr(signing_out, "MOST_WAITING", 2)
    place.network.stop(*range(5))
    for _ in range(3):
        place.out.end([place.reader(SessionKey.generate())])
    assert place.out.waiting == 2


def test_patients_push_out_none_of_staff(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """K-26: who signs out often loses own ends, not those of another kind of session."""
    monkeypatch.setattr(signing_out, "MOST_WAITING", 1)
    servers = dict(place.network.servers)
    place.network.stop(*range(5))
    staff = place.reader()
    place.out.end([staff])
    for _ in range(3):
        key = SessionKey.generate()
        certificate = place.world.session(kind=SessionKind.PATIENT, signer="alice", key=key.public)
        place.out.end([Reader(place.world.account("alice"), certificate, key, None, "PATRQT")])
    assert place.out.waiting == 2
    for seat, server in servers.items():
        place.network.serve(seat, server.application, server.port)
    place.ticks.now = AGAIN_SECONDS
    place.out.sweep()
    assert (place.ended_at(staff), place.out.waiting) == ([0, 1, 2, 3, 4], 0)


def test_a_keeper_that_refuses_is_not_asked_again(place: Place) -> None:
    """K-26: somebody whom no keeper knows has no session that any would answer."""
    world = place.world
    mallory = world.account("mallory")
    certificate = world.session(signer="mallory", actor=mallory)
    place.out.end([Reader(mallory, certificate, world.session_key, None, "TREAT")])  # type: ignore[arg-type]
    assert place.out.waiting == 0
