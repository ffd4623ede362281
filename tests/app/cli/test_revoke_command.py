"""Revoking by the command line: shown to every keeper, acknowledged, relayed (K-17, K-18)."""

from __future__ import annotations

from typing import Any

from tests.app.cli.network import Desk, linked


def granted(desk: Desk, ref: str) -> str:
    """The id of a consent to city's attending staff."""
    alice, bose = desk.file("alice.keystore"), desk.file("dr_bose.keystore")
    proposed: dict[str, Any] = desk.done(
        "consent", "propose", "--patient", ref, "--purpose", "TREAT", "--category", "laboratory",
        "--role", "attending", "--until", "2099-01-01", "--as", bose,
    )  # fmt: skip
    assert desk.done("consent", "grant", proposed["id"], "--wallet", alice)["transaction"]
    return str(proposed["id"])


def test_revoke_says_how_many_keepers_acknowledged(desk: Desk) -> None:
    """K-17: five of five by the chain's own list; one that is gone is named, and the rest suffices."""
    ref = linked(desk, "REVOKE-1")
    alice, world = desk.file("alice.keystore"), desk.world
    first, second = granted(desk, ref), granted(desk, ref)
    told = desk.done("consent", "revoke", first, "--wallet", alice)
    assert told["transaction"] and told["keepers"]["asked"] == 5 and not told["keepers"]["failed"]
    committee = world.ledger.committee()
    assert committee is not None
    acknowledged = {one["keeper"] for one in told["keepers"]["acknowledged"]}
    assert acknowledged == {one.account for one in committee.keepers}

    world.keepers[4].shutdown()
    world.keepers[4].server_close()
    ran = desk("consent", "revoke", second, "--wallet", alice)
    assert ran.code == 0 and "The consent is revoked: transaction 0x" in ran.out
    assert "4 of 5 keepers acknowledged." in ran.err and "Keeper 5 (" in ran.err
    assert "too few to open a record" in ran.err
    again = desk("consent", "revoke", second, "--wallet", alice)
    assert again.code == 0 and "revoked already; nothing to do" in again.out
    assert "4 of 5 keepers acknowledged." in again.err
