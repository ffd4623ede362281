"""Patients are told of openings: at sign-in, and through the member's messaging system (E-17, E-18)."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from consentry.bootstrap.common import SystemClock
from consentry.chain.calls import code32
from consentry.chain.openings import ChainOpenings
from consentry.chain.sender import ChainSender
from consentry.config import read_gateway_config
from consentry.domain import openings
from consentry.domain.addresses import Address
from consentry.domain.openings import Opening
from consentry.errors import ConfigInvalid
from consentry.index.gateway_store import GatewayStore
from consentry.index.openings import DeskNotices
from consentry.ports.openings import KeptOpening
from consentry.remote.messenger import HttpMessenger
from consentry.services import notifying
from consentry.services.notifying import NotifyPorts
from tests.app.gateway.test_gateway_reading import code_of
from tests.app.gateway.ward import Ward, ward_at
from tests.app.gateway.world import World


@pytest.fixture
def ward(world: World) -> Ward:
    return ward_at(world)


@dataclass
class Inbox:
    """A messaging system: what it was told, and what it answers."""

    url: str = ""
    status: int = 204
    messages: list[dict[str, Any]] = field(default_factory=list)


@contextmanager
def messaging() -> Iterator[Inbox]:
    inbox = Inbox()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            inbox.messages.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(inbox.status)
            self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    inbox.url = f"http://127.0.0.1:{server.server_port}/in"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield inbox
    finally:
        server.shutdown()
        server.server_close()


@dataclass
class LaterClock:
    ahead: int = 0

    def now(self) -> int:
        return SystemClock().now() + self.ahead


def notifying_at(ward: Ward, url: str, clock: LaterClock) -> NotifyPorts:
    """As a gateway that was just started on the same database."""
    book = DeskNotices(GatewayStore(Path(ward.city.config.database)))
    chain = ChainOpenings(ward.world.chain.ledger())
    return NotifyPorts(ward.city.gateway.site, chain, book, clock, HttpMessenger(url))


def settled(ward: Ward) -> None:
    """What other tests opened at this gateway concerns nobody here."""
    with messaging() as inbox:
        ports = notifying_at(ward, inbox.url, LaterClock())
        while notifying.tell(ports):
            continue


def test_the_patient_is_told_at_sign_in_until_it_was_seen(ward: Ward) -> None:
    """E-17: with the review's finding; nobody else sees or ends it."""
    alice, bob = ward.world.patient(ward.city), ward.world.person(ward.city)
    assert alice.sign_in()["notifications"] == 0
    opening = ward.open(alice.did)
    ward.sign_at(ward.bose, f"{opening}/closing")
    ward.sign_at(ward.chen, f"{opening}/review/unjustified")
    assert alice.sign_in()["notifications"] == 1
    (told,) = alice.send("GET", "/api/notifications").json["notifications"]
    assert (told["id"], told["status"], told["finding"]) == (opening, "reviewed", "unjustified")
    assert (told["first"], told["second"]) == (ward.bose.wallet.address, ward.li.wallet.address)
    assert (told["member"], told["seenAt"]) == (ward.city.name, None)
    bob.sign_in()
    assert bob.send("GET", "/api/notifications").json == {"notifications": [], "links": 0, "news": []}
    path = f"/api/notifications/{opening}/seen"
    assert code_of(bob.send("POST", path)) == "opening-not-held"
    assert code_of(ward.bose.send("POST", path)) == "role-unfit"
    for _ in range(2):
        assert alice.send("POST", path).status_code == 204
    assert alice.sign_in()["notifications"] == 0
    assert alice.send("GET", "/api/notifications").json["notifications"][0]["seenAt"]


def test_what_is_told_names_the_id_by_itself(ward: Ward) -> None:
    """W-62: the opening stands there as two people signed it, so that its id can be found without the gateway's word."""
    alice = ward.world.patient(ward.city)
    told_id = ward.open(alice.did)
    alice.sign_in()
    (told,) = alice.send("GET", "/api/notifications").json["notifications"]
    connection = ward.world.ledger.connection
    signed = Opening.from_json(told["opening"])
    contract = Address(ward.world.ledger.address_of("EmergencyAccess"))
    assert signed.subject.patient == alice.wallet.address.lower()
    assert "0x" + openings.opening_id(signed, connection.deployment.chain_id, contract).hex() == told_id


