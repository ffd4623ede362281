"""News by e-mail, over a mail server that takes it (W-21), and through the messaging system (W-22)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from consentry.index.gateway_store import GatewayStore
from consentry.index.outbox import DeskOutbox
from consentry.remote.messenger import HttpMessenger
from consentry.services import notifying, outbox
from consentry.services.outbox import OutboxPorts
from tests.app.gateway.people import Hospital
from tests.app.gateway.post import mailing, patient_of, post, reached, text_of
from tests.app.gateway.test_gateway_notices import LaterClock, messaging
from tests.app.gateway.test_page_news import ask_for, sign
from tests.app.gateway.ward import ward_at
from tests.app.gateway.world import World


def telling(city: Hospital, clock: LaterClock, url: str = "") -> OutboxPorts:
    page, store = city.gateway.page, GatewayStore(Path(city.config.database))
    mail = replace(page.mail, clock=clock)
    if url:
        mail = replace(mail, mailer=None)
    return OutboxPorts(
        city.gateway.site, DeskOutbox(store), page.streams.news, mail, HttpMessenger(url) if url else None
    )


def told(ports: OutboxPorts) -> int:
    """Until nothing is due: what other tests left concerns nobody here."""
    return sum(iter(lambda: outbox.tell(ports), 0))


def test_news_is_mailed_once_and_says_nothing_of_anybody(world: World) -> None:
    """W-21: a question, an opening, a suspended member."""
    clock = LaterClock()
    with post() as office, mailing(world, office) as city:
        ports = telling(city, clock)
        told(ports)
        room, alice = ward_at(world), patient_of(world, city, "MA-6")
        reached(alice, office)
        shown = ask_for(world, alice, "MA-6b")
        assert (told(ports), told(ports)) == (1, 0)
        room.open(alice.did)
        assert (told(ports), told(ports)) == (1, 0)
        sign(alice, shown)
        world.consortium.transact("MemberRegistry", "suspend", city.account.address)
        try:
            assert (told(ports), told(ports)) == (1, 0)
        finally:
            world.consortium.transact("MemberRegistry", "reinstate", city.account.address)
        words = [text_of(one) for one in office.taken]
        assert ["asks for your consent" in words[0], "emergency" in words[1], "suspended" in words[2]] == [
            True
        ] * 3
        whole = "".join(words).lower() + "".join(str(one["Subject"]) for one in office.taken)
        for private in (alice.wallet.address[2:], "MA-6", city.name, shown["id"], "laboratory", "TREAT"):
            assert private.lower() not in whole


def test_what_was_signed_meanwhile_is_told_to_nobody(world: World) -> None:
    """W-21, W-22: and what cannot be handed over is tried again, ever more rarely."""
    clock = LaterClock()
    with post() as office, mailing(world, office) as city:
        ports = telling(city, clock)
        told(ports)
        alice = patient_of(world, city, "MA-7")
        reached(alice, office)
        office.answer = "451 later"
        shown = ask_for(world, alice, "MA-7b")
        assert (outbox.tell(ports), office.taken) == (0, [])
        office.answer = "250 OK"
        assert outbox.tell(ports) == 0  # not before its pause is over
        clock.ahead += notifying.pause(0) + 1
        assert (told(ports), len(office.taken)) == (1, 1)
        other = ask_for(world, alice, "MA-7c")
        sign(alice, other)
        alice.send("DELETE", f"/api/consents/{shown['id']}")
        clock.ahead += 10
        assert (told(ports), len(office.taken)) == (0, 1)


def test_messaging_system_is_told_by_reference(world: World) -> None:
    """W-22: the kind of news, and nothing of what it is."""
    clock = LaterClock()
    with messaging() as inbox:
        ports = telling(world.city, clock, inbox.url)
        told(ports)
        inbox.messages.clear()
        alice = world.patient(world.city)
        ask_for(world, alice, "MA-8")
        ref = world.city.gateway.links.links.by_patient(alice.wallet.address).ref  # type: ignore[union-attr]
        assert (told(ports), told(ports)) == (1, 0)
    assert inbox.messages == [{"type": "consent-request", "member": world.city.name, "refs": [ref]}]
