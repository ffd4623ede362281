"""Several people at once, each with a browser and a wallet of their own."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, Locator, Page, Request, expect

from tests.browser import ways
from tests.browser.wallet import NAME, Wallet


@dataclass(frozen=True)
class Somebody:
    """A page that is open at one gateway, and the wallet in its browser."""

    page: Page
    wallet: Wallet
    url: str

    @property
    def account(self) -> str:
        return self.wallet.address.lower()

    def enter(self, route: str) -> None:
        """Load the page anew and sign in, in the page's language."""
        ways.arrive(self.page, self.url, route)
        self.page.get_by_role("button", name=NAME).click()
        expect(self.page.locator("#account button")).to_be_visible(timeout=ways.SLOW)

    def card(self, title: str) -> Locator:
        return self.page.get_by_role("region", name=title, exact=True)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def hears(self, words: str) -> None:
        """What the page says when something has happened."""
        expect(self.page.get_by_role("status").filter(has_text=words)).to_be_visible(timeout=ways.SLOW)


@contextmanager
def somebody(browser: Browser, url: str, language: str = "en-GB") -> Iterator[Somebody]:
    """Somebody with a phone; script errors and policy violations on their page fail the test."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, locale=language, timezone_id="UTC", accept_downloads=True
    )
    context.set_default_timeout(ways.SLOW)
    wallet, problems = Wallet(), list[str]()
    wallet.install(context)
    page = context.new_page()
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on(
        "console",
        lambda message: (
            problems.append(message.text)
            if message.type == "error" and "Failed to load resource" not in message.text
            else None
        ),
    )
    try:
        yield Somebody(page, wallet, url)
    finally:
        context.close()
    assert not problems


def purposes_of_reading(who: Somebody) -> set[str]:
    """What keepers are told when this person opens a directory and reads what it leads to."""
    purposes = set()

    def note(request: Request) -> None:
        if request.url.endswith("/release"):
            asked = json.loads(base64.b64decode(json.loads(request.post_data or "")["request"]))
            purposes.add(asked["purpose"])

    who.page.on("request", note)
    who.press("Open my directory")
    who.hears("Your directory is open")
    ways.go(who.page, "overview")
    who.press("Open my record")
    expect(who.page.get_by_role("button", name="Look for new records")).to_be_visible(timeout=ways.SLOW)
    return purposes
