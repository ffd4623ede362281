"""People of City in browsers of their own: each with the wallet that the network enrolled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from eth_account import Account
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from consentry.cli.client import GatewayClient
from consentry.demo.actors import Patient
from consentry.domain import addresses, fields
from consentry.network.run import Network
from consentry.wallets.keyfile import Wallet as KeyWallet
from tests.browser.wallet import NAME, Wallet

DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
SLOW = 60_000


@dataclass
class Screen:
    """Somebody before an own device. `problems`: script errors and policy violations, of which there must be none."""

    wallet: Wallet
    context: BrowserContext
    page: Page
    problems: list[str]

    def said(self, words: str) -> None:
        """What the page says once, in its one place for it."""
        expect(self.page.locator("#status")).to_contain_text(words, timeout=SLOW)

    def card(self, title: str) -> Locator:
        return self.page.locator("section.card").filter(
            has=self.page.get_by_role("heading", name=title, exact=True)
        )

    def go(self, name: str) -> None:
        """To a page of the navigation."""
        menu = self.page.locator("#menu")
        if menu.is_visible():
            menu.click()
        self.page.locator("#pages").get_by_role("link", name=name, exact=True).click()
        expect(self.page.get_by_role("heading", level=1, name=name, exact=True)).to_be_visible()


def screen(browser: Browser, wallet: Wallet, size: dict[str, int] = DESK, locale: str = "en-GB") -> Screen:
    context = browser.new_context(viewport=size, locale=locale, timezone_id="UTC")  # type: ignore[arg-type]
    context.set_default_timeout(SLOW)
    wallet.install(context)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on(
        "console",
        lambda message: (
            problems.append(message.text)
            if message.type == "error" and "Failed to load resource" not in message.text
            else None
        ),
    )
    return Screen(wallet, context, page, problems)


def wallet_of(network: Network, slug: str) -> Wallet:
    return Wallet(account=Account.from_key(network.place.wallet_key(slug)))


def enter(shown: Screen, address: str, connect: str = "Connect") -> Screen:
    shown.page.goto(address)
    shown.page.get_by_role("button", name=f"{connect} {NAME}").click()
    expect(shown.page.locator("#account button")).to_be_visible(timeout=SLOW)
    return shown


def past_the_page(network: Network, wallet: Wallet, gateway: str) -> Patient:
    """The patient's own client without a page, for what other tests show on it."""
    keys = KeyWallet(bytes(wallet.account.key))
    client = GatewayClient(network.gateways[gateway])
    asked = client.post("/api/sign-in/challenges", {"address": addresses.checksum(keys.address)})
    signature = fields.to_hex(keys.sign_text(asked["message"]))
    answer = client.post("/api/sign-in", {"message": asked["message"], "signature": signature})
    client.authorise(answer["token"])
    return Patient(keys, client, keys.address)


Clinician = Callable[[str], Screen]
