"""Installing the pages: the service worker keeps static files and nothing else; the page opens offline and says so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser import ways
from tests.browser.stand_in import StandIn
from tests.browser.wallet import NAME, Wallet

READY = "() => navigator.serviceWorker.ready.then((one) => one.active.state)"
KEPT = """async () => {
  const names = await caches.keys();
  const all = await Promise.all(names.map(async (name) => (await (await caches.open(name)).keys()).map((one) => one.url)));
  return all.flat().map((url) => new URL(url).pathname);
}"""


@pytest.fixture
def keeping(browser: Browser, bundle: Path) -> Iterator[BrowserContext]:
    """A browser that lets pages keep files."""
    opened = browser.new_context(locale="en-GB", service_workers="allow")
    opened.set_default_timeout(ways.SLOW)
    yield opened
    opened.close()


def test_only_static_files_are_kept(keeping: BrowserContext, stand_in: StandIn) -> None:
    """W-3: after signing in and reading consents, nothing that the gateway said lies in the browser."""
    wallet = Wallet()
    wallet.install(keeping)
    stand_in.propose(wallet.address)
    page = keeping.new_page()
    ways.enter(page, stand_in.url)
    expect(page.locator("[data-status]")).to_be_visible()
    page.wait_for_function(READY)
    page.reload()
    page.get_by_role("button", name=f"Connect {NAME}").click()
    expect(page.locator("[data-status]")).to_be_visible()
    kept = page.evaluate(KEPT)
    assert "/static/dist/patient.js" in kept and "/" in kept
    assert not [path for path in kept if path not in ("/", "/clinic") and not path.startswith("/static/")]


def test_page_opens_offline_and_says_that_the_gateway_is_silent(
    keeping: BrowserContext, stand_in: StandIn
) -> None:
    """W-3: and goes on when the network is back."""
    page = keeping.new_page()
    page.goto(stand_in.url)
    page.wait_for_function(READY)
    page.reload()  # from now on the worker looks after the page
    keeping.set_offline(True)
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("does not answer")
    keeping.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("No wallet was found in this browser.")).to_be_visible()
