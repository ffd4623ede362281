"""Every page of both applications, found by their own navigation, for what must hold on each of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, Page, expect

from tests.browser import ways
from tests.browser.wallet import NAME, Wallet

Theme = Literal["light", "dark"]
LOCALES = {"en": "en-GB", "zh": "zh-CN"}
AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
# What opens the patient's own record or account for reading, in either language, where a page waits for that.
UNLOCK = re.compile(r"^(Open my record|Read my record|Show who read|打开我的病历|读取我的病历|查看谁读取过)")
# What is still to be replaced: the newest records while others are being opened, too.
_UNSETTLED = "#content[aria-busy], .skeleton, #content [aria-busy], #still-opening progress"
_RUN = """async () => {
  const found = await axe.run(document, { resultTypes: ["violations"] });
  return found.violations.map(({ id, impact, help, nodes }) => ({ id, impact, help, nodes: nodes.map((one) => one.html) }));
}"""


@dataclass(frozen=True)
class Visit:
    """Somebody before a screen, in one language and one scheme of colours."""

    page: Page
    path: str

    def routes(self) -> list[str]:
        """Of every page in the navigation."""
        links = self.page.locator("#pages a").evaluate_all(
            "(all) => all.map((one) => one.getAttribute('href'))"
        )
        return [str(link).removeprefix("#/") for link in links]

    def enter(self) -> None:
        self.page.locator("#content button", has_text=NAME).click()
        expect(self.page.locator("#account button")).to_be_visible(timeout=ways.SLOW)
        settled(self.page)

    def show(self, route: str) -> None:
        """Go to a page, and open what it holds closed until the wallet has signed."""
        ways.go(self.page, route)
        settled(self.page)
        unlock = self.page.locator("#content button").filter(has_text=UNLOCK)
        if unlock.count():
            unlock.first.click()
            expect(unlock).to_have_count(0, timeout=2 * ways.SLOW)
            settled(self.page)


def settled(page: Page) -> None:
    """Wait until the page shows what it has to show."""
    expect(page.locator("#content > *").first).to_be_visible(timeout=ways.SLOW)
    expect(page.locator(_UNSETTLED)).to_have_count(0, timeout=2 * ways.SLOW)
    page.evaluate("document.fonts.ready.then(() => null)")


@contextmanager
def visiting(
    browser: Browser,
    url: str,
    wallet: Wallet,
    *,
    language: str,
    theme: Theme,
    width: int = 390,
    height: int = 844,
) -> Iterator[Visit]:
    """At `url`, not signed in yet."""
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale=LOCALES[language],
        timezone_id="UTC",
        color_scheme=theme,
        reduced_motion="reduce",
        service_workers="block",
    )
    context.set_default_timeout(ways.SLOW)
    wallet.install(context)
    page = context.new_page()
    page.goto(url)
    expect(page.locator("#content button", has_text=NAME)).to_be_visible(timeout=ways.SLOW)
    try:
        yield Visit(page, url)
    finally:
        context.close()


def violations(page: Page) -> list[dict[str, Any]]:
    """What axe-core finds on the page as it is now."""
    if not page.evaluate("'axe' in globalThis"):
        page.evaluate(AXE.read_text("utf-8"))
    found: list[dict[str, Any]] = page.evaluate(_RUN)
    return found


def too_wide(page: Page) -> list[str]:
    """What reaches beyond the screen's edge, where nothing scrolls it."""
    found: list[str] = page.evaluate(
        """() => {
          const edge = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= edge) return [];
          return [...document.querySelectorAll("body *")]
            .filter((one) => one.getBoundingClientRect().right > edge + 1)
            .map((one) => one.outerHTML.slice(0, 160));
        }"""
    )
    return found


def wrapped_badges(page: Page) -> list[str]:
    """What badges in sight say on more than one line."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll(".badge")]
          .filter((one) => one.getBoundingClientRect().height > 2 * parseFloat(getComputedStyle(one).lineHeight))
          .map((one) => one.textContent)"""
    )
    return found
