"""Two people open an emergency summary, one device after the other; a third reviews it."""

from __future__ import annotations

import json
import secrets

from playwright.sync_api import expect

from consentry.demo.actors import Hospital
from consentry.domain import addresses
from consentry.network.run import Network
from tests.app.gateway.ward import with_contact
from tests.browser.clinicians import SLOW, Clinician, Screen, enter, past_the_page


def known(network: Network, phone: Screen) -> str:
    """Somebody about whom Mercy published a contact; the DID."""
    owner, mercy = past_the_page(network, phone.wallet, "mercy"), Hospital(network, "mercy")
    owner.open_directory(network)
    number = f"M-{secrets.token_hex(4)}"
    mercy.publish(json.dumps(with_contact(number)).encode(), mercy.link(number, owner.wallet))
    return addresses.did(owner.patient, network.ledger.chain_id)


def begun(first: Screen, did: str, second: str) -> None:
    first.go("Emergency")
    asking = first.card("Open an emergency summary")
    asking.get_by_role("button", name="Sign as the first").click()
    expect(asking).to_contain_text("Name the patient first.")
    assert not first.wallet.typed()
    asking.get_by_label("Patient", exact=True).fill(did)
    asking.get_by_label("Who signs with you").select_option(second)
    asking.get_by_label("How long").select_option("15 minutes")
    asking.get_by_role("button", name="Sign as the first").click()
    expect(first.card("Waiting for the second signature")).to_be_visible(timeout=SLOW)


def test_two_open_and_a_third_reviews(clinician: Clinician, phone: Screen, network: Network) -> None:
    """W-76, W-147, W-148: each signs on an own device; both see what was opened, neither reviews it; the patient is told."""
    did = known(network, phone)
    duarte, okoye = clinician("dr_duarte"), clinician("nurse_okoye")
    begun(duarte, did, "Nurse Ada Okoye, a nurse")

    okoye.go("Emergency")
    waiting = okoye.card("A colleague needs your signature")
    expect(waiting).to_contain_text("Dr Marta Duarte has signed that this is an emergency.")
    waiting.get_by_role("button", name="Sign as the second, and open").click()
    okoye.said("The summary is open.")
    duarte.said("The summary is open.")

    openings = [one.page.locator("article.opening[data-stage=open]").first for one in (duarte, okoye)]
    expect(openings[0]).to_be_focused()
    expect(openings[0]).to_contain_text(did[-6:])
    openings[0].get_by_role("button", name="Sign and read the summary").click()
    expect(duarte.page.locator("#opened")).to_contain_text("the summary for emergencies", timeout=SLOW)
    expect(duarte.page.locator("#opened")).to_contain_text("There can be more, also medicines and allergies.")
    expect(duarte.page.locator("#opened")).to_contain_text("Sensitive records stay out")
    expect(duarte.page.locator("#opened").get_by_text("Read at:").locator("time")).to_be_visible()
    duarte.page.emulate_media(media="print")
    expect(openings[0]).to_be_hidden()
    expect(duarte.page.locator("#opened")).to_be_visible()
    duarte.page.emulate_media(media="screen")
    signed = [one["primaryType"] for one in duarte.wallet.typed()]
    assert signed == ["Opening", "Session"]
    identifier = openings[1].get_attribute("data-id")
    lindqvist = clinician("dr_lindqvist")
    lindqvist.go("Emergency")
    lindqvist.page.locator(f"article[data-id='{identifier}']").get_by_role(
        "button", name="Close it now"
    ).click()
    question = lindqvist.page.get_by_role("dialog")
    for named in ("Dr Marta Duarte", "Nurse Ada Okoye"):
        expect(question).to_contain_text(named)
    question.get_by_role("button", name="Cancel").click()
    assert not lindqvist.wallet.typed()
    openings[1].get_by_role("button", name="Close it now").click()
    okoye.said("It is closed.")
    over = okoye.page.locator(f"article[data-id='{identifier}']")
    expect(over).to_contain_text("Only somebody who did not open it may review it.")
    expect(over.get_by_role("button")).to_have_count(0)

    lindqvist.go("My desk")
    expect(lindqvist.page.locator("#content")).to_contain_text("waits for its review")
    lindqvist.go("Emergency")
    due = lindqvist.page.locator(f"article[data-id='{identifier}']")
    due.get_by_role("button", name="It was justified", exact=True).click()
    finding = lindqvist.page.get_by_role("dialog")
    for named in (did[-6:], "Dr Marta Duarte", "Nurse Ada Okoye"):
        expect(finding).to_contain_text(named)
    finding.get_by_role("button", name="It was justified").click()
    lindqvist.said("Your review is on the shared ledger.")
    expect(lindqvist.page.locator(f"article[data-id='{identifier}']")).to_have_count(0)

    citizen = past_the_page(network, phone.wallet, "city")
    (notice,) = citizen.gateway.get("/api/notifications")["notifications"]
    assert (notice["id"], notice["finding"]) == (identifier, "justified")


def test_the_first_takes_it_back(clinician: Clinician, phone: Screen, network: Network) -> None:
    """W-76, W-71: it still waits after a reload and a way through other pages; taken back, the second sees it no more."""
    did = known(network, phone)
    duarte, okoye = clinician("dr_duarte"), clinician("nurse_okoye")
    begun(duarte, did, "Nurse Ada Okoye, a nurse")
    enter(duarte, f"{network.gateways['city']}/clinic")
    duarte.go("Patient")
    duarte.go("Emergency")
    waiting = duarte.card("Waiting for the second signature")
    expect(waiting).to_contain_text("Nurse Ada Okoye finds it under “Emergency”")
    waiting.get_by_role("button", name="Take it back").click()
    duarte.said("Nothing was opened.")
    okoye.go("Emergency")
    expect(okoye.card("A colleague needs your signature")).to_have_count(0)
    assert len(duarte.wallet.typed()) == 1
