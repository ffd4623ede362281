"""`consentry emergency` and `consentry read --opening` (E-12, E-13, E-15, E-16)."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from consentry.chain.calls import code32
from consentry.cli.client import GatewayClient
from tests.app.cli.conftest import Ran
from tests.app.cli.network import Desk
from tests.app.gateway.content import DAY
from tests.app.gateway.ward import with_contact

PEOPLE = ("dr_duarte", "nurse_okoye", "dr_lindqvist")


@dataclass
class Room:
    """City's emergency room: key files of its three people, and of alice, whom City does not know."""

    desk: Desk
    alice: str

    def key(self, name: str) -> str:
        return str(self.desk.file(f"{name}.keystore"))

    def open(self, *more: str) -> Ran:
        pair = ("--as", self.key("dr_duarte"), "--with", self.key("nurse_okoye"))
        return self.desk("emergency", "open", "--patient", self.alice, *pair, *more)

    def opened(self) -> str:
        ran = self.open("--json")
        assert ran.code == 0, ran.out + ran.err
        assert "Both sign: This is an emergency." in ran.err
        return str(ran.json["id"])

    def review(self, opening: str, by: str, *more: str) -> Ran:
        return self.desk(
            "emergency", "review", opening, "--as", self.key(by), "--finding", "justified", *more
        )


@pytest.fixture
def room(desk: Desk) -> Iterator[Room]:
    """Everybody's key file; alice's directory is open, and a contact of hers lies at Mercy."""
    world = desk.world
    for name, role in zip(PEOPLE, ("attending", "nurse", "attending"), strict=True):
        made = desk.done("wallet", "new", desk.file(f"{name}.keystore"))["address"]
        staff = (made, code32(role), code32("emergency"), int(time.time()) + DAY)
        world.city.account.transact("MemberRegistry", "enrol", *staff)
    alice = world.patient(world.mercy)
    mrn = f"EM-{alice.wallet.address[2:8]}"
    world.mercy.link(mrn, alice)
    assert world.mercy.publish(with_contact(mrn)).status_code == 200
    yield Room(desk, alice.did)


def types(ran: Ran) -> set[str]:
    assert ran.code == 0, ran.out + ran.err
    return {one["resource"]["resourceType"] for one in json.loads(ran.out)["entry"]}


def test_two_open_and_read_and_a_third_reviews(room: Room) -> None:
    """E-12, E-15, E-16: and each step says what is due next."""
    told = room.open("--minutes", "5")
    assert told.code == 0, told.err
    assert "A third person's review is due until" in told.out and "The patient is told." in told.out
    opening = next(word for word in told.out.split() if word.startswith("0x") and len(word) == 66)
    reading = ("read", "--opening", opening, "--as", room.key("nurse_okoye"))
    assert types(room.desk(*reading, "--out", "-")) == {"Patient", "RelatedPerson"}
    early = room.review(opening, "dr_lindqvist")
    assert early.code != 0 and "emergency close ID" in early.err
    closed = room.desk("emergency", "close", opening, "--as", room.key("dr_duarte"))
    assert closed.code == 0 and "Review is due until" in closed.out
    again = room.desk("emergency", "close", opening, "--as", room.key("dr_duarte"))
    assert again.code == 0 and "closed already" in again.out
    refused = room.desk(*reading, "--json")
    assert (refused.code, refused.error) == (3, "no-ground")
    own = room.review(opening, "nurse_okoye")
    assert own.code != 0 and "neither of the two" in own.err
    listed = room.desk("emergency", "list", "--as", room.key("dr_lindqvist"))
    assert opening in listed.out and "review due" in listed.out and room.alice in listed.out
    assert "Reviewed: justified" in room.review(opening, "dr_lindqvist").out
    assert opening not in room.desk("emergency", "list", "--client-key-file", room.desk.file("his.key")).out


