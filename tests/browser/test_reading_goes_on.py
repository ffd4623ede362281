"""What goes on while the patient looks elsewhere on the page, and what ends with the sign-in, on the real network."""

from __future__ import annotations

import re
from contextlib import ExitStack

import pytest
from playwright.sync_api import BrowserContext, Page, Request, Route, expect

from consentry.demo.actors import Hospital
from consentry.domain.categories import Category
from consentry.network.run import Network
from tests.browser import ways
from tests.browser.node import evaluate
from tests.browser.people import Enrolled, enrolled, published
from tests.journeys.bundles import bundle, laboratory, patient

CATEGORIES = tuple(Category)
FORGETTING = """
import { forgetKeys } from "./app/browser/layouts/keys_end";
import { Kem } from "./app/browser/layouts/xwing";
const kem = new Kem();
const seed = crypto.getRandomValues(new Uint8Array(64));
const expanded = () => kem._m.deriveKeyPair(seed);
const first = expanded();
const before = expanded() === first;
forgetKeys();
console.log(JSON.stringify({ before, after: expanded() === first }));
"""


@pytest.fixture
def rosa(network: Network, context: BrowserContext) -> Enrolled:
    return enrolled(network, context)


def test_a_reading_outlives_the_language_and_the_page(page: Page, network: Network, rosa: Enrolled) -> None:
    """W-25, W-2: keepers have written receipts by then, so what they gave is shown; how far it is, on the page as it is now."""
    published(network, rosa)
    held: list[Route] = []
    ways.enter(page, network.gateways["city"], "records")
    page.route("**/release", lambda route: held.append(route))
    with page.expect_request("**/release", timeout=ways.SLOW):
        page.get_by_role("button", name="Open my record").click()
    page.get_by_role("button", name="中文").click()
    expect(page.locator("progress")).to_be_visible(timeout=ways.SLOW)
    ways.go(page, "settings")
    expect(page.locator("#settings")).to_be_visible(timeout=ways.SLOW)
    ways.go(page, "records")
    page.unroute("**/release")  # which lets go what it held
    expect(page.locator("table")).to_contain_text("Mercy Hospital", timeout=ways.SLOW)
    assert [one["primaryType"] for one in rosa.wallet.typed()] == ["PatientSession"]


def test_the_newest_records_are_shown_while_others_are_opened(
    page: Page, network: Network, rosa: Enrolled
) -> None:
    """W-81: with words that it is not everything; what the patient is in the middle of stays until the patient says so."""
    days = [laboratory(5.0, f"2026-03-{day:02d}") for day in range(1, 25)]
    Hospital(network, "mercy").publish(bundle(patient(rosa.number), *days), rosa.ref)
    ways.enter(page, network.gateways["city"], "records")

    def later(route: Route) -> None:
        newest = len(route.request.post_data_json["shares"]) in (20, len(CATEGORIES))
        if newest:
            route.continue_()  # else it is held until nobody routes any more

    page.route("**/release", later)
    page.get_by_role("button", name="Open my record").click()
    warning = page.locator("#still-opening")
    expect(warning).to_contain_text("not everything yet", timeout=ways.SLOW)
    expect(warning.locator("progress")).to_have_attribute("aria-valuetext", "20 of 24 records")
    expect(page.locator("#content tbody tr")).to_have_count(20)
    expect(page.get_by_role("button", name="Export")).to_have_count(0)
    ways.go(page, "overview")
    expect(warning).to_contain_text("may still be missing", timeout=ways.SLOW)
    expect(page.get_by_role("heading", name="Results over time")).to_be_visible()
    expect(page.get_by_role("heading", name="Allergies")).to_have_count(0)  # nobody knows yet
    ways.go(page, "records")
    page.get_by_label("Hospital", exact=True).focus()
    page.unroute("**/release")  # which lets go what it held
    expect(warning).to_contain_text("All 24 records", timeout=ways.SLOW)
    warning.get_by_role("button", name="Show everything").click()
    expect(page.locator("#content tbody tr")).to_have_count(24)
    expect(warning).to_have_count(0)


