"""Signing out at a gateway ends the sessions at every keeper (K-26, G-7)."""

from __future__ import annotations

from consentry.services.account import account
from consentry.services.reading_session import Reader
from tests.app.gateway.people import Person
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


def test_sign_out_twice_or_without_a_session_is_as_good(world: World) -> None:
    """G-7."""
    alice = world.person(world.city)
    alice.sign_in()
    assert [alice.send("DELETE", "/api/sign-in").status_code for _ in range(2)] == [204, 204]
    assert world.city.gateway.signing_out.waiting == 0
