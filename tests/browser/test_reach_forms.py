"""Forms that no navigation leads to: consents put together, changed, revoked, and the people's parts unfolded (W-6, W-7)."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from consentry.network.run import Network
from tests.browser import reach, ways
from tests.browser.reach import Theme
from tests.browser.wallet import Wallet

FORMS = ("opinion", "emergency", "insurance", "research", "treatment")
UNFOLD = "document.querySelectorAll('details').forEach((one) => { one.open = true })"
NARROW = 320
MAKE = {"en": "Show me what I would sign", "zh": "显示我将要签署的内容"}
SIGN = {"en": "Sign with my wallet", "zh": "用钱包签名"}
CHANGE = {"en": "Change…", "zh": "修改……"}
REVOKE = {"en": "Revoke…", "zh": "撤销……"}


def free_of_barriers(page: Page, where: str) -> None:
    page.evaluate(UNFOLD)
    serious = [one for one in reach.violations(page) if one["impact"] in ("serious", "critical")]
    assert not serious, where
    assert not reach.too_wide(page), where


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("zh", "dark")])
def test_forms_have_no_barrier_and_fit_a_narrow_screen(
    browser: Browser, bundle: object, network: Network, language: str, theme: Theme
) -> None:
    """W-6, W-7, W-52: every template's form, a proposal, its change, the question before revoking, and everything of people."""
    url = network.gateways["city"]
    with reach.visiting(browser, url, Wallet(), language=language, theme=theme, width=NARROW) as visit:
        page = visit.page
        visit.enter()
        for form in FORMS:
            visit.show(f"consents/{form}")
            free_of_barriers(page, form)
        page.get_by_role("button", name=MAKE[language]).click()
        expect(page.locator('[data-status="proposed"]')).to_be_visible(timeout=ways.SLOW)
        free_of_barriers(page, "a proposal")
        page.get_by_role("button", name=SIGN[language]).click()
        expect(page.locator('[data-status="active"]')).to_be_visible(timeout=ways.SLOW)
        page.get_by_role("button", name=CHANGE[language]).click()
        expect(page.get_by_role("button", name=MAKE[language])).to_be_visible(timeout=ways.SLOW)
        free_of_barriers(page, "a change")
        page.get_by_role("button", name=MAKE[language]).click()
        expect(page.locator('[data-status="proposed"]')).to_be_visible(timeout=ways.SLOW)
        free_of_barriers(page, "a replacement")
        visit.show("consents")
        page.get_by_role("button", name=REVOKE[language]).click()
        free_of_barriers(page, "a revocation")
        visit.show("people")
        free_of_barriers(page, "people")
