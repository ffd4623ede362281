"""Granting and revoking for somebody else by a mandate's file (W-112, W-107, W-108)."""

from __future__ import annotations

import json

from consentry.cli.settings import wallet_of
from tests.app.cli.network import Desk
from tests.app.gateway.carers import Carers
from tests.app.gateway.people import Person

GRANT = ("--category", "laboratory", "--role", "attending", "--confidentiality", "N")


def test_representative_grants_and_revokes_by_a_mandates_file(desk: Desk) -> None:
    """W-112: said for whom before it is signed; beyond the mandate, by another wallet or file: refused in words."""
    desk.done("wallet", "new", desk.file("carol.keystore"))
    world, carol = desk.world, str(desk.file("carol.keystore"))
    alice, daughter = (
        Person(wallet_of(str(desk.file(f"{name}.keystore"))), world.city.client, world.ledger.chain_id)
        for name in ("alice", "carol")
    )
    alice.sign_in()
    family = Carers(world, alice, daughter)
    mandate = family.given(days=900)
    file = desk.file("mandate.json")
    file.write_text(json.dumps({"kind": "consentry-mandate", "version": 1, "mandate": mandate.to_json()}))
    behalf = ("consent", "behalf")
    given = (
        "--mandate",
        file,
        "--to",
        world.city.name,
        *GRANT,
        "--until",
        f"{world_year(mandate.valid_until)}-01-01",
    )

    refused = desk(*behalf, "grant", *given, "--purpose", "HRESCH", "--wallet", carol, "--json")
    assert (refused.error, "terms.provisions[0].purposes" in refused.out) == ("mandate-exceeded", True)
    other = str(desk.file("alice.keystore"))
    refused = desk(*behalf, "grant", *given, "--purpose", "TREAT", "--wallet", other, "--json")
    assert refused.error == "mandate-other" and "Signing in the name of" not in refused.err
    nobody = ["Nowhere Clinic" if one == world.city.name else one for one in given]
    assert (
        desk(*behalf, "grant", *nobody, "--purpose", "TREAT", "--wallet", carol, "--json").error
        == "not-found"
    )
    file.with_name("other.json").write_text('{"kind": "consentry-consent"}')
    wrong = ("--mandate", file.with_name("other.json"), *given[2:])
    assert desk(*behalf, "grant", *wrong, "--purpose", "TREAT", "--wallet", carol).code == 2

    granted = desk(*behalf, "grant", *given, "--purpose", "TREAT", "--wallet", carol, "--json")
    assert granted.code == 0 and f"Signing in the name of {alice.did}" in granted.err, granted.err
    assert world.city.name in granted.err
    consent = granted.json["id"]
    (shown,) = family.seen(alice, "/api/consents")
    assert (shown["id"], shown["status"], shown["under"]["id"]) == (consent, "active", family.id_of(mandate))
    listed = desk(*behalf, "show", "--wallet", carol)
    assert consent in listed.out and "active" in listed.out
    assert "could not be told" not in granted.err
    elsewhere = [world.mercy.name if one == world.city.name else one for one in given]
    told = desk(*behalf, "grant", *elsewhere, "--purpose", "TREAT", "--wallet", carol, "--json")
    assert told.code == 0 and f"{world.mercy.name} could not be told the terms" in told.err
    assert desk.done(*behalf, "revoke", told.json["id"], "--mandate", file, "--wallet", carol)["transaction"]
    told = desk.done(*behalf, "revoke", consent, "--mandate", file, "--wallet", carol)
    assert told["transaction"]
    assert [one["status"] for one in family.seen(alice, "/api/consents")] == ["revoked", "revoked"]
    family.end(mandate)
    over = desk(*behalf, "grant", *given, "--purpose", "TREAT", "--wallet", carol, "--json")
    assert over.error == "mandate-over"


def world_year(until: int) -> int:
    """A year whose first day is to come and lies before this time (seconds)."""
    return 1970 + until // 31_557_600
