"""What the page notices before it asks a wallet for anything: a gateway that shows one thing and would have another signed."""

from __future__ import annotations

import json
import time

import pytest
from playwright.sync_api import Page, Route, expect

from consentry.domain import times
from tests.browser import ways
from tests.browser.stand_in import StandIn
from tests.browser.wallet import Wallet

STOPPED = "Stopped for your safety"


def enter(page: Page, gateway: StandIn) -> None:
    ways.connect(page, gateway.url)


def test_sign_refuses_when_typed_data_differs_from_what_is_shown(
    page: Page, alice: Wallet, stand_in: StandIn
) -> None:
    """C-1: the id is the digest of what was read; a gateway that widens the roles is caught before the wallet opens."""
    stand_in.propose(alice.address)
    stand_in.lies.add("typed-data")
    enter(page, stand_in)
    page.get_by_role("button", name="Sign with my wallet").click()
    expect(page.get_by_role("alert")).to_contain_text(STOPPED)
    assert alice.typed() == []


@pytest.mark.parametrize("lie", ["shown-terms", "consistent-other-patient"])
def test_consent_cannot_be_signed_when_it_is_not_what_its_id_says(
    page: Page, alice: Wallet, stand_in: StandIn, lie: str
) -> None:
    """C-1: shown terms that don't hash to the id, and another patient's consent, have no button at all."""
    stand_in.propose(alice.address)
    stand_in.lies.add(lie)
    enter(page, stand_in)
    expect(page.locator(".card .warning")).to_contain_text(STOPPED)
    expect(page.get_by_role("button", name="Sign with my wallet")).to_have_count(0)


@pytest.mark.parametrize(("button", "said"), [(None, "What for: treating me."), ("中文", "用途：为我诊治。")])
def test_words_of_a_consent_are_made_from_its_terms(
    page: Page, alice: Wallet, stand_in: StandIn, button: str | None, said: str
) -> None:
    """W-12: a gateway that has mild words for harsh terms is not quoted, in neither language."""
    consent_id = stand_in.propose(alice.address)
    stand_in.lies.add("mild-words")
    enter(page, stand_in)
    if button is not None:
        page.get_by_role("button", name=button).click()
    words = page.locator(f"#consent-{consent_id} .words")
    expect(words).to_contain_text(said)
    language = "en" if button is None else "zh"
    assert ways.lines(words) == stand_in.consents[consent_id]["words"][language]


@pytest.mark.parametrize(
    ("said", "done"),
    [
        ("active", None),
        ("proposed", "active"),
        ("revoked", "active"),
        ("expired", "active"),
    ],
)
def test_how_a_consent_stands_is_the_ledgers_word(
    page: Page, alice: Wallet, stand_in: StandIn, said: str, done: str | None
) -> None:
    """W-88: whatever the gateway says; that it says something else is told."""
    consent_id = stand_in.propose(alice.address)
    if done is not None:
        stand_in.consents[consent_id]["status"] = done
    stand_in.lies.add(f"says-{said}")
    enter(page, stand_in)
    card = page.locator(f"#consent-{consent_id}")
    expect(card.locator(".badge").first).to_have_text("Active" if done else "Not signed")
    expect(page.locator("#content")).to_contain_text("This page shows what the ledger says.")


def test_two_clocks_may_differ_about_what_runs_out_now(page: Page, alice: Wallet, stand_in: StandIn) -> None:
    """W-88: within two minutes of its end a consent that the gateway calls ended is no contradiction."""
    soon = times.iso(int(time.time()) + 60)
    consent_id = stand_in.propose(alice.address, validUntil=soon, relayBefore=soon)
    stand_in.consents[consent_id]["status"] = "active"
    stand_in.lies.add("says-expired")
    enter(page, stand_in)
    expect(page.locator(f"#consent-{consent_id}")).to_be_visible()
    expect(page.locator("#content")).not_to_contain_text("This page shows what the ledger says.")


@pytest.mark.parametrize("place", ["before", "after"])
def test_nothing_borrows_the_standing_of_another_consent(
    page: Page, alice: Wallet, stand_in: StandIn, place: str
) -> None:
    """W-88: the gateway tells other terms under an id that is there; what fits the id is shown, once, and that is said."""
    consent_id = stand_in.propose(alice.address)
    stand_in.consents[consent_id]["status"] = "active"

    def doubled(route: Route) -> None:
        answer = route.fetch()
        (honest,) = answer.json()["consents"]
        forged = honest | {"consent": honest["consent"] | {"validUntil": "2031-01-01T00:00:00Z"}}
        both = [forged, honest] if place == "before" else [honest, forged]
        route.fulfill(response=answer, body=json.dumps({"consents": both}))

    page.route("**/api/consents", doubled)
    enter(page, stand_in)
    expect(page.locator("article.card")).to_have_count(1)
    expect(page.locator("article.card")).to_contain_text("I allow City Hospital to read parts")
    expect(page.locator("#content")).to_contain_text("This page shows what the ledger says.")


