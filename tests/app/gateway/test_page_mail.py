"""Where a patient wants to be told of news by e-mail (W-21)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from consentry.config import read_gateway_config
from consentry.domain.mail import MailServer
from consentry.errors import ConfigInvalid
from consentry.network.processes import free_port
from consentry.remote.mailer import SmtpMailer
from tests.app.gateway.post import CODE, HERS, PATH, mailing, patient_of, post, reached, text_of
from tests.app.gateway.test_gateway_reading import code_of
from tests.app.gateway.world import World


def test_address_counts_once_its_code_came_back(world: World) -> None:
    """W-21: kept sealed, shown masked, gone at a word."""
    with post() as office, mailing(world, office) as city:
        alice = patient_of(world, city, "MA-1")
        assert alice.send("GET", PATH).json == {"available": True, "address": None}
        asked = alice.send("PUT", PATH, {"address": HERS})
        assert asked.json["address"] == "a…@example.org"
        assert alice.send("GET", PATH).json["address"] is None
        (message,) = office.taken
        assert message["To"] == HERS and message["Auto-Submitted"] == "auto-generated"
        confirmation = f"{PATH}/confirmation"
        wrong = {"ref": asked.json["ref"], "code": "wrong"}
        codes = [code_of(alice.send("POST", confirmation, wrong)) for _ in range(6)]
        assert codes == ["mail-code-wrong"] * 5 + ["challenge-unknown"]
        reached(alice, office)
        assert alice.send("GET", PATH).json["address"] == "a…@example.org"
        assert HERS.encode() not in Path(city.config.database).read_bytes()
        assert alice.send("DELETE", PATH).status_code == 204
        assert alice.send("GET", PATH).json["address"] is None


def test_code_is_the_patients_own(world: World) -> None:
    """W-21: of strangers no address is taken, and nobody is sent many."""
    with post() as office, mailing(world, office) as city:
        alice, bob, eve = (
            patient_of(world, city, "MA-2"),
            patient_of(world, city, "MA-3"),
            world.patient(city),
        )
        ref = alice.send("PUT", PATH, {"address": HERS}).json["ref"]
        found = CODE.search(text_of(office.taken[-1]))
        assert found is not None
        stolen = {"ref": ref, "code": found.group()}
        assert code_of(bob.send("POST", f"{PATH}/confirmation", stolen)) == "challenge-unknown"
        assert code_of(eve.send("PUT", PATH, {"address": HERS})) == "patient-not-linked"
        codes = [bob.send("PUT", PATH, {"address": HERS}).status_code for _ in range(4)]
        assert codes == [202, 202, 202, 429]
        assert code_of(world.staff(city).send("GET", PATH)) == "role-unfit"


@pytest.mark.parametrize(
    "address",
    ["", "a", "a@b", "a@b.example\r\nBcc: c@d.example", "a b@c.example", "ä@c.example", "<a@c.example>", 5,
     "a@" + "b" * 250 + ".org", "a@[127.0.0.1]", "a,c@d.example"],
)  # fmt: skip
def test_address_is_an_address_and_nothing_else(world: World, address: Any) -> None:
    """W-21: no line ends, no second recipient."""
    alice = world.patient(world.city)
    assert code_of(alice.send("PUT", PATH, {"address": address})) == "layout-invalid"


def test_without_a_mail_server_it_is_off(world: World) -> None:
    """W-21: and one that takes nothing is said."""
    alice = patient_of(world, world.city, "MA-4")
    assert alice.send("GET", PATH).json == {"available": False, "address": None}
    assert code_of(alice.send("PUT", PATH, {"address": HERS})) == "mail-off"
    with post() as office, mailing(world, office) as city:
        bob = patient_of(world, city, "MA-5")
        office.answer = "451 later"
        assert code_of(bob.send("PUT", PATH, {"address": HERS})) == "mail-unsent"
    gone = MailServer("127.0.0.1", free_port(), "consentry@city.example", "none")
    assert not SmtpMailer(gone, "").send(HERS, "s", "t")


@pytest.mark.parametrize(
    ("mail", "fits"),
    [
        ({"host": "mail.example", "port": 465, "sender": "a@b.example"}, True),
        ({"host": "mail.example", "port": 587, "sender": "a@b.example", "security": "starttls"}, True),
        ({"host": "localhost", "port": 25, "sender": "a@b.example", "security": "none"}, True),
        ({"host": "mail.example", "port": 25, "sender": "a@b.example", "security": "none"}, False),
        ({"host": "mail.example", "port": 25, "sender": "a@b.example", "security": "maybe"}, False),
        ({"host": "mail.example", "port": "25", "sender": "a@b.example"}, False),
        ({"host": "mail.example", "port": 465, "sender": "nobody"}, False),
        ({"host": "mail.example"}, False),
    ],
)
def test_mail_is_handed_over_privately_or_not_at_all(
    world: World, tmp_path: Path, mail: dict[str, Any], *, fits: bool
) -> None:
    """W-21"""
    path = tmp_path / "gateway.json"
    replace(world.city.config, mail=mail).write(path)  # type: ignore[arg-type]
    if fits:
        assert read_gateway_config(path).mail == MailServer(**mail)
        return
    with pytest.raises(ConfigInvalid):
        read_gateway_config(path)
