"""What a clinician is told of what a reading left out: also by the page itself, and in the page's own language."""

from __future__ import annotations

import secrets
from typing import Any

from playwright.sync_api import Route, expect

from consentry.demo.actors import Hospital
from consentry.domain import addresses
from consentry.network.run import Network
from tests.browser.clinicians import SLOW, Clinician, Screen, past_the_page
from tests.browser.test_clinician_edges import at_record

NEXT = "/fhir/Patient/x/$everything?page=next"
ENGLISH = "index-behind: the index ends before the head. Ask again later."


def issue(code: str, words: str) -> dict[str, Any]:
    coding = [{"system": "urn:consentry:error", "code": code}]
    told = {"severity": "warning", "code": "incomplete", "details": {"coding": coding}, "diagnostics": words}
    return {"resource": {"resourceType": "OperationOutcome", "issue": [told]}}


def answering(shown: Screen, bundle: dict[str, Any]) -> list[Route]:
    """The gateway's answer to every page that is asked for."""
    asked: list[Route] = []

    def answer(route: Route) -> None:
        asked.append(route)
        route.fulfill(json={"resourceType": "Bundle", "type": "searchset"} | bundle)

    shown.page.route("**/$everything?*", answer)
    return asked


def reading(clinician: Clinician, phone: Screen, network: Network) -> Screen:
    """About to read of somebody who is linked here."""
    owner, city = past_the_page(network, phone.wallet, "city"), Hospital(network, "city")
    city.link(f"C-{secrets.token_hex(4)}", owner.wallet)
    return at_record(clinician("dr_bose"), addresses.did(owner.patient, network.ledger.chain_id))


def test_a_reading_that_was_cut_short_says_so(clinician: Clinician, phone: Screen, network: Network) -> None:
    """W-75: a gateway whose pages do not end is asked for 200, and the page says that there is more."""
    bose = reading(clinician, phone, network)
    asked = answering(bose, {"link": [{"relation": "next", "url": NEXT}]})
    bose.page.get_by_role("button", name="Sign and read").click()
    banner = bose.page.locator(".notice.warning")
    expect(banner).to_contain_text("There is more than one reading takes in.", timeout=SLOW)
    assert len(asked) == 200


def test_what_is_missing_is_said_in_the_pages_language(
    clinician: Clinician, phone: Screen, network: Network
) -> None:
    """W-9, W-75: the gateway's own words are English: they are folded away as details, and marked as English."""
    bose = reading(clinician, phone, network)
    answering(bose, {"entry": [issue("index-behind", ENGLISH)] * 2})
    bose.page.get_by_role("button", name="Sign and read").click()
    banner = bose.page.locator(".notice.warning")
    expect(banner).to_contain_text("This may not be everything", timeout=SLOW)
    bose.page.locator("#language").click()
    expect(banner.get_by_text("本网关尚未看到最新的病历。")).to_have_count(1)
    words = banner.get_by_text(ENGLISH)
    expect(words.first).to_be_hidden()
    banner.get_by_text("技术细节").click()
    expect(words.first).to_be_visible()
    assert [one.get_attribute("lang") for one in words.all()] == ["en", "en"]
