"""A patient revokes while the gateway that served the page is gone, or does not serve all of it."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Locator, Page, expect

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
