"""Emergencies on the patient's page, on the real network: openings checked against the chain, the card, the summary."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from consentry.network.run import Network
from tests.browser import ways
from tests.browser.node import evaluate
from tests.browser.people import Enrolled, Team, allergy, enrolled, published

QR = """
import jsQR from "jsqr";
declare const given: { path: string; size: number };
const scale = 4;
const side = given.size * scale;
const pixels = new Uint8ClampedArray(side * side * 4).fill(255);
for (const [, x, y] of given.path.matchAll(/M(\\d+) (\\d+)h1v1h-1z/g)) {
  for (let row = 0; row < scale; row++) for (let column = 0; column < scale; column++) {
    const at = ((Number(y) * scale + row) * side + Number(x) * scale + column) * 4;
    pixels.fill(0, at, at + 3);
  }
}
console.log(JSON.stringify(jsQR(pixels, side, side)?.data ?? null));
"""


@pytest.fixture
def rosa(network: Network, context: BrowserContext) -> Enrolled:
    return enrolled(network, context)


def test_an_opening_is_seen_checked_and_reviewed(page: Page, network: Network, rosa: Enrolled) -> None:
    """W-62, W-97, E-17: new until it was seen; whose it is and how it stands the page finds itself; the review's finding too."""
    published(network, rosa, allergy("Penicillin"))
    team = Team.on_duty(network)
    opening = team.open(rosa.did)
    ways.enter(page, network.gateways["city"], "emergency")
    card = page.locator(f"#opening-{opening}")
    expect(card).to_contain_text("Two people of \u2068City Hospital\u2069 opened it", timeout=ways.SLOW)
    expect(card.locator(".badge")).to_have_text(["New", "Open now"])
    expect(page.locator("#emergency h2").first).to_have_text("Your emergency card")
    page.locator("#pressing").get_by_role("button", name="See who opened it").click()
    expect(page.locator("#openings")).to_be_focused()
    expect(card).to_contain_text("Duarte\u2069 and ")
    expect(card).to_contain_text("as \u2068City Hospital\u2069 calls them.")
    expect(card).to_contain_text("Checked here: it is about you, and the ledger says so.")
    card.get_by_role("button", name="I have seen it").click()
    expect(card.locator(".badge")).to_have_text(["Open now"])
    expect(card).to_be_focused()
    team.read(opening)
    team.close(opening)
    team.review(opening, "unjustified")
    ways.arrive(page, network.gateways["city"], "emergency")
    ways.enter(page, network.gateways["city"], "emergency")
    expect(card.locator(".badge")).to_have_text(["Reviewed"], timeout=ways.SLOW)
    expect(card).to_contain_text("Somebody else judged it: not justified.")
    expect(page.locator("#pressing")).to_be_empty()


def test_an_opening_that_is_told_falsely_is_shown_as_false(
    page: Page, network: Network, rosa: Enrolled
) -> None:
    """W-62: another patient's opening, or an id that does not come out of what was signed, convinces nobody."""
    published(network, rosa)
    opening = Team.on_duty(network).open(rosa.did)

    def lie(route) -> None:  # type: ignore[no-untyped-def]
        answer = route.fetch()
        told = answer.json()
        told["notifications"][0]["opening"]["subject"]["patient"] = "0x" + "66" * 20
        route.fulfill(response=answer, json=told)

    page.route("**/api/notifications", lie)
    ways.enter(page, network.gateways["city"], "emergency")
    expect(page.locator(f"#opening-{opening} .notice.danger")).to_contain_text(
        "what the gateway says of this opening does not hold", timeout=ways.SLOW
    )


def test_the_card_holds_the_did_and_nothing_else(page: Page, network: Network, rosa: Enrolled) -> None:
    """W-61: the code is read by a library of its own; printing shows the card alone, in both languages."""
    ways.enter(page, network.gateways["city"], "emergency")
    code = page.locator("#emergency-card svg")
    expect(code).to_be_visible(timeout=ways.SLOW)
    path = code.locator("path").get_attribute("d")
    box = code.get_attribute("viewBox")
    assert path and box
    assert evaluate(QR, {"path": path, "size": int(box.split()[2])}) == rosa.did
    expect(page.locator("#emergency-card")).to_contain_text("急救健康档案")
    page.evaluate(
        "() => { window.print = () => { window.printed = document.documentElement.dataset.print } }"
    )
    page.get_by_role("button", name="Print the card").click()
    assert page.evaluate("window.printed") == "part"
    page.emulate_media(media="print")
    assert page.locator("h1").evaluate("(one) => getComputedStyle(one).visibility") == "hidden"
    assert code.evaluate("(one) => getComputedStyle(one).visibility") == "visible"
    page.evaluate("() => dispatchEvent(new Event('afterprint'))")
    assert page.locator("h1").evaluate("(one) => getComputedStyle(one).visibility") == "visible"


def test_the_card_to_carry_needs_nobody(page: Page, network: Network, rosa: Enrolled) -> None:
    """W-61: it is there while the ledger and the gateway say nothing, and what they do not say fails alone."""
    page.route("**/api/notifications", lambda route: route.abort())
    page.route("**/api/chain", lambda route: route.abort())
    ways.enter(page, network.gateways["city"], "emergency")
    expect(page.locator("#emergency-card svg")).to_be_visible(timeout=ways.SLOW)
    expect(page.locator("#openings")).to_contain_text("does not answer", timeout=ways.SLOW)
    expect(page.locator("#sensitive .notice")).to_be_visible(timeout=ways.SLOW)
    page.unroute("**/api/notifications")
    page.locator("#openings").get_by_role("button", name="Try again").click()
    expect(page.locator("#openings")).to_contain_text("Nobody", timeout=ways.SLOW)
    expect(page.locator("#openings")).to_be_focused()


def test_the_summary_is_opened_here_and_sensitive_sources_are_the_patients_choice(
    page: Page, network: Network, rosa: Enrolled
) -> None:
    """W-63, E-19, E-20: what two people would see; what goes in is said at each hospital for itself."""
    published(network, rosa, allergy("Penicillin"))
    ways.enter(page, network.gateways["mercy"], "emergency")
    page.get_by_role("button", name="Show what it holds").click()
    summary = page.locator("#summary")
    expect(summary).to_contain_text("Penicillin", timeout=ways.SLOW)
    expect(summary).to_contain_text("Mercy Hospital")
    assert [one["primaryType"] for one in rosa.wallet.typed()] == ["PatientSession"]
    sensitive = page.locator("#sensitive")
    sensitive.get_by_role("button", name="Let them in…").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    expect(sensitive.locator(".notice").first).to_have_text("Sensitive records stay out of the summary.")
    sensitive.get_by_role("button", name="Let them in…").click()
    page.get_by_role("dialog").get_by_role("button", name="Let them in…").click()
    expect(sensitive.locator(".notice").first).to_have_text(
        "Sensitive records go into the summary.", timeout=ways.SLOW
    )
    expect(page.get_by_role("status")).to_have_text("Sensitive records now go into this hospital’s summary.")
    ways.enter(page, network.gateways["city"], "emergency")
    page.locator("#sensitive").get_by_role("button", name="Let them in…").click()
    page.get_by_role("dialog").get_by_role("button", name="Let them in…").click()
    expect(page.locator("#sensitive-problem")).to_contain_text(
        re.compile("does not know you as its patient"), timeout=ways.SLOW
    )
