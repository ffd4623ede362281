"""The frame around the pages: addresses, navigation, language, colours."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import ways
from tests.browser.stand_in import StandIn
from tests.browser.wallet import NAME, Wallet


def test_address_leads_to_a_part_and_an_unknown_one_to_the_first(
    page: Page, alice: Wallet, stand_in: StandIn
) -> None:
    """W-1: also through the sign-in; nothing about a person stands in the address."""
    ways.enter(page, stand_in.url, "consents")
    expect(page.locator("h1")).to_have_text("Consents")
    expect(page).to_have_title("Consents · Consentry")
    assert page.url.endswith("/#/consents")
    ways.arrive(page, stand_in.url, "no-such-page")
    expect(page.get_by_role("button", name=f"Connect {NAME}")).to_be_visible()
    expect(page.locator("h1")).to_have_text("My health record")


def test_staff_and_patients_are_shown_the_way_to_their_page(
    page: Page, alice: Wallet, stand_in: StandIn
) -> None:
    """W-1: the page for the others opens by one link."""
    page.goto(f"{stand_in.url}/clinic")
    page.get_by_role("button", name=f"Connect {NAME}").click()
    expect(page.get_by_text("This page is for clinicians:")).to_be_visible()
    page.get_by_role("link", name="Open the other page").click()
    expect(page.locator("h1")).to_have_text("My health record")


def test_choices_of_language_and_colours_stay_and_nothing_else_does(
    page: Page, context: BrowserContext, alice: Wallet, stand_in: StandIn
) -> None:
    """W-2: they are there when the page is opened again; all that is kept are those two words."""
    ways.enter(page, stand_in.url)
    page.get_by_role("button", name="Dark colours").click()
    page.get_by_role("button", name="中文").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(page.get_by_role("button", name=f"连接 {NAME}")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    kept = page.evaluate(
        "async () => [{...localStorage}, sessionStorage.length, (await indexedDB.databases()).length]"
    )
    assert kept == [{"consentry-language": "zh", "consentry-theme": "dark"}, 0, 0]


def test_page_follows_the_browsers_colours_and_language(page: Page, stand_in: StandIn) -> None:
    """W-2: without a choice nothing is kept at all."""
    page.emulate_media(color_scheme="dark")
    ways.arrive(page, stand_in.url)
    expect(page.get_by_role("button", name="Light colours")).to_be_visible()
    assert page.evaluate("localStorage.length") == 0


def test_ended_sign_in_leads_back_to_the_same_page(page: Page, alice: Wallet, stand_in: StandIn) -> None:
    """W-10: after a restart of the gateway, for one; what was read is gone from the page, and one more sign-in goes on."""
    consent_id = stand_in.propose(alice.address)
    ways.enter(page, stand_in.url)
    expect(page.locator(f"#consent-{consent_id}")).to_be_visible()
    stand_in.sessions.clear()
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("status")).to_contain_text("您的登录已结束")
    expect(page.locator(f"#consent-{consent_id}")).to_have_count(0)
    page.get_by_role("button", name=f"连接 {NAME}").click()
    expect(page.locator(f"#consent-{consent_id}")).to_be_visible()
