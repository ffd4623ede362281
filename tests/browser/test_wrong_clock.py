"""What is signed goes by the chain's clock, whatever the device's says (W-28)."""

from __future__ import annotations

import time

from playwright.sync_api import Page, expect

from consentry.domain import times
from tests.browser import ways
from tests.browser.stand_in import StandIn
from tests.browser.test_changing_consents import MAKE, Changing
from tests.browser.wallet import Wallet

DAYS = 40
OPEN = "Open my directory"
SHIFTED = """(() => {
  const Real = Date, ahead = %d;
  globalThis.Date = class extends Real {
    constructor(...given) { if (given.length === 0) super(Real.now() + ahead); else super(...given); }
    static now() { return Real.now() + ahead; }
  };
})();"""


def device_ahead(page: Page) -> None:
    page.add_init_script(SHIFTED % (DAYS * 86_400_000))


def test_deadline_goes_by_the_chain(page: Page, alice: Wallet, stand_in: StandIn) -> None:
    """W-28: of the directory's signature."""
    device_ahead(page)
    ways.enter(page, stand_in.url)
    page.get_by_role("button", name=OPEN).click()
    expect(page.get_by_text("Open (version 1).")).to_be_visible()
    deadline = int(alice.typed()[0]["message"]["deadline"])
    assert 0 < deadline - time.time() <= 16 * 60


def test_consent_begins_by_the_chain_and_the_page_says_that_the_device_is_off(
    page: Page, alice: Wallet, stand_in: StandIn
) -> None:
    """W-28: the days to choose from are the device's, so the patient compares them first."""
    device_ahead(page)
    changing = Changing(page, alice, stand_in)
    changing.change()
    page.get_by_role("button", name=MAKE).click()
    alert = page.get_by_role("alert").filter(has_text="clock is off")
    expect(alert).to_contain_text(time.strftime("%Y", time.gmtime()))
    assert changing.sent == []
    begins = times.seconds(changing.made()["validFrom"])
    assert abs(begins - time.time()) < 10 * 60


def test_nothing_is_signed_by_the_devices_clock_alone(page: Page, alice: Wallet, stand_in: StandIn) -> None:
    """W-28: while the chain can't be asked, the wallet isn't either."""
    stand_in.lies.add("no-chain")
    ways.enter(page, stand_in.url)
    page.get_by_role("button", name=OPEN).click()
    expect(page.locator("#problem")).to_contain_text("relay of the chain does not answer")
    assert alice.typed() == []
