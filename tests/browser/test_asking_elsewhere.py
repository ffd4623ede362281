"""Asking about a record that another hospital wrote (W-42, W-125)."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Page, Route, expect

from consentry.demo.actors import Hospital
from consentry.fhir.merge import RECORD_TAG
from consentry.network.run import Network
from tests.browser import ways
from tests.browser.people import enrolled
from tests.journeys.bundles import bundle, laboratory, patient


def nowhere(route: Route) -> None:
    """As a gateway tells members whose own gateways it does not know."""
    answer = route.fetch()
    told = answer.json()
    route.fulfill(response=answer, json={"members": [one | {"gateway": None} for one in told["members"]]})


def test_the_number_to_tell_stands_whole_where_no_address_is_known(
    page: Page, context: BrowserContext, network: Network
) -> None:
    """W-125: an abbreviated one would help nobody at a desk."""
    rosa = enrolled(network, context)
    filed = Hospital(network, "mercy").publish(bundle(patient(rosa.number), laboratory(6.4)), rosa.ref)
    number = filed["entry"][0]["response"]["location"].removeprefix(f"{RECORD_TAG}:")
    page.route("**/api/members", nowhere)
    ways.enter(page, network.gateways["city"], "records")
    page.get_by_role("button", name="Open my record").click()
    page.locator("#content tbody a").first.click()
    asking = page.get_by_role("region", name="Something wrong with it?")
    expect(asking).to_contain_text("This page does not know that hospital’s address.", timeout=ways.SLOW)
    expect(asking).to_contain_text(number)
