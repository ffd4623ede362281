"""Settings on the real network: looks, through whom the ledger is seen, and the end of reading on this page."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Response, Route, expect

from consentry.network.run import Network
from tests.browser import ways
from tests.browser.people import Enrolled, enrolled


@pytest.fixture
def rosa(network: Network, context: BrowserContext) -> Enrolled:
    return enrolled(network, context)


def settings(page: Page, network: Network) -> None:
    ways.enter(page, network.gateways["city"], "settings")
    expect(page.locator("#settings")).to_be_visible(timeout=ways.SLOW)


def test_language_and_colours_are_chosen(page: Page, network: Network, rosa: Enrolled) -> None:
    """W-65: as by the buttons at the head of each page; the record's name stands there to be copied."""
    settings(page, network)
    expect(page.locator("#settings .did")).to_have_text(rosa.did)
    page.get_by_label("Colours", exact=True).select_option("dark")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.get_by_role("button", name="Light colours")).to_be_visible()
    page.get_by_label("Colours", exact=True).select_option("system")
    expect(page.locator("html:not([data-theme])")).to_have_count(1)
    page.get_by_label("Language", exact=True).select_option("zh")
    expect(page.locator("h1")).to_have_text("设置")
    page.get_by_label("语言", exact=True).select_option("en")
    expect(page.locator("h1")).to_have_text("Settings")


def test_another_members_relay_is_compared_before_it_is_used(
    page: Page, network: Network, rosa: Enrolled
) -> None:
    """W-65: what is proven is then seen through that one; it says through whom."""
    settings(page, network)
    chain = page.locator("#chain")
    expect(chain).to_contain_text("This page sees the ledger through \u2068City Hospital\u2069.")
    chain.get_by_label("Look through").select_option(label="Mercy Hospital")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    chain.get_by_role("button", name="Compare and use").click()
    expect(chain).to_contain_text("through \u2068Mercy Hospital\u2069", timeout=ways.SLOW)
    expect(page.get_by_role("status")).to_contain_text("tells the same ledger, up to block")
    asked.clear()
    ways.go(page, "emergency")
    page.get_by_role("button", name="Show what it holds").click()
    expect(page.locator("#summary .empty")).to_be_visible(timeout=ways.SLOW)
    relays = {url for url in asked if url.endswith("/api/chain")}
    assert relays == {f"{network.gateways['mercy']}/api/chain"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"eth_chainId": "0x1"}, "serves another ledger"),
        ({"hash": "0x" + "ee" * 32}, "tell different ledgers. One of them is wrong: sign nothing"),
        (None, "does not answer"),
    ],
)
def test_a_relay_that_tells_otherwise_is_refused(
    page: Page, network: Network, rosa: Enrolled, changes: dict[str, str] | None, words: str
) -> None:
    """W-65: nothing is changed then, and the patient is told what that means."""

    def lie(route: Route) -> None:
        if changes is None:
            route.abort()
            return
        answer = route.fetch()
        told: Any = answer.json()
        asked: Any = json.loads(route.request.post_data or "null")
        for one, question in zip(
            *(([each] if isinstance(each, dict) else each) for each in (told, asked)), strict=True
        ):
            if question["method"] in changes:
                one["result"] = changes[question["method"]]
            elif isinstance(one["result"], dict) and "hash" in one["result"] and "hash" in changes:
                one["result"]["hash"] = changes["hash"]
        route.fulfill(response=answer, json=told)

    page.route(f"{network.gateways['mercy']}/api/chain", lie)
    settings(page, network)
    chain = page.locator("#chain")
    chain.get_by_label("Look through").select_option(label="Mercy Hospital")
    chain.get_by_role("button", name="Compare and use").click()
    expect(page.locator("#chain-problem")).to_contain_text(words, timeout=ways.SLOW)
    expect(chain).to_contain_text("This page sees the ledger through \u2068City Hospital\u2069.")


def test_a_relay_that_is_dead_can_be_left(page: Page, network: Network, rosa: Enrolled) -> None:
    """W-65: what does not answer is not compared with, and that is said; no card waits for another one's call."""
    city = network.gateways["city"]
    page.route(f"{city}/api/chain", lambda route: route.abort())
    page.route(f"{city}/api/directory", lambda route: route.abort())
    settings(page, network)
    expect(page.locator("#directory")).to_contain_text("does not answer", timeout=ways.SLOW)
    chain = page.locator("#chain")
    chain.get_by_label("Look through").select_option(label="Mercy Hospital")
    chain.get_by_role("button", name="Compare and use").click()
    expect(chain).to_contain_text("through \u2068Mercy Hospital\u2069", timeout=ways.SLOW)
    expect(page.get_by_role("status")).to_contain_text("was not compared", timeout=ways.SLOW)
    expect(chain).to_be_focused()
    page.unroute(f"{city}/api/directory")
    page.locator("#directory").get_by_role("button", name="Try again").click()
    expect(page.locator("#directory")).to_contain_text("version", timeout=ways.SLOW)


def test_reading_is_ended_at_every_keeper(page: Page, network: Network, rosa: Enrolled) -> None:
    """W-66, K-26: the key is gone from the page and keepers answer it no more; reading again takes another signature."""
    settings(page, network)
    reading = page.locator("#reading")
    expect(reading).to_contain_text("This page holds no key to read with.")
    ways.go(page, "readers")
    page.get_by_role("button", name="Show who read my record").click()
    expect(page.locator("#verdict")).to_be_visible(timeout=ways.SLOW)
    ways.go(page, "settings")
    expect(reading).to_contain_text("This page may read for you until", timeout=ways.SLOW)
    reading.get_by_role("button", name="End it now").click()
    expect(page.get_by_role("status")).to_contain_text("Ended. 5 of 5 keepers know it", timeout=ways.SLOW)
    expect(reading).to_contain_text("This page holds no key to read with.")
    ways.go(page, "readers")
    again = page.get_by_role("button", name="Check again")
    again.click()
    expect(again).not_to_have_attribute("aria-busy", "true", timeout=ways.SLOW)
    expect(page.locator("#verdict")).to_be_visible(timeout=ways.SLOW)
    assert [one["primaryType"] for one in rosa.wallet.typed()] == ["PatientSession", "PatientSession"]


def test_signing_out_ends_reading_at_every_keeper(page: Page, network: Network, rosa: Enrolled) -> None:
    """W-66: and the wallet is asked for nothing."""
    ways.enter(page, network.gateways["city"], "readers")
    page.get_by_role("button", name="Show who read my record").click()
    expect(page.locator("#verdict")).to_be_visible(timeout=ways.SLOW)
    told: list[int] = []

    def heard_by_all(answer: Response) -> bool:
        if answer.url.endswith("/sessions/revoked"):
            told.append(answer.status)
        return len(told) == 5

    with page.expect_response(heard_by_all, timeout=ways.SLOW):
        page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("status")).to_contain_text("signed out", timeout=ways.SLOW)
    assert told == [200] * 5
    assert [one["primaryType"] for one in rosa.wallet.typed()] == ["PatientSession"]
