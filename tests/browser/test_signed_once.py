"""Nothing is signed twice and nothing is lost, whatever happens between the wallet and the gateway (W-55)."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser import ways
from tests.browser.stand_in import StandIn
from tests.browser.wallet import Wallet

SIGN = "Sign with my wallet"


def test_signature_is_sent_again_when_the_gateway_did_not_answer(
    page: Page, alice: Wallet, stand_in: StandIn
) -> None:
    """W-55: restarted in the middle, the gateway gets on the next try what the wallet has signed already."""
    consent_id = stand_in.propose(alice.address)
    ways.enter(page, stand_in.url)
    dropped: list[str] = []

    def once(route: Route) -> None:
        if dropped:
            route.continue_()
        else:
            dropped.append(route.request.url)
            route.abort()

    page.route("**/grant", once)
    page.get_by_role("button", name=SIGN).click()
    expect(page.locator("#problem")).to_contain_text("does not answer")
    page.get_by_role("button", name=SIGN).click()
    expect(page.locator(f"#consent-{consent_id} .badge")).to_have_text("Active")
    assert len(alice.typed()) == 1 and len(dropped) == 1


def test_second_tab_does_not_sign_again(
    page: Page, context: BrowserContext, alice: Wallet, stand_in: StandIn
) -> None:
    """W-55: what was signed in one tab is not asked for in another that shows it as open still."""
    consent_id = stand_in.propose(alice.address)
    ways.enter(page, stand_in.url)
    other = context.new_page()
    ways.enter(other, stand_in.url)
    page.get_by_role("button", name=SIGN).click()
    expect(page.locator(f"#consent-{consent_id} .badge")).to_have_text("Active")
    other.get_by_role("button", name=SIGN).click()
    expect(other.get_by_role("status")).to_contain_text("Nothing was signed again.")
    expect(other.locator(f"#consent-{consent_id} .badge")).to_have_text("Active")
    assert len(alice.typed()) == 1


def test_back_button_after_signing_shows_what_holds_now(page: Page, alice: Wallet, stand_in: StandIn) -> None:
    """W-55: going back and forth asks the gateway anew; there is nothing left to sign."""
    consent_id = stand_in.propose(alice.address)
    ways.enter(page, stand_in.url)
    page.get_by_role("button", name=SIGN).click()
    expect(page.locator(f"#consent-{consent_id} .badge")).to_have_text("Active")
    ways.go(page, "consents/again")
    page.go_back()
    expect(page.locator(f"#consent-{consent_id} .badge")).to_have_text("Active")
    expect(page.get_by_role("button", name=SIGN)).to_have_count(0)


def test_declined_signature_changes_nothing_and_can_be_given_later(
    page: Page, alice: Wallet, stand_in: StandIn
) -> None:
    """W-55: nothing was signed, so the next try asks the wallet again."""
    consent_id = stand_in.propose(alice.address)
    ways.enter(page, stand_in.url)
    alice.declines.add("eth_signTypedData_v4")
    page.get_by_role("button", name=SIGN).click()
    expect(page.locator("#problem")).to_contain_text("Nothing was signed")
    alice.declines.clear()
    page.get_by_role("button", name=SIGN).click()
    expect(page.locator(f"#consent-{consent_id} .badge")).to_have_text("Active")


def test_account_that_changes_while_the_wallet_asks_is_signed_out(
    page: Page, alice: Wallet, stand_in: StandIn
) -> None:
    """W-55: the wallet of another account does not sign for the first one's consent."""
    consent_id = stand_in.propose(alice.address)
    ways.enter(page, stand_in.url)
    alice.switch_account(page)
    expect(page.get_by_role("status")).to_contain_text("switched to another account")
    expect(page.locator(f"#consent-{consent_id}")).to_have_count(0)
    assert alice.typed() == [] and stand_in.consents[consent_id]["status"] == "proposed"
