"""The page when something is missing, late or different from the usual way."""

from __future__ import annotations

import time

from playwright.sync_api import BrowserContext, Page, expect

from consentry.domain import times
from tests.browser import ways
from tests.browser.stand_in import StandIn
from tests.browser.wallet import NAME, Wallet


def enter(page: Page, gateway: StandIn) -> None:
    ways.enter(page, gateway.url)


def test_page_says_what_to_do_without_a_wallet(page: Page, stand_in: StandIn) -> None:
    """G-5: signing in needs a wallet; without one the page explains, and asks the gateway for nothing private."""
    ways.arrive(page, stand_in.url)
    expect(page.get_by_text("No wallet was found in this browser.")).to_be_visible()
    assert {path for _, path in stand_in.requests if path.startswith("/api/")} == {"/api/network"}


def test_wallet_that_only_injects_itself_is_found(
    page: Page, context: BrowserContext, stand_in: StandIn
) -> None:
    """G-5: wallets older than EIP-6963 sign in as well."""
    Wallet().install(context, announced=False)
    ways.arrive(page, stand_in.url)
    page.get_by_role("button", name="Connect your wallet").click()
    expect(page.get_by_text("Signed in as")).to_be_visible()


def test_changing_the_account_signs_out(page: Page, alice: Wallet, stand_in: StandIn) -> None:
    """P-1: what one account may see is gone from the page and its session closed when the wallet changes hands."""
    consent_id = stand_in.propose(alice.address)
    enter(page, stand_in)
    expect(page.locator(f"#consent-{consent_id}")).to_be_visible()
    alice.switch_account(page)
    expect(page.get_by_role("status")).to_contain_text("switched to another account")
    expect(page.locator(f"#consent-{consent_id}")).to_have_count(0)
    assert stand_in.sessions == {}


def test_late_proposal_cannot_be_signed(page: Page, alice: Wallet, stand_in: StandIn) -> None:
    """C-5: a grant is refused after relayBefore, so the page doesn't ask for a signature that would be in vain."""
    stand_in.propose(alice.address, relayBefore=times.iso(int(time.time()) - 60))
    enter(page, stand_in)
    expect(page.get_by_text("The time to sign this proposal is over.")).to_be_visible()
    expect(page.get_by_role("button", name="Sign with my wallet")).to_have_count(0)


def test_gateway_that_does_not_answer_can_be_asked_again(
    page: Page, alice: Wallet, stand_in: StandIn
) -> None:
    """G-2: no answer is told in words, with a way on."""
    page.route("**/api/network", lambda route: route.abort())
    ways.arrive(page, stand_in.url)
    expect(page.get_by_role("alert")).to_contain_text("does not answer")
    page.unroute("**/api/network")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("button", name=f"Connect {NAME}")).to_be_visible()


def test_staff_are_told_that_the_page_is_for_patients(page: Page, alice: Wallet, stand_in: StandIn) -> None:
    """G-3: staff see no consents here."""
    stand_in.propose(alice.address)
    stand_in.lies.add("staff")
    enter(page, stand_in)
    expect(page.get_by_text("This page is for patients.")).to_be_visible()
    expect(page.locator("article")).to_have_count(0)


def test_policy_stops_inline_script_and_markup_strings(context: BrowserContext, stand_in: StandIn) -> None:
    """P-1: the page's policy leaves injected text no way to run. (All other tests fail on any violation of it.)"""
    page = context.new_page()
    ways.arrive(page, stand_in.url)
    blocked = page.evaluate(
        """() => new Promise((done) => {
            const seen = [];
            document.addEventListener("securitypolicyviolation", (event) => seen.push(event.effectiveDirective));
            const script = document.createElement("script");
            try { script.textContent = "window.ran = true"; document.body.append(script); } catch { seen.push("type"); }
            try { document.body.innerHTML = "<b>x</b>"; } catch { seen.push("type"); }
            fetch("http://example.invalid/").catch(() => setTimeout(() => done([window.ran === true, seen]), 50));
        })"""
    )
    assert blocked[0] is False
    assert {"require-trusted-types-for", "connect-src"} <= set(blocked[1])
