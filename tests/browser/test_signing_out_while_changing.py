"""Signing out while a wallet is asked to go on for somebody else leaves nobody signed in (W-80)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser import ways
from tests.browser.stand_in import StandIn
from tests.browser.wallet import NAME, Wallet

OTHER = "did:ethr:0x539:0x" + "0e" * 20
STANDING = {
    "representatives": [],
    "guardians": {"commitment": None, "nextCommitment": None, "effectiveAt": None},
    "recovery": {"newOwner": None, "executableAt": None, "attempt": 0, "vetoSpent": False},
}


@pytest.fixture
def act(page: Page, alice: Wallet, stand_in: StandIn) -> Locator:
    """The button by which a representative goes on for somebody else."""
    own = {"did": f"did:ethr:0x539:{alice.address.lower()}", "controller": alice.address.lower()}
    others = [{"did": OTHER, "how": "representative", "from": None}]
    page.route("**/api/identity", lambda route: route.fulfill(json=own | STANDING))
    page.route("**/api/identities", lambda route: route.fulfill(json={"identities": others}))
    page.route("**/api/mandates", lambda route: route.fulfill(json={"given": [], "held": []}))
    ways.enter(page, stand_in.url, "people")
    page.get_by_role("button", name="Act for this person").click()
    return page.get_by_role("button", name="I know this DID: go on")


def held_back(page: Page, path: str, method: str, then: Callable[[], None]) -> Route:
    """A request that is on its way, and no further, once something was done."""
    held: list[Route] = []
    page.route(
        path, lambda one: held.append(one) if one.request.method == method else one.continue_(), times=1
    )
    with page.expect_request(lambda one: one.method == method and one.url.endswith(path.removeprefix("**"))):
        then()
    page.wait_for_function("() => true")
    return held[0]


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name=f"Connect {NAME}")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("You are signed out.")


def test_sign_in_that_was_on_its_way_is_ended(
    page: Page, alice: Wallet, stand_in: StandIn, act: Locator
) -> None:
    """W-80: it came to the gateway after the sign-out; the page that began it ends it."""
    sent = held_back(page, "**/api/sign-in", "POST", act.click)
    sign_out(page)
    assert stand_in.sessions == {}
    me = {"address": alice.address.lower(), "role": "patient", "did": OTHER, "member": None}
    page.route("**/api/me", lambda route: route.fulfill(json=me))
    with page.expect_response(lambda one: one.request.method == "DELETE"):
        sent.continue_()
    assert stand_in.sessions == {}
    assert ("POST", "/api/sign-in") in stand_in.requests[-2:]


def test_wallet_is_not_asked_after_the_sign_out(
    page: Page, alice: Wallet, stand_in: StandIn, act: Locator
) -> None:
    """W-80"""
    sent = held_back(page, "**/api/sign-in/challenges", "POST", act.click)
    sign_out(page)
    with page.expect_response("**/api/sign-in/challenges"):
        sent.continue_()
    page.get_by_role("button", name="Dark colours").click()
    assert alice.asked.count("personal_sign") == 1 and stand_in.sessions == {}
