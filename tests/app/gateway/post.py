"""A mail server, a gateway that has one, and patients who are reached by it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope

from consentry.bootstrap.gateway import gateway_on
from consentry.domain.mail import MailServer
from consentry.gateway.app import create_app
from consentry.network.processes import free_port
from tests.app.gateway.people import Hospital, Person
from tests.app.gateway.world import World

PATH = "/api/notifications/email"
HERS = "alice.liddell@example.org"
CODE = re.compile(r"^\d{6}\b", re.MULTILINE)


@dataclass
class Post:
    """A mail server's: what it took, and what it answers."""

    port: int = 0
    answer: str = "250 OK"
    taken: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        if self.answer.startswith("250"):
            made = message_from_bytes(envelope.original_content or b"", policy=policy.default)
            assert isinstance(made, EmailMessage) and envelope.rcpt_tos == [made["To"]]
            self.taken.append(made)
        return self.answer


@contextmanager
def post() -> Iterator[Post]:
    made = Post(free_port())
    controller = Controller(made, hostname="127.0.0.1", port=made.port)
    controller.start()
    try:
        yield made
    finally:
        controller.stop()


@contextmanager
def mailing(world: World, office: Post) -> Iterator[Hospital]:
    """City's gateway with a mail server, on a database that it was just started on."""
    server = MailServer("127.0.0.1", office.port, "consentry@city.example", "none")
    config = replace(world.city.config, mail=server)
    gateway = gateway_on(config, world.city.keys, world.chain.ledger(), world.store)
    try:
        client = create_app(gateway).test_client()
        yield replace(world.city, gateway=gateway, client=client, config=config)
    finally:
        gateway.close()


def patient_of(world: World, city: Hospital, mrn: str) -> Person:
    alice = world.patient(city)
    city.link(mrn, alice)
    return alice


def text_of(message: EmailMessage) -> str:
    return str(message.get_content())


def reached(alice: Person, office: Post, address: str = HERS) -> None:
    asked = alice.send("PUT", PATH, {"address": address})
    assert asked.status_code == 202, asked.text
    found = CODE.search(text_of(office.taken[-1]))
    assert found is not None
    code = {"ref": asked.json["ref"], "code": found.group()}
    assert alice.send("POST", f"{PATH}/confirmation", code).status_code == 204
    office.taken.clear()