def test_what_arrives_later_takes_its_own_place_on_the_overview(
    page: Page, network: Network, rosa: Enrolled
) -> None:
    """W-132: a chart that is looked at stays the element it was, one that has more values too, and nothing jumps."""
    days = [laboratory(5.0, f"2026-03-{day:02d}") for day in range(1, 25)]
    Hospital(network, "mercy").publish(bundle(patient(rosa.number), *days), rosa.ref)
    ways.enter(page, network.gateways["city"], "overview")

    def later(route: Route) -> None:
        if len(route.request.post_data_json["shares"]) in (20, len(CATEGORIES)):
            route.continue_()  # else it is held until nobody routes any more

    page.route("**/release", later)
    page.get_by_role("button", name="Open my record").click()
    expect(page.locator("#still-opening")).to_contain_text("may still be missing", timeout=ways.SLOW)
    page.get_by_role("heading", name="Results over time").scroll_into_view_if_needed()
    page.evaluate("document.activeElement.blur()")
    seen = {one: page.locator(one).first.element_handle() for one in ("figure", "[data-part=results]")}
    chart = page.locator("figure .chart").first
    expect(chart).to_have_attribute("aria-label", re.compile("20"))
    page.unroute("**/release")  # which lets go what it held
    expect(page.locator("#still-opening")).to_have_count(0, timeout=ways.SLOW)
    expect(chart).to_have_attribute("aria-label", re.compile("24"))
    expect(chart.locator("canvas")).to_be_visible(timeout=ways.SLOW)
    expect(page.get_by_role("heading", name="Allergies")).to_be_visible()
    for one, handle in seen.items():
        assert handle is not None and handle.evaluate(
            "(node, at) => document.querySelector(at) === node", one
        )


def test_a_tab_says_that_somebody_else_signed_in(page: Page, network: Network, rosa: Enrolled) -> None:
    """W-80: what the first tab shows of its patient goes, and signing out there touches nobody."""
    published(network, rosa)
    ways.enter(page, network.gateways["city"], "records")
    page.get_by_role("button", name="Open my record").click()
    expect(page.locator("table")).to_contain_text("Mercy Hospital", timeout=ways.SLOW)
    other = page.context.new_page()
    rosa.wallet.switch_account(other)
    ways.enter(other, network.gateways["city"], "consents")
    expect(page.get_by_role("status")).to_contain_text("Somebody else has signed in", timeout=ways.SLOW)
    expect(page.get_by_role("button", name="Connect")).to_be_visible(timeout=ways.SLOW)
    expect(page.locator("#content")).not_to_contain_text("Mercy Hospital")
    assert page.locator("#account button").count() == 0
    other.get_by_role("button", name="中文").click()
    ways.go(other, "settings")
    expect(other.locator("#settings")).to_be_visible(timeout=ways.SLOW)
    other.locator("#account button").click()
    expect(other.get_by_role("button", name="连接")).to_be_visible(timeout=ways.SLOW)
    other.close()


def test_a_check_of_the_account_ends_with_the_sign_in(page: Page, network: Network, rosa: Enrolled) -> None:
    """W-66: nobody is asked any more for whoever has left, and no answer is waited for."""
    ended: list[str] = []

    def note(request: Request) -> None:
        if request.url.endswith("/receipts"):
            ended.append(request.url)

    ways.enter(page, network.gateways["city"], "readers")
    held: list[Route] = []
    page.route("**/receipts", lambda route: held.append(route))
    page.on("requestfailed", note)
    with page.expect_request("**/receipts", timeout=ways.SLOW):
        page.get_by_role("button", name="Show who read my record").click()
    with page.expect_event("requestfailed", lambda one: one.url.endswith("/receipts"), timeout=15_000):
        page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("status")).to_contain_text("signed out", timeout=ways.SLOW)
    assert ended


def test_keys_are_forgotten_with_the_sign_in() -> None:
    """W-79: an expanded key is the same one until then, and made anew afterwards."""
    assert evaluate(FORGETTING) == {"before": True, "after": False}


def test_workers_end_with_the_sign_in(page: Page, network: Network, rosa: Enrolled) -> None:
    """W-79: they hold expanded keys; whoever signs in again gets others, and reads on."""
    published(network, rosa)
    ways.enter(page, network.gateways["city"], "records")
    for _ in range(2):
        page.get_by_role("button", name="Open my record").click()
        expect(page.locator("table")).to_contain_text("Mercy Hospital", timeout=ways.SLOW)
        assert page.workers
        with ExitStack() as closing:
            for one in page.workers:
                closing.enter_context(one.expect_event("close", timeout=ways.SLOW))
            page.get_by_role("button", name="Sign out").click()
        assert page.workers == []
        page.get_by_role("button", name="Connect").click()


def test_a_record_is_shown_whatever_is_known_of_petitions(
    page: Page, network: Network, rosa: Enrolled
) -> None:
    """W-65: what was read already waits for no call; the card that needs one fails alone."""
    published(network, rosa)
    page.route("**/api/petitions", lambda route: route.abort())
    ways.enter(page, network.gateways["mercy"], "records")
    page.get_by_role("button", name="Open my record").click()
    page.locator("table").get_by_role("link").first.click()
    expect(page.locator("#record-title")).to_be_visible(timeout=ways.SLOW)
    expect(page.locator("#petition")).to_contain_text("does not answer", timeout=ways.SLOW)
