"""`consentry receipts`: whom it asks, and what it calls proven (K-9, K-10, A-2)."""

from __future__ import annotations

from tests.app.cli.network import Desk, linked


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
