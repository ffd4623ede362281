"""Tabs of one browser share a cookie, and each says whom it means (W-80)."""

from __future__ import annotations

from typing import Any

from tests.app.gateway.people import Person
from tests.app.gateway.test_gateway_reading import code_of
from tests.app.gateway.world import World


def meant(who: Person) -> str:
    return f"{who.wallet.address} {who.did}"


class Browser:
    """`signed` is whoever signed in last in any of its tabs."""

    def __init__(self, signed: Person) -> None:
        self.signed = signed

    def ask(self, method: str, path: str, whom: str | None = None, body: Any = None) -> Any:
        headers = {"Origin": self.signed.origin} | ({} if whom is None else {"X-Consentry-For": whom})
        client = self.signed.client
        client.set_cookie("consentry", self.signed.token)
        try:
            return client.open(path, method=method, json=body, headers=headers)
        finally:
            client.delete_cookie("consentry")


def test_a_tab_is_answered_for_whom_it_means_alone(world: World) -> None:
    """W-80: after somebody else has signed in, the first tab changes nothing and is told nothing."""
    alice, bob = world.patient(world.mercy), world.patient(world.mercy)
    browser = Browser(alice)
    for whom in (meant(alice), "", None):
        assert browser.ask("GET", "/api/directory", whom).status_code == 200
    browser.signed = bob
    for method, path in (("GET", "/api/me"), ("GET", "/api/directory"), ("POST", "/api/index/entries")):
        answer = browser.ask(method, path, meant(alice), {} if method == "POST" else None)
        assert (answer.status_code, code_of(answer)) == (409, "sign-in-replaced")
        assert bob.wallet.address not in answer.text and bob.did not in answer.text
    assert (
        browser.ask("GET", "/api/me", bob.wallet.address).status_code == 409
    )  # the account without its side
    dr_bose = world.staff(world.mercy)
    browser.signed = dr_bose
    assert browser.ask("GET", "/api/me", dr_bose.wallet.address).status_code == 200


def test_signing_out_ends_nobody_elses_sign_in(world: World) -> None:
    """W-80"""
    alice, bob = world.patient(world.mercy), world.patient(world.mercy)
    browser = Browser(bob)
    answer = browser.ask("DELETE", "/api/sign-in", meant(alice))
    assert code_of(answer) == "sign-in-replaced" and "Set-Cookie" not in answer.headers
    assert browser.ask("GET", "/api/me", meant(bob)).status_code == 200
    assert browser.ask("DELETE", "/api/sign-in", meant(bob)).status_code == 204
    assert code_of(browser.ask("GET", "/api/me", meant(bob))) == "not-signed-in"
