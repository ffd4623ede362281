"""What a reader who was interrupted finds: nothing left over of another sign-in, and always a way on."""

from __future__ import annotations

import json

from playwright.sync_api import Locator, Page, expect

from tests.browser import ways
from tests.browser.stand_in import CHAIN_ID, StandIn
from tests.browser.wallet import NAME, Wallet


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


def test_problem_that_readers_meet_is_told_in_the_pages_own_words(
    page: Page, alice: Wallet, stand_in: StandIn
) -> None:
    """W-18: in both languages; what whoever runs the gateway does next is folded."""
    ways.enter(page, stand_in.url, "readers")
    body = {
        "code": "keepers-insufficient",
        "title": "Fewer keepers answered than the threshold.",
        "nextStep": "Wait for keepers to come back (`consentry keeper status`); nothing is lost.",
        "requestId": "req-0002",
    }
    page.route(
        "**/api/consents",
        lambda route: route.fulfill(
            status=503, body=json.dumps(body), content_type="application/problem+json"
        ),
    )
    ways.go(page, "consents")
    alert = page.get_by_role("alert")
    expect(alert.get_by_text("Too few of the independent keepers answer just now.")).to_be_visible()
    expect(alert.get_by_text("consentry keeper status")).to_be_hidden()
    alert.get_by_text("Details").click()
    expect(alert.get_by_text("consentry keeper status")).to_be_visible()
    expect(alert.get_by_text("req-0002")).to_be_visible()
    page.get_by_role("button", name="中文").click()
    expect(alert.get_by_text("目前应答的独立保管方太少")).to_be_visible()


def test_reload_that_signs_out_is_told(page: Page, alice: Wallet, stand_in: StandIn) -> None:
    """W-2, W-8: once, and only where somebody was signed in; the tab keeps no more than that."""
    ways.enter(page, stand_in.url)
    kept = page.evaluate("() => Object.entries(sessionStorage)")
    assert kept == [["consentry-signed-in", "patient"]]
    page.reload()
    expect(page.get_by_role("status")).to_contain_text("a reload signs you out")
    expect(page.get_by_role("button", name=f"Connect {NAME}")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name=f"Connect {NAME}")).to_be_visible()
    expect(page.get_by_role("status")).to_be_empty()
    ways.enter(page, stand_in.url)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("status")).to_contain_text("You are signed out")
    expect(page.locator("#page-title")).to_be_focused()
    assert page.evaluate("sessionStorage.length") == 0


def test_people_begin_with_the_patients_own(page: Page, alice: Wallet, stand_in: StandIn) -> None:
    """W-54: who acts and who guards stand before whom this wallet acts for."""
    ways.enter(page, stand_in.url)
    free = {"newOwner": None, "executableAt": None, "attempt": 0, "vetoSpent": False}
    state = {
        "did": f"did:ethr:0x539:{alice.address.lower()}",
        "controller": alice.address.lower(),
        "nonce": 0,
        "representatives": [],
        "guardians": {"commitment": None, "nextCommitment": None, "effectiveAt": None},
        "recovery": free,
        "recoveryDelay": 60,
    }
    page.route("**/api/identity", lambda route: route.fulfill(json=state))
    page.route("**/api/identities", lambda route: route.fulfill(json={"identities": []}))
    ways.go(page, "people")
    titles = page.locator("#content > div > section > h2")
    expect(titles.first).to_have_text("Representatives")
    expect(titles.nth(1)).to_have_text("Representatives for a part")
    expect(titles.nth(2)).to_have_text("Guardians")
    expect(titles.nth(3)).to_have_text("Whom you act for")


def test_declining_another_network_says_that_the_network_is_why(
    page: Page, alice: Wallet, stand_in: StandIn
) -> None:
    """W-115: before signing in, and before a consent; the next try goes on."""
    consent_id = stand_in.propose(alice.address)
    for declined in ("wallet_switchEthereumChain", "wallet_addEthereumChain"):
        alice.known_chains = {1, CHAIN_ID} if declined.startswith("wallet_switch") else {1}
        alice.declines = {declined}
        ways.connect(page, stand_in.url)
        expect(page.get_by_role("alert")).to_contain_text("on another network, so nothing was signed")
    assert alice.signed == []
    alice.declines = set()
    page.get_by_role("button", name=f"Connect {NAME}").click()
    card = page.locator(f"#consent-{consent_id}")
    expect(card).to_be_visible()
    alice.chain_id, alice.declines = 1, {"wallet_switchEthereumChain"}
    card.get_by_role("button", name="Sign with my wallet").click()
    expect(page.get_by_role("alert")).to_contain_text("Try again and let it switch")
    assert alice.typed() == []
    alice.declines = set()
    card.get_by_role("button", name="Sign with my wallet").click()
    expect(card.locator(".badge")).to_have_text("Active")
