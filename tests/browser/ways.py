"""How tests get about in the pages."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.browser.wallet import NAME

SLOW = 60_000
# Where a gateway's places for event streams are taken, a page asks for news once a minute.
NEWS = 180_000

_LINES = """(list) => [...list.querySelectorAll("li")].map((line) => {
  const copy = line.cloneNode(true);
  for (const time of copy.querySelectorAll("time")) time.textContent = time.title;
  return copy.textContent;
})"""


def lines(words: Locator) -> list[str]:
    """What a consent says, line by line as it is signed: times stand in the reader's own way, and as signed in their titles."""
    expect(words).to_be_visible(timeout=SLOW)
    return list(words.evaluate(_LINES))


def arrive(page: Page, url: str, route: str = "consents") -> None:
    """Load the application anew at one of its pages, not signed in to anything there yet."""
    page.goto("about:blank")  # else only the hash would change, and nothing would be loaded
    page.goto(f"{url}/#/{route}")


def connect(page: Page, url: str, route: str = "consents") -> None:
    """Arrive, and press the button that connects the wallet, whatever becomes of it."""
    arrive(page, url, route)
    page.get_by_role("button", name=f"Connect {NAME}").click()


def enter(page: Page, url: str, route: str = "consents") -> None:
    """Arrive, and sign in."""
    connect(page, url, route)
    expect(page.locator("#account button")).to_be_visible(timeout=SLOW)


_GO = """(route) => new Promise((gone) => {
  if (location.hash === `#/${route}`) return gone();
  addEventListener("hashchange", () => gone(), { once: true });
  location.hash = `#/${route}`;
})"""


def go(page: Page, route: str) -> None:
    """Move to another page as a link does. Then the one before is gone, though the new one may still be fetched."""
    page.evaluate(_GO, route)
