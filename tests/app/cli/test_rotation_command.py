"""Renewing the directory by command: after a revocation, on advice, and kept at several gateways (D-7, D-8, D-12)."""

from __future__ import annotations

from typing import Any

import pytest

from consentry.cli.problems import GatewayUnreachable
from tests.app.cli.network import Desk, linked, served
from tests.app.gateway.renewing import tick

ADVISED = "A new directory is advised since 20"


def granted(desk: Desk, ref: str) -> str:
    """A consent that holds, some seconds after everything before it."""
    key, alice = desk.file("his.key"), desk.file("alice.keystore")
    proposed = desk.done(
        "consent", "propose", "--patient", ref, "--purpose", "TREAT", "--category", "laboratory",
        "--role", "attending", "--until", "2099-01-01", "--client-key-file", key,
    )  # fmt: skip
    tick(desk.world)
    desk.done("consent", "grant", proposed["id"][:10], "--wallet", alice)
    tick(desk.world)
    return str(proposed["id"])


def directory(desk: Desk) -> Any:
    return desk.done("wallet", "open-directory", "--wallet", desk.file("alice.keystore"))


def fails(*_arguments: Any) -> Any:
    """The gateway goes away between the revocation and the directory."""
    raise GatewayUnreachable()


def test_revoke_renews_the_directory(desk: Desk) -> None:
    """D-8: by default, once; told in words and JSON."""
    alice, ref = desk.file("alice.keystore"), linked(desk, "ROT-1")
    consent = granted(desk, ref)
    revoked = desk.done("consent", "revoke", consent[:10], "--wallet", alice)
    assert (revoked["directory"]["version"], revoked["directory"]["opened"]) == (2, True)
    assert (directory(desk)["version"], directory(desk)["rotation"]) == (2, None)
    again = desk("consent", "revoke", consent[:10], "--wallet", alice)
    assert again.code == 0 and "nothing to do" in again.out and "Directory" not in again.out
    assert directory(desk)["version"] == 2
    words = desk("consent", "revoke", granted(desk, ref)[:10], "--wallet", alice)
    assert words.code == 0 and "Directory version 3 is open: b" in words.out


def test_directory_is_kept_on_request_and_renewed_on_advice(desk: Desk) -> None:
    """D-8: the list of consents and the directory say since when a new one is advised, until it is made."""
    alice = desk.file("alice.keystore")
    consent = granted(desk, linked(desk, "ROT-2"))
    listing = ("consent", "show", "--wallet", alice)
    assert ADVISED not in desk(*listing).out and desk.done(*listing)["rotation"] is None
    kept = desk.done("consent", "revoke", consent[:10], "--wallet", alice, "--keep-directory")
    assert kept["directory"] is None and kept["transaction"]
    assert directory(desk)["version"] == 1
    assert desk.done(*listing)["rotation"]["reasons"] == ["consent-revoked"]
    for said in (desk(*listing).out, desk("wallet", "open-directory", "--wallet", alice).out):
        assert ADVISED in said and "a consent was revoked" in said and "--rotate" in said
    tick(desk.world)
    assert desk.done("wallet", "open-directory", "--wallet", alice, "--rotate")["version"] == 2
    assert ADVISED not in desk(*listing).out


def test_revoke_that_stopped_half_way_is_completed_by_repeating(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """D-8: the consent is revoked whatever becomes of the directory, and the second attempt renews it."""
    alice, ref = desk.file("alice.keystore"), linked(desk, "ROT-3")
    consent = granted(desk, ref)
    with monkeypatch.context() as patch:
        patch.setattr("consentry.cli.renewing.open_next", fails)
        stopped = desk("consent", "revoke", consent[:10], "--wallet", alice, "--json")
    assert stopped.error == "gateway-unreachable"
    assert "the consent is revoked, but the directory is not renewed" in stopped.json["error"]["detail"]
    assert directory(desk)["version"] == 1
    again = desk.done("consent", "revoke", consent[:10], "--wallet", alice)
    assert (again["status"], again["transaction"], again["directory"]["version"]) == ("revoked", None, 2)


def test_cancelled_proposal_renews_nothing(desk: Desk) -> None:
    """D-8: nobody ever read under it."""
    alice, key, ref = desk.file("alice.keystore"), desk.file("his.key"), linked(desk, "ROT-4")
    proposed = desk.done(
        "consent", "propose", "--patient", ref, "--purpose", "TREAT", "--category", "laboratory",
        "--role", "attending", "--until", "2099-01-01", "--client-key-file", key,
    )  # fmt: skip
    revoked = desk.done("consent", "revoke", proposed["id"][:10], "--wallet", alice)
    assert revoked["directory"] is None and directory(desk)["version"] == 1


def test_document_is_kept_at_other_gateways_first(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """D-12: signed in there by the same wallet; a gateway that cannot keep it stops the renewal, and nothing changes."""
    alice = desk.file("alice.keystore")
    linked(desk, "ROT-5")
    rotate = ("wallet", "open-directory", "--wallet", alice, "--rotate")
    failed = desk(*rotate, "--also", "http://127.0.0.1:1", "--json")
    assert failed.code == 5 and directory(desk)["version"] == 1
    with served(desk.world.mercy, monkeypatch) as mercy:
        assert desk.done(*rotate, "--also", mercy.url)["version"] == 2
    assert directory(desk)["version"] == 2
