"""`consentry receipts`: whom it asks, and what it calls proven (K-9, K-10, A-2)."""

from __future__ import annotations

from consentry.cli.settings import wallet_of
from tests.app.cli.network import Desk, linked
from tests.app.gateway.carers import Carers
from tests.app.gateway.people import Person


def test_receipts_says_who_named_the_keepers(desk: Desk) -> None:
    """K-10: the chain, through one's own node; or only the gateway, which is said."""
    linked(desk, "CLI-R1")
    alice = desk.file("alice.keystore")
    desk.done("read", "--self", "--wallet", alice)
    through_chain = desk("receipts", "--wallet", alice, "--json")
    assert through_chain.json["keepersToldBy"] == "chain" and not through_chain.json["incomplete"]
    assert "gateway's word" not in through_chain.err
    everybody = {one["receipt"]["keeper"] for one in through_chain.json["receipts"]}
    assert len(everybody) == 5
    asked = desk.consentry("receipts", "--wallet", alice, "--json", CONSENTRY_GATEWAY=desk.url)
    assert asked.json["keepersToldBy"] == "gateway" and "gateway's word" in asked.err
    assert {one["receipt"]["keeper"] for one in asked.json["receipts"]} == everybody


def test_receipts_calls_nothing_proven_without_the_chain(desk: Desk) -> None:
    """A-2: what keepers say of their own commits is labelled as such."""
    linked(desk, "CLI-R2")
    alice = desk.file("alice.keystore")
    desk.done("read", "--self", "--wallet", alice)
    told = desk.consentry("receipts", "--wallet", alice, CONSENTRY_GATEWAY=desk.url).out.split()
    assert "committed" in told and "proven" not in told
    proven = desk("receipts", "--wallet", alice).out.split()
    assert "proven" in proven and "committed" not in proven


def test_receipts_name_the_mandate_under_which_a_consent_was_granted(desk: Desk) -> None:
    """W-117: by the chain's word, from keepers and from a file; where no chain is asked that is said."""
    ref, world, file = linked(desk, "CLI-R3"), desk.world, desk.file("alice.keystore")
    alice = Person(wallet_of(str(file)), world.city.client, world.ledger.chain_id)
    family = Carers(world, alice, world.person(world.city))
    for one in (alice, family.carol):
        one.sign_in()
    mandate = family.given()
    consent, named = family.grant(family.drafted(world.city), mandate), family.id_of(mandate)
    bose = world.staff(world.city)
    assert bose.open_session("TREAT").status_code == 201
    read = bose.send("GET", f"/fhir/Patient/{ref}/$everything", **{"X-Consentry-Purpose": "TREAT"})
    assert read.status_code == 200, read.text

    told = desk.done("receipts", "--wallet", file)
    assert told["mandates"] == {consent: named}
    assert {one["receipt"]["consentId"] for one in told["receipts"]} == {consent}
    words = f"signed; consent granted by the mandate {named[:12]}…"
    assert words in desk("receipts", "--wallet", file).out
    asked = desk.consentry("receipts", "--wallet", file, "--json", CONSENTRY_GATEWAY=desk.url)
    assert "mandates" not in asked.json and "the chain alone says" in asked.err

    account = desk.file("account.jsonl")
    desk.done("receipts", "--wallet", file, "--export", account)
    alone = desk.consentry("receipts", "--import", account, "--json")
    assert "mandates" not in alone.json and "the chain alone says" in alone.err