def test_a_ledger_that_is_silent_is_said(page: Page, alice: Wallet, stand_in: StandIn) -> None:
    """W-88: then the gateway's word stands, as that."""
    consent_id = stand_in.propose(alice.address)
    stand_in.lies.add("no-chain")
    enter(page, stand_in)
    expect(page.locator(f"#consent-{consent_id} .badge")).to_have_text("Not signed")
    expect(page.locator("#content")).to_contain_text("it could not be checked on the shared ledger")


def test_terms_without_words_cannot_be_signed(page: Page, alice: Wallet, stand_in: StandIn) -> None:
    """W-12: a code that the page does not know, under an id that fits, is said and has no button."""
    stand_in.propose(alice.address)
    stand_in.lies.add("unknown-code")
    enter(page, stand_in)
    expect(page.locator(".card .warning")).to_contain_text("this page has no words for")
    expect(page.get_by_role("button", name="Sign with my wallet")).to_have_count(0)


def test_revocation_names_the_consent_on_the_page(page: Page, alice: Wallet, stand_in: StandIn) -> None:
    """C-6: what is signed to revoke is built in the page: a gateway has no say in it."""
    consent_id = stand_in.propose(alice.address)
    enter(page, stand_in)
    page.get_by_role("button", name="Sign with my wallet").click()
    page.get_by_role("button", name="Revoke…").click()
    page.get_by_role("button", name="Revoke with my wallet").click()
    expect(page.get_by_role("status")).to_contain_text("0 of 5 keepers have acknowledged")
    assert alice.typed()[1]["primaryType"] == "Revocation"
    assert alice.typed()[1]["message"]["consentId"] == consent_id
    assert ("GET", f"/api/consents/{consent_id}/revocation") not in stand_in.requests


@pytest.mark.parametrize("lie", ["domain", "uri", "account", "chain", "resources", "statement"])
def test_sign_in_refuses_when_text_is_for_something_else(
    page: Page, alice: Wallet, stand_in: StandIn, lie: str
) -> None:
    """G-5, W-82: a sign-in text for another site, account or chain, of other words, or with powers beside, reaches no wallet."""
    stand_in.lies.add(f"sign-in-{lie}")
    enter(page, stand_in)
    expect(page.get_by_role("alert")).to_contain_text(STOPPED)
    assert "personal_sign" not in alice.asked


def test_page_refuses_a_session_of_another_account(page: Page, alice: Wallet, stand_in: StandIn) -> None:
    """G-5: who is signed in is the account that the wallet connected, or nobody is."""
    stand_in.lies.add("another-account")
    stand_in.propose(alice.address)
    enter(page, stand_in)
    expect(page.get_by_role("alert")).to_contain_text(STOPPED)
    expect(page.locator("article")).to_have_count(0)
    assert ("DELETE", "/api/sign-in") in stand_in.requests


def test_page_offers_no_chain_without_a_nodes_address(page: Page, alice: Wallet, stand_in: StandIn) -> None:
    """G-10: the gateway's node may stay private; the wallet is then asked to switch, never to add."""
    stand_in.lies.add("no-node")
    enter(page, stand_in)
    expect(page.get_by_role("alert")).not_to_be_empty()
    assert "wallet_addEthereumChain" not in alice.asked and "personal_sign" not in alice.asked


def test_directory_refuses_when_committee_has_a_gap(page: Page, alice: Wallet, stand_in: StandIn) -> None:
    """L-17: seeds are sealed to a complete committee or not at all."""
    stand_in.lies.add("missing-seat")
    enter(page, stand_in)
    page.get_by_role("button", name="Open my directory").click()
    expect(page.get_by_role("alert")).to_contain_text("keys could not be used")
    assert alice.typed() == []


def test_refused_relay_is_told_in_words_with_next_step(page: Page, alice: Wallet, stand_in: StandIn) -> None:
    """G-2: problem details become what happened, what to do, and a reference for support."""
    stand_in.propose(alice.address)
    stand_in.lies.add("relay-fails")
    enter(page, stand_in)
    page.get_by_role("button", name="Sign with my wallet").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("ConsentWindowEmpty")
    expect(alert).to_contain_text("Sign with the wallet that the consent names.")
    expect(alert).to_contain_text("req-0001")
    expect(page.get_by_role("button", name="Sign with my wallet")).to_be_enabled()
