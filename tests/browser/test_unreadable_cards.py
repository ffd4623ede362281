"""What strangers wrote into mandates and consents takes nothing else of the page with it, in Chromium."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.node import for_browsers

SOURCE = """
import { wordList } from "./app/browser/patient/consents/lines";
import { heldCard } from "./app/browser/patient/people/held";
import { mandatesCard } from "./app/browser/patient/people/mandates";
import { consentCard } from "./app/browser/patient/consents/card";
import { consentId, consent } from "./app/browser/layouts/terms";
const contracts = { ConsentRegistry: "0x" + "c0".repeat(20) };
const network: any = { chainId: 1337, contracts, member: { address: "" }, keepers: [] };
const session: any = { network, account: "0x" + "ca".repeat(20), patient: "0x" + "a1".repeat(20) };
const context: any = { session, network };
const mandate = (authors: any): any => ({
  patient: "0x" + "bb".repeat(20), representative: session.account,
  scope: {
    provisions: [{
      purposes: ["FAMRQT"], categories: ["laboratory"], confidentiality: "N",
      dataFrom: "any", dataUntil: "any", authors, records: ["any"],
    }],
    salt: "0x" + "5a".repeat(32),
  },
  validFrom: "2026-01-01T00:00:00Z", validUntil: "2027-01-01T00:00:00Z", relayBefore: "2027-01-01T00:00:00Z",
});
const known = (authors: any, at: number): any =>
  ({ id: "0x" + "0" + at, mandate: mandate(authors), name: "", standing: "active", changedAt: null });
(globalThis as any).lines = (lines: any) => document.body.replaceChildren(wordList(lines));
(globalThis as any).held = (all: any) => document.body.replaceChildren(heldCard(all.map(known), context));
(globalThis as any).given = (all: any) => document.body.replaceChildren(mandatesCard(all.map(known), "no", context));
(globalThis as any).consent = () => {
  const one: any = {
    patient: session.patient,
    terms: {
      recipientName: "City Hospital", recipient: "0x" + "c1".repeat(20), roles: ["any"],
      provisions: mandate(["any"]).scope.provisions, maxUses: 0, salt: "0x" + "5a".repeat(32),
    },
    validFrom: "2026-01-01T00:00:00Z", validUntil: "2027-01-01T00:00:00Z", relayBefore: "2027-01-01T00:00:00Z",
  };
  const id = consentId(consent(one), 1337, network.contracts.ConsentRegistry);
  // a time that no language can write: whatever fails below a checked consent
  const told: any = { id, status: "active", consent: one, transaction: "0x12", changedAt: "no time" };
  document.body.replaceChildren(consentCard(told, [], context));
};
"""
NO_TIME = "9999-99-99 99:99:99 UTC"


@pytest.fixture
def blank(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="en-GB", timezone_id="Europe/Berlin")
    opened = context.new_page()
    opened.add_script_tag(content=for_browsers(SOURCE))
    yield opened
    context.close()


@pytest.mark.parametrize("name", [NO_TIME, "2026-02-30 00:00:00 UTC", "0001-01-01 00:00:00 UTC"])
def test_name_that_looks_like_a_time_stays_a_name(blank: Page, name: str) -> None:
    """W-12, W-86: an author's name stands in the line as it is; real times are told by the reader's clock."""
    blank.evaluate("(lines) => globalThis.lines(lines)", [f"Written by: {name}."])
    expect(blank.locator("li")).to_have_text(f"Written by: {name}.")
    blank.evaluate("(lines) => globalThis.lines(lines)", ["from 2026-03-01 12:00:00 UTC until"])
    expect(blank.locator("time")).to_have_text("1 March 2026 at 13:00 CET")


def test_mandate_of_a_stranger_breaks_no_other(blank: Page) -> None:
    """W-87: one that cannot be shown is said to be so, with whose it is; the one beside it is there."""
    blank.evaluate("(all) => globalThis.held(all)", [[NO_TIME], None, ["any"]])
    cards = blank.locator("article")
    expect(cards).to_have_count(3)
    expect(cards.nth(0)).to_contain_text(NO_TIME, use_inner_text=False)
    expect(cards.nth(1)).to_contain_text("This entry cannot be shown here")
    expect(cards.nth(1)).to_contain_text("did:ethr:0x539:0x" + "bb" * 20)
    expect(cards.nth(2).get_by_role("button", name="Read what I may see")).to_be_visible()


def test_mandate_that_cannot_be_shown_can_be_ended(blank: Page) -> None:
    """W-86: its id is enough to revoke it."""
    blank.evaluate("(all) => globalThis.given(all)", [None, ["any"]])
    cards = blank.locator("article")
    expect(cards.nth(0)).to_contain_text("This entry cannot be shown here")
    for at in (0, 1):
        expect(cards.nth(at).get_by_role("button", name="End…")).to_be_visible()


def test_consent_that_cannot_be_shown_can_be_revoked(blank: Page) -> None:
    """W-12: whatever fails below terms that fit their id, they can be taken back."""
    blank.evaluate("globalThis.consent()")
    blank.evaluate("document.body.insertAdjacentHTML('beforeend', '<p id=problem></p><p id=status></p>')")
    expect(blank.locator("article")).to_contain_text("This entry cannot be shown here")
    blank.get_by_role("button", name="Revoke…").click()
    expect(blank.get_by_role("button", name="Revoke with my wallet")).to_be_visible()
