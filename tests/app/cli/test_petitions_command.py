"""`consentry petitions`: the hospital sees what a patient asks about a record, and answers once."""

from __future__ import annotations

from consentry.wallets.keyfile import open_wallet
from tests.app.cli.conftest import PASSPHRASE
from tests.app.cli.network import Desk, linked
from tests.app.gateway.people import Person

WORDS = "Not my sample.\u202e"


def test_hospital_answers_what_a_patient_asks(desk: Desk) -> None:
    """W-42: what is asked stands in one line that cannot steer a terminal; answering twice is refused in words."""
    ref, key = linked(desk, "HIS-9"), desk.file("his.key")
    his = ("--client-key-file", key)
    visit = ("publish", desk.file("visit.json"), "--patient", ref, *his)
    record = next(one for one in desk.done(*visit)["records"] if one["category"] == "laboratory")["record"]
    assert "Nothing waits" in desk("petitions", "waiting", *his).out
    wallet = open_wallet(desk.file("alice.keystore"), PASSPHRASE)
    alice = Person(wallet, desk.world.city.client, desk.world.ledger.chain_id)
    alice.sign_in()
    asked = {
        "record": record,
        "category": "laboratory",
        "confidentiality": "N",
        "asks": "correct",
        "words": WORDS,
    }
    made = alice.send("POST", "/api/petitions", asked)
    assert made.status_code == 201, made.text
    (waiting,) = desk.done("petitions", "waiting", *his)["petitions"]
    assert (waiting["record"], waiting["words"]) == (record, "Not my sample.")
    assert "Not my sample." in desk("petitions", "waiting", *his).out
    answer = ("petitions", "answer", waiting["id"], "declined", "It was yours.", *his)
    assert desk.done(*answer)["state"] == "declined"
    assert desk(*answer, "--json").error == "petition-unknown"
    assert desk("petitions", "answer", "0x12", "done", "x", *his).code == 2


def test_what_a_gateway_makes_up_is_refused(desk: Desk) -> None:
    """W-42: no words, no answer."""
    wrong = ("petitions", "answer", "0x" + "1" * 32, "done", "", "--client-key-file", desk.file("his.key"))
    assert desk(*wrong).code == 2
