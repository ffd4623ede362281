"""A patient revokes while the gateway that served the page is gone, or does not serve all of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from consentry.demo.actors import Hospital
from consentry.network.run import Network
from tests.browser import ways
from tests.browser.people import Enrolled, enrolled
from tests.journeys.bundles import TERMS

_CHECKER = """() => performance.getEntriesByType("resource").some(({ name, responseEnd }) =>
  /chunks\\/secp256k1/.test(name) && responseEnd > 0)"""


def active(page: Page, network: Network, patient: Enrolled) -> Locator:
    """A consent in force on the open page; its card."""
    consent = Hospital(network, "mercy").propose(patient.ref, TERMS, days=1)
    ways.enter(page, network.gateways["mercy"])
    card = page.locator(f"#consent-{consent['id']}")
    card.get_by_role("button", name="Sign with my wallet").click()
    expect(card.locator(".badge")).to_have_text("Active", timeout=ways.SLOW)
    card.get_by_role("button", name="Revoke…").click()
    return card


def test_keepers_words_are_counted_where_the_gateway_has_died(
    page: Page, context: BrowserContext, network: Network
) -> None:
    """W-139: what checks their signatures came with the page."""
    card, status = active(page, network, enrolled(network, context)), page.get_by_role("status")
    page.wait_for_function(_CHECKER)
    page.route(f"{network.gateways['mercy']}/**", lambda route: route.abort())
    card.get_by_role("button", name="Revoke with my wallet").click()
    expect(status).to_contain_text("5 of 5 keepers", timeout=ways.SLOW)
    expect(status).to_contain_text("keys were not renewed", timeout=ways.SLOW)


GONE = {"status": 502, "content_type": "text/html", "body": "<h1>Bad Gateway</h1>"}
NOT_SIGNED_IN = {
    "status": 401,
    "content_type": "application/problem+json",
    "body": json.dumps({"code": "not-signed-in", "status": 401, "title": "Nobody is signed in."}),
}
BUSY = {
    "status": 503,
    "content_type": "application/problem+json",
    "body": json.dumps(
        {"code": "database-unreachable", "status": 503, "title": "The database does not answer."}
    ),
}


def test_a_proxy_that_answers_for_a_dead_gateway_takes_no_words_away(
    page: Page, context: BrowserContext, network: Network
) -> None:
    """W-139: nobody knows whether the gateway heard of it, and keepers' words count all the same."""
    card, status = active(page, network, enrolled(network, context)), page.get_by_role("status")
    page.wait_for_function(_CHECKER)
    page.route(f"{network.gateways['mercy']}/api/**", lambda route: route.fulfill(**GONE))
    card.get_by_role("button", name="Revoke with my wallet").click()
    expect(status).to_contain_text("keys were not renewed", timeout=ways.SLOW)
    expect(status).to_contain_text("5 of 5 keepers")


@pytest.mark.parametrize(
    ("answer", "also"), [(NOT_SIGNED_IN, "Your sign-in has ended"), (BUSY, "keys were not renewed")]
)
def test_what_was_revoked_is_told_where_the_page_cannot_be_drawn(
    page: Page, context: BrowserContext, network: Network, answer: dict[str, Any], also: str
) -> None:
    """W-139: above the way in, too, where the sign-in has ended."""
    card, status = active(page, network, enrolled(network, context)), page.get_by_role("status")
    with page.expect_response("**/revocation", timeout=ways.SLOW):
        page.route("**/revocation", lambda route: _then(page, route, answer))
        card.get_by_role("button", name="Revoke with my wallet").click()
    expect(status).to_contain_text(also, timeout=ways.SLOW)
    expect(status).to_contain_text("5 of 5 keepers")
    expect(status).to_contain_text("Recorded in transaction")
    if answer is BUSY:  # beside it, why the page is as it was
        expect(page.locator("#problem")).to_contain_text("The database does not answer.")


def _then(page: Page, route: Route, answer: dict[str, Any]) -> None:
    """The revocation is taken; whatever is asked afterwards has this answer."""
    taken = route.fetch()
    page.route("**/api/**", lambda later: later.fulfill(**answer))
    route.fulfill(response=taken)


def test_a_renewal_without_an_answer_is_not_denied(
    page: Page, context: BrowserContext, network: Network
) -> None:
    """W-139: it was filed, and its answer was lost."""
    card, status = active(page, network, enrolled(network, context)), page.get_by_role("status")

    def lost(route: Route) -> None:
        if route.request.method == "POST":
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/api/directory", lost)
    card.get_by_role("button", name="Revoke with my wallet").click()
    expect(status).to_contain_text("were renewed is not certain", timeout=ways.SLOW)


def test_code_that_does_not_load_is_no_bad_signature(
    page: Page, context: BrowserContext, network: Network
) -> None:
    """W-139, W-55: the gateway is named, no count is told, and the next try finds that it has ended."""
    page.route("**/chunks/secp256k1*", lambda route: route.abort())
    rosa = enrolled(network, context)
    revoke = active(page, network, rosa).get_by_role("button", name="Revoke with my wallet")
    revoke.click()
    expect(page.locator("#problem")).to_contain_text("does not answer", timeout=ways.SLOW)
    expect(page.get_by_role("status")).not_to_contain_text("acknowledged")
    revoke.click()
    expect(page.get_by_role("status")).to_contain_text("Nothing was signed again.", timeout=ways.SLOW)
    assert [data["primaryType"] for data in rosa.wallet.typed()] == ["Consent", "Revocation"]
