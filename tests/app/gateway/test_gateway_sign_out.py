"""Signing out at a gateway ends the sessions at every keeper, and what is under way (K-26, G-7, G-14)."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

import pytest

from consentry.domain.sessions import SessionKind
from consentry.gateway.app import create_app
from consentry.gateway.parts import Gateway
from consentry.services.account import account
from consentry.services.reading_session import Reader
from consentry.services.recent import Recent
from tests.app.gateway.content import bundle
from tests.app.gateway.people import Person
from tests.app.gateway.test_gateway_reading import code_of
from tests.app.gateway.world import World


def reader_of(who: Person, world: World) -> Reader:
    """What the gateway holds for this sign-in, as somebody who copied its memory would."""
    gateway = world.city.gateway
    return gateway.sessions.readers.of(gateway.signing_in.tokens.who(who.token))


def test_sign_out_ends_the_session_at_every_keeper(world: World) -> None:
    """K-26: a copy of the session's key is worth nothing once its holder signed out; another sign-in goes on."""
    gateway = world.city.gateway
    alice = world.patient(world.city)
    alice.open_session("PATRQT")
    copied = reader_of(alice, world)
    assert account(copied, gateway.ledger, gateway.account).failures == ()
    assert alice.send("DELETE", "/api/sign-in").status_code == 204
    refused = account(copied, gateway.ledger, gateway.account)
    assert {one.code for one in refused.failures} == {"session-revoked"}
    assert len(refused.failures) == refused.asked == 5
    alice.sign_in()
    alice.open_session("PATRQT")
    assert account(reader_of(alice, world), gateway.ledger, gateway.account).failures == ()


def test_signing_in_ends_whoever_the_browser_was_signed_in_as(world: World) -> None:
    """K-26, W-80: its cookie is gone, so that nobody else could; who asks by a token of the own goes on."""
    gateway, alice, bob = world.city.gateway, world.patient(world.city), world.person(world.city)
    elsewhere = replace(alice, token="")
    elsewhere.sign_in()
    alice.open_session("PATRQT")
    copied = reader_of(alice, world)
    bob.client.set_cookie("consentry", alice.token)
    bob.sign_in()
    assert code_of(alice.send("GET", "/api/me")) == "not-signed-in"
    refused = account(copied, gateway.ledger, gateway.account)
    assert {one.code for one in refused.failures} == {"session-revoked"} and len(refused.failures) == 5
    assert [one.send("GET", "/api/me").status_code for one in (bob, elsewhere)] == [200, 200]


def test_sign_out_twice_or_without_a_session_is_as_good(world: World) -> None:
    """G-7."""
    alice = world.person(world.city)
    alice.sign_in()
    assert [alice.send("DELETE", "/api/sign-in").status_code for _ in range(2)] == [204, 204]
    assert world.city.gateway.signing_out.waiting == 0


def signing_out_midway(world: World, who: Person) -> Person:
    """The same person at a gateway where somebody signs out while the index is brought up to date for a read."""
    gateway = world.city.gateway
    scan = gateway.everything.reading.scan

    def ended_meanwhile() -> bool:
        there = create_app(gateway).test_client()
        headers = {"Authorization": f"Bearer {who.token}"}
        assert there.delete("/api/sign-in", headers=headers).status_code == 204
        return scan()

    reading = replace(gateway.everything.reading, scan=ended_meanwhile)
    other = replace(gateway, everything=replace(gateway.everything, reading=reading))
    return replace(who, client=create_app(other).test_client())


class EndingWhenRead(Recent[tuple[int, str, bytes], int]):
    """The times of anchors, which are looked up once everything is read: somebody signs out just then."""

    def __init__(self, who: Person, gateway: Gateway) -> None:
        super().__init__(8)
        self._who, self._gateway = who, gateway

    def get(self, key: tuple[int, str, bytes]) -> int | None:
        there = create_app(self._gateway).test_client()
        there.delete("/api/sign-in", headers={"Authorization": f"Bearer {self._who.token}"})
        return super().get(key)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_was_read_when_the_sign_in_ended_is_not_kept(world: World, method: str) -> None:
    """G-14, F-19: it is ready after everything of this sign-in was dropped."""
    gateway, alice = world.city.gateway, world.patient(world.city)
    alice.open_session("PATRQT")
    world.city.link(mrn := f"S-{alice.wallet.address}", alice)
    assert world.city.publish(bundle(mrn)).status_code == 200
    shown = replace(gateway.shown, anchored=EndingWhenRead(alice, gateway))
    midway = replace(alice, client=create_app(replace(gateway, shown=shown)).test_client())
    answer = midway.send(method, "/fhir/Patient/self/$everything")
    assert (answer.status_code, code_of(answer)) == (401, "not-signed-in")
    sets = gateway.shown.shown._held[SessionKind.PATIENT].values()
    assert sha256(alice.token.encode()).digest() not in {one.owner.holder for one in sets}


@pytest.mark.parametrize("seeds", ["held", "asked for"])
def test_what_is_read_when_the_sign_in_ends_is_not_told(world: World, seeds: str) -> None:
    """G-14, K-26: not even that there is something, whichever is noticed first, here or by the keepers."""
    alice = world.patient(world.city)
    alice.open_session("PATRQT")
    world.city.link(mrn := f"S-{alice.wallet.address}", alice)
    assert world.city.publish(bundle(mrn)).status_code == 200
    if seeds == "held":
        assert len(alice.send("GET", "/fhir/Patient/self/$everything").json["entry"]) > 1
    answer = signing_out_midway(world, alice).send("GET", "/fhir/Patient/self/$everything")
    assert answer.status_code == 401 and answer.json["resourceType"] == "OperationOutcome"
    assert answer.headers["WWW-Authenticate"] == "Bearer" and answer.headers["Cache-Control"] == "no-store"
    assert alice.send("GET", "/api/me").json["code"] == "not-signed-in"


def test_another_sign_in_is_told_what_it_asked(world: World) -> None:
    """G-14, G-7: the end of one is not the end of the other; who has changed something hears what."""
    alice = world.patient(world.city)
    other = replace(alice, token="")
    other.sign_in()
    other.open_session("PATRQT")
    midway = signing_out_midway(world, alice)
    assert replace(midway, token=other.token).send("GET", "/fhir/Patient/self/$everything").status_code == 200
