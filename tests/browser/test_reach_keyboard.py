"""Every page by keyboard alone: whatever can be pressed is reached by Tab, is seen when it is, and keeps nobody inside."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from consentry.network.run import Network
from tests.browser.inhabited import Inhabited, inhabit
from tests.browser.reach import settled, visiting
from tests.browser.stand_in import StandIn
from tests.browser.test_reach_pages import screens
from tests.browser.wallet import Wallet

ROUNDS = 3
# Of radio buttons with one name the keyboard reaches one, and goes on by arrows.
_MARK = """() => {
  const all = document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']");
  const stopOf = (name) => document.querySelector(`[name="${name}"]:checked`) ?? document.querySelector(`[name="${name}"]`);
  for (const one of document.querySelectorAll("[data-stop]")) delete one.dataset.stop;
  const seen = [...all].filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.disabled
    && (one.type !== "radio" || one === stopOf(one.name)));
  seen.forEach((one, at) => { one.dataset.stop = String(at); });
  document.activeElement?.blur();
  scrollTo(0, 0);
  return seen.map((one) => one.outerHTML.slice(0, 120));
}"""
# News that arrives draws some of a page anew.
_SAME = """(count) => {
  const marked = [...document.querySelectorAll("[data-stop]")];
  return marked.length === count && marked.every((one) => one.checkVisibility({ visibilityProperty: true }));
}"""
_AT = """() => {
  const one = document.activeElement;
  const style = getComputedStyle(one);
  const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  return [one.dataset?.stop ?? null, outlined || style.boxShadow !== "none"];
}"""


@pytest.fixture(scope="module")
def inhabited(network: Network) -> Inhabited:
    return inhabit(network)


def unreached(page: Page) -> list[str]:
    """What Tab does not come to, or comes to without showing it, from the beginning of the page to its end.

    A page that was drawn anew meanwhile is gone through again, as it is then.
    """
    for _ in range(ROUNDS):
        settled(page)
        stops = page.evaluate(_MARK)
        shown: set[int] = set()
        for _ in range(2 * len(stops) + 4):
            page.keyboard.press("Tab")
            stop, visible = page.evaluate(_AT)
            if stop is not None and visible:
                shown.add(int(stop))
        left = [html for at, html in enumerate(stops) if at not in shown]
        if not left or page.evaluate(_SAME, len(stops)):
            return left
    raise AssertionError("the page does not come to rest")


@pytest.mark.parametrize("audience", ["patient", "clinic"])
def test_tab_reaches_and_shows_whatever_can_be_pressed(
    browser: Browser, bundle: object, inhabited: Inhabited, audience: str
) -> None:
    """W-8: on every page, on a phone's screen."""
    for name, visit in screens(browser, inhabited, audience, language="en", theme="light"):
        assert unreached(visit.page) == [], name


def test_first_stop_leads_past_what_every_page_repeats(page: Page, alice: Wallet, stand_in: StandIn) -> None:
    """W-8: to the page's title, from where Tab goes on with the content."""
    page.goto(stand_in.url)
    expect(page.locator("#content button")).to_be_visible()
    page.keyboard.press("Tab")
    skip = page.get_by_role("button", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#content button").first).to_be_focused()


def test_menu_opens_goes_and_closes_by_keyboard(
    browser: Browser, bundle: object, inhabited: Inhabited
) -> None:
    """W-8: Enter opens it, Escape closes it and stays there; following a link closes it and lands on the title."""
    with visiting(browser, inhabited.url, inhabited.wallet, language="en", theme="light") as visit:
        visit.enter()
        page, menu = visit.page, visit.page.locator("#menu")
        menu.focus()
        page.keyboard.press("Enter")
        expect(page.locator("#pages")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("#pages")).to_be_hidden()
        expect(menu).to_be_focused()
        page.keyboard.press("Enter")
        page.locator("#pages a").last.focus()
        page.keyboard.press("Enter")
        expect(page.locator("#pages")).to_be_hidden()
        expect(page.locator("h1")).to_be_focused()
        page.go_back()
        expect(page.locator("#pages a[aria-current]")).to_have_count(1)