def test_refusals_of_an_opening_say_what_to_do_next(room: Room) -> None:
    """E-12, E-15: nobody opens twice over or with a stranger, and what is closed is not a matter of consents."""
    duarte, stranger = room.key("dr_duarte"), str(room.desk.file("stranger.keystore"))
    room.desk.done("wallet", "new", stranger)
    asked = ("emergency", "open", "--patient", room.alice, "--as", duarte, "--with")
    alone = room.desk(*asked, duarte)
    assert (alone.code, "another person" in alone.err, "Both sign" in alone.err) == (2, True, False)
    mixed = room.desk(*asked, stranger)
    assert mixed.code == 3 and "people of this member" in mixed.err
    opening = room.opened()
    assert room.desk("emergency", "close", opening, "--as", duarte).code == 0
    late = room.desk("read", "--opening", opening, "--as", duarte)
    assert late.code == 3 and "Only the two who opened it" in late.err and "consent that" not in late.err


def test_the_same_two_open_a_second_box_only_if_they_say_so(room: Room) -> None:
    """E-21: and nobody signs before that."""
    opening = room.opened()
    again = room.open("--json")
    assert (again.code, again.error) == (2, "opening-in-force")
    assert opening in again.out and "--again" in again.out and "Both sign" not in again.err
    other = room.open("--again", "--json")
    assert other.code == 0 and other.json["id"] != opening
    for one in (opening, other.json["id"]):
        assert room.desk("emergency", "close", one, "--as", room.key("dr_duarte")).code == 0
    assert room.opened() not in (opening, other.json["id"])


def test_list_is_one_json_value(room: Room) -> None:
    """E-15"""
    opening = room.opened()
    told = room.desk.done("emergency", "list", "--client-key-file", room.desk.file("his.key"))
    mine = [one for one in told["openings"] if one["id"] == opening]
    assert [(one["stage"], one["patient"]) for one in mine] == [("open", room.alice)]


def test_without_a_directory_nobody_signs(room: Room, desk: Desk) -> None:
    """E-13"""
    room.alice = f"did:ethr:{hex(desk.world.ledger.chain_id)}:0x{'77' * 20}"
    ran = room.open("--json")
    assert (ran.code, ran.error) == (2, "directory-not-open")
    assert "Both sign" not in ran.err


@pytest.mark.parametrize(
    "change",
    [
        {"member": "Somewhere else"},
        {"second": "0x" + "66" * 20},
        {"openUntil": "2999-01-01T00:00:00Z"},
        {"subject": {"patient": "0x" + "55" * 20, "salt": "0x" + "44" * 32}},
    ],
)
def test_nothing_is_signed_that_was_not_asked_for(
    room: Room, monkeypatch: pytest.MonkeyPatch, change: dict[str, Any]
) -> None:
    """E-16: a gateway that words another opening gets no signature."""
    honest = GatewayClient.post

    def post(self: GatewayClient, path: str, body: Any) -> dict[str, Any]:
        told = honest(self, path, body)
        if path.endswith("/proposals"):
            told["opening"] |= change
        return told

    monkeypatch.setattr(GatewayClient, "post", post)
    ran = room.open("--json")
    assert (ran.code, ran.error) == (3, "signing-refused")


@pytest.mark.parametrize(
    "arguments",
    [
        ("read", "--opening", "0x12", "--as", "x"),
        ("read", "--opening", "0x" + "11" * 32, "--self"),
        ("read", "--opening", "0x" + "11" * 32, "--as", "x", "--purpose", "TREAT"),
        ("read", "--opening", "0x" + "11" * 32, "--as", "x", "--patient", "p"),
        ("emergency", "close", "0x5be1", "--as", "x"),
    ],
)
def test_what_makes_no_sense_is_said(desk: Desk, arguments: tuple[str, ...]) -> None:
    ran = desk(*arguments, "--json")
    assert (ran.code, ran.error) == (2, "command-invalid")
