"""Revocations and the directory are not signed twice either (W-55)."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser import ways
from tests.browser.stand_in import StandIn
from tests.browser.wallet import Wallet

OPEN, REVOKE = "Open my directory", "Revoke with my wallet"


def once(page: Page, path: str, lose: Callable[[Route], None]) -> None:
    """The first POST there goes wrong, the others go through."""
    lost: list[str] = []

    def handled(route: Route) -> None:
        if route.request.method != "POST" or lost:
            return route.continue_()
        lost.append(route.request.url)
        return lose(route)

    page.route(path, handled)


def unsent(route: Route) -> None:
    route.abort()


def unanswered(route: Route) -> None:
    route.fetch()
    route.abort()


def active(page: Page, alice: Wallet, stand_in: StandIn) -> str:
    """A consent that is in force, before the question whether to revoke it."""
    consent_id = stand_in.propose(alice.address)
    stand_in.consents[consent_id]["status"] = "active"
    ways.enter(page, stand_in.url)
    asked(page)
    return consent_id


def asked(page: Page) -> None:
    page.get_by_role("button", name="Revoke…").click()
    page.get_by_role("checkbox", name="Then renew my directory").uncheck()


def test_revocation_is_sent_again_as_it_was_signed(page: Page, alice: Wallet, stand_in: StandIn) -> None:
    """W-55: nobody took it the first time."""
    consent_id = active(page, alice, stand_in)
    once(page, "**/revocation", unsent)
    page.get_by_role("button", name=REVOKE).click()
    expect(page.locator("#problem")).to_contain_text("does not answer")
    page.get_by_role("button", name=REVOKE).click()
    expect(page.locator(f"#consent-{consent_id} .badge")).to_have_text("Revoked")
    assert len(alice.typed()) == 1


def test_revocation_whose_answer_was_lost_is_not_signed_again(
    page: Page, alice: Wallet, stand_in: StandIn
) -> None:
    """W-55: the next try finds that it has ended."""
    consent_id = active(page, alice, stand_in)
    once(page, "**/revocation", unanswered)
    page.get_by_role("button", name=REVOKE).click()
    expect(page.locator("#problem")).to_contain_text("does not answer")
    page.get_by_role("button", name=REVOKE).click()
    expect(page.get_by_role("status")).to_contain_text("Nothing was signed again.")
    expect(page.locator(f"#consent-{consent_id} .badge")).to_have_text("Revoked")
    assert len(alice.typed()) == 1


def test_second_tab_does_not_revoke_again(
    page: Page, context: BrowserContext, alice: Wallet, stand_in: StandIn
) -> None:
    """W-55: it shows the consent as active still."""
    consent_id = active(page, alice, stand_in)
    other = context.new_page()
    ways.enter(other, stand_in.url)
    asked(other)
    page.get_by_role("button", name=REVOKE).click()
    expect(page.locator(f"#consent-{consent_id} .badge")).to_have_text("Revoked")
    other.get_by_role("button", name=REVOKE).click()
    expect(other.get_by_role("status")).to_contain_text("Nothing was signed again.")
    assert len(alice.typed()) == 1


def test_revocation_goes_on_where_the_gateway_is_silent_beforehand(
    page: Page, alice: Wallet, stand_in: StandIn
) -> None:
    """W-30, W-55: looking first keeps nobody from revoking."""
    consent_id = active(page, alice, stand_in)
    page.route("**/api/consents", lambda route: route.abort(), times=1)
    page.get_by_role("button", name=REVOKE).click()
    expect(page.locator(f"#consent-{consent_id} .badge")).to_have_text("Revoked")


def test_directory_is_sent_again_as_it_was_signed(page: Page, alice: Wallet, stand_in: StandIn) -> None:
    """W-55: with the keys that were made for it."""
    ways.enter(page, stand_in.url)
    once(page, "**/api/directory", unsent)
    page.get_by_role("button", name=OPEN).click()
    expect(page.locator("#problem")).to_contain_text("does not answer")
    page.get_by_role("button", name=OPEN).click()
    expect(page.get_by_text("Open (version 1).")).to_be_visible()
    assert len(alice.typed()) == 1


def test_directory_whose_answer_was_lost_is_not_signed_again(
    page: Page, alice: Wallet, stand_in: StandIn
) -> None:
    """W-55: it is there, and the page shows it."""
    ways.enter(page, stand_in.url)
    once(page, "**/api/directory", unanswered)
    page.get_by_role("button", name=OPEN).click()
    expect(page.locator("#problem")).to_contain_text("does not answer")
    page.get_by_role("button", name=OPEN).click()
    expect(page.get_by_role("status")).to_contain_text("Nothing was signed again.")
    expect(page.get_by_text("Open (version 1).")).to_be_visible()
    assert len(alice.typed()) == 1 and len(stand_in.documents) == 1


def test_second_tab_does_not_open_the_directory_again(
    page: Page, context: BrowserContext, alice: Wallet, stand_in: StandIn
) -> None:
    """W-55: it shows it as closed still."""
    ways.enter(page, stand_in.url)
    other = context.new_page()
    ways.enter(other, stand_in.url)
    page.get_by_role("button", name=OPEN).click()
    expect(page.get_by_text("Open (version 1).")).to_be_visible()
    other.get_by_role("button", name=OPEN).click()
    expect(other.get_by_role("status")).to_contain_text("Nothing was signed again.")
    assert len(alice.typed()) == 1 and len(stand_in.documents) == 1
