"""The clinicians' pages with somebody on them: no barrier that axe-core knows, nothing beyond a narrow screen, by keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from consentry.domain import addresses
from consentry.network.run import Network
from tests.browser import reach
from tests.browser.clinicians import SLOW, Clinician
from tests.browser.inhabited import Inhabited, inhabit, staff_wallet
from tests.browser.reach import Theme, Visit

UNKNOWN = "did:ethr:0x539:0x" + "ab" * 20


@pytest.fixture(scope="module")
def inhabited(network: Network) -> Inhabited:
    return inhabit(network)


def did_of(inhabited: Inhabited) -> str:
    account = addresses.address(inhabited.wallet.address.lower())
    return addresses.did(account, inhabited.network.ledger.chain_id)


def checked(visit: Visit, where: str) -> None:
    found = [one for one in reach.violations(visit.page) if one["impact"] in ("serious", "critical")]
    assert not found, where
    visit.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    assert not reach.too_wide(visit.page), where


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("zh", "dark")])
def test_pages_with_a_patient_have_no_barrier(
    browser: Browser, bundle: object, inhabited: Inhabited, language: str, theme: Theme
) -> None:
    """W-77, W-99, W-102, W-106: requests, a stranger, a patient with consents, wrong questions, records, openings, reviews."""
    wallet = staff_wallet(inhabited.network, "dr_duarte")
    where = f"{inhabited.url}/clinic"
    with reach.visiting(browser, where, wallet, language=language, theme=theme, width=320) as visit:
        visit.enter()
        page = visit.page
        visit.show("petitions")
        page.locator("article.petition summary").first.click()
        page.locator("article.petition details[open] button.primary").first.click()
        expect(page.locator(".fault:not(:empty)")).to_have_count(2)
        checked(visit, "petitions")
        visit.show("patient")
        page.locator("form input").nth(1).fill(UNKNOWN)
        page.locator("form button").click()
        expect(page.locator("button.danger")).to_be_visible(timeout=SLOW)
        checked(visit, "somebody who is not linked")
        visit.show("desk")
        visit.show("patient")
        page.locator("form input").nth(1).fill(did_of(inhabited))
        page.locator("form button").click()
        expect(page.locator("article.consent").first).to_be_visible(timeout=SLOW)
        page.locator("form button").click()
        expect(page.locator(".fault:not(:empty)")).to_have_count(5)
        checked(visit, "patient")
        visit.show("record")
        page.locator("select").select_option("TREAT")
        page.locator("form button").click()
        expect(page.locator("#was-read")).to_be_visible(timeout=SLOW)
        checked(visit, "record")
        visit.show("emergency")
        expect(page.locator("#content section.card").first.locator("article.opening").first).to_be_visible()
        openings = page.locator("article.opening[data-stage=open]")
        own = openings.filter(has_text=did_of(inhabited)[-6:])  # other tests leave openings without a summary
        own.first.locator("button.primary").click()
        expect(page.locator("#opened table").first).to_be_visible(timeout=SLOW)
        checked(visit, "emergency")


def test_reading_needs_no_mouse(clinician: Clinician, inhabited: Inhabited) -> None:
    """W-77, W-106: Enter sends a form; what is missing gets the focus, and so does what was read."""
    bose = clinician("dr_bose")
    bose.go("Patient")
    keyboard, page = bose.page.keyboard, bose.page
    page.get_by_label("Number here").focus()
    keyboard.press("Enter")
    expect(page.get_by_label("Number here")).to_be_focused()
    expect(page.get_by_text("Type a number or a DID first.")).to_be_visible()
    keyboard.press("Tab")
    keyboard.type(did_of(inhabited))
    keyboard.press("Enter")
    expect(bose.card("The patient")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    page.get_by_role("link", name="Read the record").focus()
    keyboard.press("Enter")
    page.get_by_role("button", name="Sign and read").focus()
    keyboard.press("Enter")
    expect(page.get_by_label("What you read for")).to_be_focused()
    for _ in range(page.locator("select option").count()):
        if page.locator("select").input_value() != "TREAT":
            keyboard.press("ArrowDown")
    expect(page.locator("select")).to_have_value("TREAT")
    page.get_by_role("button", name="Sign and read").focus()
    keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Read for: treatment")).to_be_focused(timeout=SLOW)
    bose.go("Emergency")
    form = page.locator("#content section.card").first
    expect(form.get_by_role("heading", level=2)).to_have_text("Open an emergency summary")
    expect(form.locator(".scanner ~ form")).to_have_count(0)  # bose has a patient, whose form comes first
    expect(form.get_by_label("Patient", exact=True)).to_have_value(did_of(inhabited))
