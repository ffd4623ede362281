"""What somebody has begun to fill in is not lost to another language or to a sign-in that ends (W-120, W-121)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from consentry.network.run import Network
from tests.browser import ways
from tests.browser.people import enrolled, published
from tests.browser.stand_in import StandIn
from tests.browser.test_changing_consents import GIVEN, MAKE, Changing
from tests.browser.wallet import NAME, Wallet

SIGN = "Sign with my wallet"
ENDED = "Your sign-in has ended"
WORDS = "القيمة ليست لي. The value is somebody else’s."


@pytest.fixture
def changing(page: Page, alice: Wallet, stand_in: StandIn) -> Changing:
    return Changing(page, alice, stand_in)


def connect_again(page: Page) -> None:
    expect(page.get_by_role("status")).to_contain_text(ENDED)
    page.get_by_role("button", name=f"Connect {NAME}").click()


def test_choices_outlive_the_language_and_the_sign_in(changing: Changing) -> None:
    """W-120: an empty number is no choice; whoever goes back to the list begins anew."""
    page, laboratory = changing.page, changing.page.get_by_role("checkbox", name="laboratory results")
    changing.change(uses=4)
    laboratory.uncheck()
    page.get_by_label("How often each document").fill("")
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("button", name="显示我将要签署的内容")).to_be_visible()
    page.get_by_role("button", name="English").click()
    expect(laboratory).not_to_be_checked()
    expect(page.get_by_label("How often each document")).to_have_value("4")
    changing.stand_in.sessions.clear()
    page.get_by_role("button", name=MAKE).click()
    connect_again(page)
    expect(laboratory).not_to_be_checked()
    page.get_by_role("link", name="Back to my consents").click()
    page.get_by_role("button", name="Change…").click()
    expect(laboratory).to_be_checked()


def test_what_was_signed_is_sent_again_after_signing_in(changing: Changing) -> None:
    """W-120, W-55: the wallet is not asked for the same consent twice, and no other one takes its place."""
    page, sent = changing.page, list[dict[str, Any]]()

    def ended(route: Route) -> None:
        sent.append(json.loads(route.request.post_data or ""))
        changing.stand_in.sessions.clear()
        route.fulfill(status=401, content_type="application/problem+json", json={"code": "not-signed-in"})

    changing.change()
    page.route(f"**{GIVEN}", ended, times=1)
    page.get_by_role("button", name=MAKE).click()
    page.get_by_role("button", name=SIGN).click()
    connect_again(page)
    with page.expect_event("requestfailed", lambda one: one.url.endswith(GIVEN)):
        page.get_by_role("button", name=SIGN).click()
    assert changing.sent == sent
    assert len(changing.alice.typed()) == 1


def test_another_account_finds_nothing_of_it(changing: Changing) -> None:
    """W-120, P-1: what one patient chose is no other's."""
    page = changing.page
    changing.change()
    page.get_by_role("checkbox", name="laboratory results").uncheck()
    changing.alice.switch_account(page)
    expect(page.get_by_role("status")).to_contain_text("switched to another account")
    page.get_by_role("button", name=f"Connect {NAME}").click()
    expect(page.get_by_role("button", name="Open my directory")).to_be_visible()
    expect(page.get_by_role("button", name=MAKE)).to_have_count(0)


def test_whoever_signs_out_leaves_nothing_of_it(changing: Changing) -> None:
    """W-138: neither what was chosen nor what would be signed; the same account alone may be somebody else at the device."""
    page = changing.page
    changing.change(uses=4)
    page.get_by_role("checkbox", name="laboratory results").uncheck()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name=f"Connect {NAME}").click()
    expect(page.get_by_role("button", name="Change…")).to_be_visible()
    page.get_by_role("button", name="Change…").click()
    page.get_by_role("button", name=MAKE).click()
    expect(page.get_by_role("button", name=SIGN)).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name=f"Connect {NAME}").click()
    page.get_by_role("button", name="Change…").click()
    expect(page.get_by_role("checkbox", name="laboratory results")).to_be_checked()
    expect(page.get_by_role("button", name=SIGN)).to_have_count(0)


def test_words_about_a_record_outlive_the_language_and_the_sign_in(
    page: Page, context: BrowserContext, network: Network
) -> None:
    """W-121: and what is asked for; that there are none yet is said where they are missing."""
    rosa = enrolled(network, context)
    published(network, rosa)
    ways.enter(page, network.gateways["mercy"], "records")
    page.get_by_role("button", name="Open my record").click()
    page.locator("#content tbody a").first.click()
    words, erase = page.get_by_label("In your own words"), page.get_by_label("Please erase it")
    send = page.get_by_role("button", name="Send to the hospital")
    page.get_by_text("Please correct it / Please erase it").click()
    send.click()
    expect(page.get_by_role("alert").filter(has_text="Please write what you ask for.")).to_be_visible()
    expect(words).to_be_focused()
    erase.check()
    words.fill(WORDS)
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_label("请用您自己的话说明")).to_have_value(WORDS)
    page.get_by_role("button", name="English").click()
    expect(words).to_have_value(WORDS)
    context.clear_cookies()
    send.click()
    connect_again(page)
    page.get_by_role("button", name="Open my record").click()
    expect(words).to_have_value(WORDS)
    expect(erase).to_be_checked()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name=f"Connect {NAME}").click()
    page.get_by_role("button", name="Open my record").click()
    expect(words).to_have_value("")
    expect(erase).not_to_be_checked()
    page.get_by_text("Please correct it / Please erase it").click()
    words.fill(WORDS)
    send.click()
    expect(page.get_by_role("status")).to_contain_text("The hospital has your request.")
    expect(words).to_have_value("")