def test_a_representative_is_told_as_well(ward: Ward) -> None:
    """E-17"""
    alice, rosa = ward.world.patient(ward.city), ward.world.person(ward.city)
    opening = ward.open(alice.did)
    own = ChainSender(ward.world.ledger.connection, alice.wallet.private_key)
    arguments = (alice.wallet.address, code32("consent"), rosa.wallet.address, 3600)
    own.transact("IdentityRegistry", "addDelegate", *arguments)
    assert rosa.sign_in(patient=alice.did)["notifications"] == 1
    assert rosa.send("GET", "/api/notifications").json["notifications"][0]["id"] == opening


def test_the_messaging_system_is_told_once_by_reference(ward: Ward) -> None:
    """E-18, P-1: also after a restart; no DID leaves the gateway."""
    settled(ward)
    alice = ward.world.patient(ward.world.mercy)
    ref = ward.city.link("NO-1", alice)
    opening = ward.open(alice.did)
    with messaging() as inbox:
        assert notifying.tell(notifying_at(ward, inbox.url, LaterClock())) == 1
        assert notifying.tell(notifying_at(ward, inbox.url, LaterClock(ahead=86_400))) == 0
    (message,) = inbox.messages
    assert (message["opening"], message["refs"]) == (opening, [ref])
    assert alice.wallet.address[2:] not in json.dumps(message).lower()


def test_it_is_told_again_after_a_failure_and_not_for_ever(ward: Ward) -> None:
    """E-18: ever more rarely, then given up; signing in still tells."""
    settled(ward)
    alice = ward.world.patient(ward.city)
    ward.open(alice.did)
    clock = LaterClock()
    with messaging() as inbox:
        inbox.status = 503
        ports = notifying_at(ward, inbox.url, clock)
        assert notifying.tell(ports) == notifying.tell(ports) == 0
        assert len(inbox.messages) == 1  # not before its pause is over
        for attempt in range(notifying.MOST_ATTEMPTS + 3):
            clock.ahead += notifying.pause(attempt) + 1
            notifying.tell(ports)
        assert len(inbox.messages) == notifying.MOST_ATTEMPTS
    assert alice.sign_in()["notifications"] == 1


def test_what_never_got_on_chain_is_told_to_nobody(ward: Ward) -> None:
    """E-17, E-18: an opening that was kept and could not be relayed."""
    settled(ward)
    alice, clock = ward.world.patient(ward.city), LaterClock()
    proposed = ward.propose(alice.did).json
    desk = ward.city.gateway.openings
    opening = Opening.from_json(proposed["opening"])
    desk.book.keep(KeptOpening(bytes.fromhex(proposed["id"][2:]), opening, clock.now()))
    assert alice.sign_in()["notifications"] == 0
    with messaging() as inbox:
        ports = notifying_at(ward, inbox.url, clock)
        assert notifying.tell(ports) == 0
        clock.ahead = 3600
        assert notifying.tell(ports) == 0
        assert ports.book.due(clock.now() + 10**6, 10) == ()
    assert inbox.messages == []


@pytest.mark.parametrize(
    "url", ["http://sms.example/in", "ftp://x", "https://u:p@sms.example/", "https://", 5]
)
def test_a_messaging_system_is_reached_privately_or_not_at_all(ward: Ward, tmp_path: Path, url: Any) -> None:
    """E-18"""
    path = tmp_path / "gateway.json"
    replace(ward.city.config, notify_url="https://sms.example/in?key=1").write(path)
    assert read_gateway_config(path).notify_url
    replace(ward.city.config, notify_url=url).write(path)
    with pytest.raises(ConfigInvalid, match="notify_url"):
        read_gateway_config(path)
