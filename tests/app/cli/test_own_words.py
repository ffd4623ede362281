"""What a wallet's holder reads before signing is made here: a gateway's words about a consent are never shown (C-1, C-11)."""

from __future__ import annotations

from typing import Any

import pytest

from consentry.gateway import shapes
from tests.app.cli.network import Desk, linked

LIE = "This lets nobody read anything at all."


def test_words_are_made_from_what_is_signed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """C-1, C-11: the terms stand before every signature, also with --json; the gateway's own words nowhere."""
    ref, alice, key = linked(desk, "CLI-W1"), desk.file("alice.keystore"), desk.file("his.key")

    def lying(consent: Any, language: str = "en") -> list[str]:
        return [LIE]

    monkeypatch.setattr(shapes, "in_words", lying)
    proposed = desk.done(
        "consent", "propose", "--patient", ref, "--purpose", "TREAT", "--category", "laboratory",
        "--role", "attending", "--until", "2099-01-01", "--client-key-file", key,
    )  # fmt: skip
    assert "laboratory results" in str(proposed["words"])
    told: list[str] = []
    for command in (
        ("consent", "show", proposed["id"]),
        ("consent", "show", proposed["id"], "--json"),
        ("consent", "sign", proposed["id"], "--json"),
        ("consent", "grant", proposed["id"], "--json"),
        ("consent", "show", "--json"),
        ("consent", "revoke", proposed["id"]),
    ):
        ran = desk(*command, "--wallet", alice)
        told.append(ran.out + ran.err)
        assert ran.code == 0 and "laboratory results" in told[-1], (command, ran.err)
    assert not any(LIE in one for one in (*told, str(proposed)))


def test_the_link_is_shown_before_it_is_signed(desk: Desk) -> None:
    """G-4"""
    asked = ("--wallet", desk.file("alice.keystore"), "--client-key-file", desk.file("his.key"))
    ran = desk("patient", "link", "--mrn", "CLI-W2", *asked, "--json")
    assert ran.json["ref"] in ran.err and desk.world.city.name in ran.err


def test_reading_shows_by_whom(desk: Desk) -> None:
    """K-2: the session is of the member that was signed in to, and is named before it is signed."""
    linked(desk, "CLI-W3")
    ran = desk("read", "--self", "--wallet", desk.file("alice.keystore"), "--json")
    assert ran.code == 0 and f"{desk.world.city.name} may read for" in ran.err
