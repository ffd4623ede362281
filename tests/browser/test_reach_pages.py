"""Every page, in both languages and both schemes of colours: no barrier that axe-core knows, nothing beyond a narrow screen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from consentry.network.run import Network
from tests.browser import reach
from tests.browser.inhabited import Inhabited, inhabit, staff_wallet
from tests.browser.reach import Theme, Visit

NARROW = 320
ENGLISH = {"Consentry", "English", "中文"}


@pytest.fixture(scope="module")
def inhabited(network: Network) -> Inhabited:
    return inhabit(network)


def screens(
    browser: Browser, inhabited: Inhabited, audience: str, **how: object
) -> Iterator[tuple[str, Visit]]:
    """Name and screen of the way in, then of every page in the navigation."""
    at_clinic = audience == "clinic"
    wallet = staff_wallet(inhabited.network, "dr_bose") if at_clinic else inhabited.wallet
    url = inhabited.url + ("/clinic" if at_clinic else "/")
    with reach.visiting(browser, url, wallet, **how) as visit:  # type: ignore[arg-type]
        yield "the way in", visit
        visit.enter()
        for route in visit.routes() or [""]:
            visit.show(route)
            yield route, visit


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("audience", ["patient", "clinic"])
def test_axe_finds_no_barrier(
    browser: Browser, bundle: object, inhabited: Inhabited, audience: str, language: str, theme: Theme
) -> None:
    """W-6: nothing serious or critical on any page."""
    found = {
        name: [one for one in reach.violations(visit.page) if one["impact"] in ("serious", "critical")]
        for name, visit in screens(browser, inhabited, audience, language=language, theme=theme)
    }
    assert found and not {name: some for name, some in found.items() if some}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("audience", ["patient", "clinic"])
def test_narrow_screen_needs_no_sideways_scrolling(
    browser: Browser, bundle: object, inhabited: Inhabited, audience: str, language: str
) -> None:
    """W-7, W-113: 320 CSS pixels wide, also with every part unfolded; a badge is one line."""
    for name, visit in screens(
        browser, inhabited, audience, language=language, theme="light", width=NARROW, height=640
    ):
        visit.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        assert not reach.too_wide(visit.page), name
        assert not reach.wrapped_badges(visit.page), name
        menu = visit.page.locator("#menu")
        if menu.is_visible():
            menu.click()
            assert not reach.too_wide(visit.page), f"{name}: the menu"
            menu.click()
