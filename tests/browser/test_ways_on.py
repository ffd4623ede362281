"""What a reader who was interrupted finds: nothing left over of another sign-in, and always a way on."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.browser import ways
from tests.browser.stand_in import StandIn
from tests.browser.wallet import Wallet


def asked(page: Page, stand_in: StandIn, alice: Wallet) -> Locator:
    """A question that stands over the consents."""
    stand_in.propose(alice.address)
    ways.enter(page, stand_in.url)
    page.get_by_role("button", name="I don’t want this").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    return dialog


def test_a_question_goes_with_the_account_that_it_was_asked_of(
    page: Page, alice: Wallet, stand_in: StandIn
) -> None:
    """W-10: another account in the wallet meets neither the question nor its answer; the message is in sight."""
    dialog = asked(page, stand_in, alice)
    alice.switch_account(page)
    expect(page.get_by_role("status")).to_contain_text("switched to another account")
    expect(dialog).to_have_count(0)
    assert not any(
        method == "DELETE" and path.startswith("/api/consents") for method, path in stand_in.requests
    )


def test_a_question_goes_when_the_page_changes(page: Page, alice: Wallet, stand_in: StandIn) -> None:
    """W-10: by the back button, for one."""
    dialog = asked(page, stand_in, alice)
    ways.go(page, "settings")
    expect(page.locator("h1")).to_have_text("Settings")
    expect(dialog).to_have_count(0)


def test_page_that_could_not_be_drawn_offers_to_try_again(
    page: Page, alice: Wallet, stand_in: StandIn
) -> None:
    """W-10: grey lines stand for what is on its way; when nothing comes any more there is a button in their place."""
    ways.enter(page, stand_in.url, "settings")
    page.route("**/api/consents", lambda route: route.abort())
    ways.go(page, "consents")
    expect(page.get_by_role("alert")).to_contain_text("does not answer")
    expect(page.locator(".skeleton")).to_have_count(0)
    page.unroute("**/api/consents")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("Your directory", exact=True)).to_be_visible()
    expect(page.get_by_role("alert")).to_be_empty()


def test_page_whose_code_does_not_come_offers_to_try_again(
    page: Page, alice: Wallet, stand_in: StandIn
) -> None:
    """W-10: parts of the page that are loaded when they are first shown come from the same gateway."""
    ways.enter(page, stand_in.url)
    expect(page.get_by_text("Your directory", exact=True)).to_be_visible()
    page.route("**/static/dist/**", lambda route: route.abort())
    ways.go(page, "readers")
    expect(page.get_by_role("alert")).to_contain_text("does not answer")
    page.unroute("**/static/dist/**")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("alert")).to_be_empty()
    expect(page.get_by_role("button", name="Show who read my record")).to_be_visible()
