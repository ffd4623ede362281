"""What a patient meets first (W-93)."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser import ways
from tests.browser.stand_in import StandIn
from tests.browser.wallet import Wallet

TITLE = "Your first three steps"


def test_somebody_new_is_shown_three_steps_until_they_are_taken(
    page: Page, alice: Wallet, stand_in: StandIn
) -> None:
    """W-93: the next thing to do is the one button; what is done is said; who has come that far sees the record alone."""
    ways.enter(page, stand_in.url, "overview")
    steps = page.get_by_role("region", name=TITLE).get_by_role("listitem")
    expect(steps).to_have_count(3)
    expect(steps.nth(0).get_by_role("link", name="Open my directory")).to_have_attribute("href", "#/consents")
    expect(page.get_by_role("button", name="Open my record")).to_have_count(0)
    stand_in.documents.append(b"a directory")
    ways.go(page, "settings")
    ways.go(page, "overview")
    expect(steps.nth(0).get_by_role("link", name="Show my code")).to_have_attribute("href", "#/emergency")
    expect(page.get_by_role("button", name="Open my record")).to_be_visible()
    expect(steps.filter(has_text="Done")).to_have_count(0)
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("heading", name="最初的三步")).to_be_visible()
    page.get_by_role("button", name="English").click()
    stand_in.consents[stand_in.propose(alice.address)]["status"] = "active"
    ways.go(page, "settings")
    ways.go(page, "overview")
    expect(page.get_by_role("button", name="Open my record")).to_be_visible()
    expect(page.get_by_role("heading", name=TITLE)).to_have_count(0)
