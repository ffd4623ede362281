"""What is new, on a page that is open: heard of at once, told in words, gone once it was seen (W-64)."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from consentry.demo.actors import Hospital
from consentry.network.run import Network
from tests.browser import ways
from tests.browser.people import Enrolled, Team, enrolled
from tests.browser.wallet import NAME
from tests.journeys.bundles import TERMS


@pytest.fixture
def rosa(network: Network, context: BrowserContext) -> Enrolled:
    return enrolled(network, context)


def test_an_open_page_hears_what_is_new_and_forgets_what_was_seen(
    page: Page, network: Network, rosa: Enrolled
) -> None:
    """W-64: a count on every page, a list with the way to each, in the language of the page."""
    ways.enter(page, network.gateways["city"], "settings")
    count = page.locator("#news")
    expect(page.locator("#settings")).to_be_visible(timeout=ways.SLOW)
    expect(count).to_be_hidden()
    city = Hospital(network, "city")
    city.propose(city.link(rosa.number, rosa.patient.wallet), TERMS, days=30)
    expect(count).to_have_text("1 new", timeout=ways.NEWS)
    Team.on_duty(network).open(rosa.did)
    expect(count).to_have_text("2 new", timeout=ways.NEWS)
    page.get_by_role("button", name="中文").click()
    expect(count).to_have_text("2 条新消息")
    page.get_by_role("button", name="English").click()
    count.click()
    items = page.locator("#news-list article")
    expect(items).to_have_count(2)
    asked = items.filter(has_text="\u2068City Hospital\u2069 asks for a consent")
    expect(asked.get_by_role("link", name="See what is asked for")).to_have_attribute("href", "#/consents")
    asked.get_by_role("button", name="I have seen it").click()
    expect(count).to_have_text("1 new")
    expect(asked.get_by_text("New", exact=True)).to_have_count(0)
    items.filter(has_text="opened your emergency summary").get_by_role("link").click()
    page.get_by_role("button", name="I have seen it").click()
    expect(count).to_be_hidden(timeout=ways.SLOW)


def test_a_page_that_finds_no_stream_asks_instead(page: Page, network: Network, rosa: Enrolled) -> None:
    """W-64, W-20: nothing is missed; after signing out nobody is asked any more."""
    Team.on_duty(network).open(rosa.did)
    streams: list[str] = []

    def full(route: Route) -> None:
        streams.append(route.request.url)
        route.fulfill(status=429, content_type="application/problem+json", body="{}")

    page.route("**/api/notifications/stream", full)
    ways.enter(page, network.gateways["city"], "settings")
    expect(page.locator("#news")).to_have_text("1 new", timeout=ways.SLOW)
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("#news")).to_be_hidden()
    assert len(streams) == 1


def test_a_page_whose_place_is_needed_does_not_come_straight_back(
    page: Page, network: Network, rosa: Enrolled
) -> None:
    """W-20, W-64: with more pages open than places, each would end the next one's stream for ever."""
    Team.on_duty(network).open(rosa.did)
    streams: list[str] = []

    def ended(route: Route) -> None:
        streams.append(route.request.url)
        body = "retry: 10\n\nevent: leave\ndata: {}\n\n"
        route.fulfill(status=200, content_type="text/event-stream", body=body)

    page.route("**/api/notifications/stream", ended)
    ways.enter(page, network.gateways["city"], "settings")
    expect(page.locator("#news")).to_have_text("1 new", timeout=ways.SLOW)
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("#news")).to_be_hidden()
    assert len(streams) == 1


def test_a_sign_in_that_ended_is_noticed_by_the_page_that_asks(
    page: Page, context: BrowserContext, network: Network, rosa: Enrolled
) -> None:
    """W-64, W-20: whoever is not signed in any more is not asked for ever, but shown the way in."""
    held: list[Route] = []
    page.route("**/api/notifications/stream", lambda route: held.append(route))
    ways.enter(page, network.gateways["city"], "settings")
    for card in ("directory", "chain", "mail"):
        expect(page.locator(f"#{card}")).not_to_have_attribute("aria-busy", "true", timeout=ways.SLOW)
    context.clear_cookies()
    held[0].fulfill(status=429, content_type="application/problem+json", body="{}")
    expect(page.get_by_role("status")).to_contain_text("Your sign-in has ended", timeout=ways.SLOW)
    expect(page.get_by_role("button", name=f"Connect {NAME}")).to_be_visible()
