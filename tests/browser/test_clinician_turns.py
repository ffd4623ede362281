"""A clinician who goes on to another patient while the gateway still answers about the one before."""

from __future__ import annotations

import secrets

from playwright.sync_api import Route, expect

from consentry.demo.actors import Hospital
from consentry.domain import addresses
from consentry.network.run import Network
from tests.browser.clinicians import SLOW, Clinician, Screen, past_the_page
from tests.browser.test_clinician_edges import at_record, chosen
from tests.browser.wallet import Wallet
from tests.journeys.bundles import TERMS, bundle, laboratory, patient


def permitted(network: Network, value: float) -> str:
    """Somebody with this laboratory result, which City may read for treatment; the DID."""
    wallet = Wallet()
    owner, mercy = past_the_page(network, wallet, "mercy"), Hospital(network, "mercy")
    owner.open_directory(network)
    number = f"M-{secrets.token_hex(4)}"
    mercy.publish(bundle(patient(number), laboratory(value)), mercy.link(number, owner.wallet))
    city = Hospital(network, "city")
    consent = city.propose(city.link(f"C-{secrets.token_hex(4)}", owner.wallet), TERMS, days=30)
    past_the_page(network, wallet, "city").grant(consent)
    return addresses.did(owner.patient, network.ledger.chain_id)


def other(shown: Screen, did: str) -> Screen:
    """At the page of somebody else's record."""
    shown.go("Patient")
    shown.page.get_by_role("button", name="Another patient").click()
    return at_record(shown, did)


def test_no_record_is_shown_under_another_patients_name(clinician: Clinician, network: Network) -> None:
    """W-75: what comes about a patient who is no longer the chosen one is thrown away, and the next is read as ever."""
    before, after = permitted(network, 5.4), permitted(network, 7.1)
    bose = at_record(clinician("dr_bose"), before)
    held: list[Route] = []
    bose.page.route("**/$everything?*", lambda route: held.append(route), times=1)
    with bose.page.expect_request("**/$everything?*"):
        bose.page.get_by_role("button", name="Sign and read").click()
    other(bose, after)
    held[0].continue_()
    bose.go("Patient")
    bose.go("Record")
    expect(bose.page.locator("#was-read")).to_have_count(0)
    chosen(bose).page.get_by_role("button", name="Sign and read").click()
    content = bose.page.locator("#content")
    expect(content).to_contain_text("7.1", timeout=SLOW)
    expect(content).not_to_contain_text("5.4")
    bose.card("What you may read").get_by_role("link", name="laboratory results").click()
    expect(bose.page.locator("article").first).to_contain_text("7.1 %")
    other(bose, before)
    expect(bose.page.locator("#was-read")).to_have_count(0)


def test_a_failed_reading_leaves_no_old_one_as_new(clinician: Clinician, network: Network) -> None:
    """W-75, W-129: what was read before says from when it is, and whose."""
    did = permitted(network, 5.4)
    bose = at_record(clinician("dr_bose"), did)
    chosen(bose).page.get_by_role("button", name="Sign and read").click()
    content = bose.page.locator("#content")
    expect(content).to_contain_text("5.4", timeout=SLOW)
    bose.page.emulate_media(media="print")
    expect(bose.page.get_by_text("Read at:").locator("time")).to_be_visible()
    expect(bose.page.get_by_label("What you read for")).to_be_hidden()
    whose = bose.card("The patient").locator("dd .hash").first
    assert whose.evaluate("(one) => getComputedStyle(one, '::after').content") == f'"{did}"'
    bose.page.emulate_media(media="screen")
    expect(bose.page.get_by_text("It could not be read again.")).to_be_hidden()
    bose.page.route("**/$everything?*", lambda route: route.abort(), times=1)
    chosen(bose).page.get_by_role("button", name="Read again").click()
    expect(content).to_contain_text("What stands below is what you read before, as of:", timeout=SLOW)
    expect(bose.page.get_by_text("It could not be read again.")).to_be_visible()


def test_an_emergency_begins_with_the_chosen_patient_once(clinician: Clinician, network: Network) -> None:
    """W-76: where the name comes from stands beside it, and after an opening it is not there for the next one."""
    duarte = clinician("dr_duarte")
    did = permitted(network, 5.4)
    at_record(duarte, did)
    duarte.go("Emergency")
    asking = duarte.card("Open an emergency summary")
    expect(asking).to_contain_text("From “Patient”.")
    patient_field = asking.get_by_label("Patient", exact=True)
    expect(patient_field).to_have_value(did)
    asking.get_by_label("Who signs with you").select_option("Nurse Ada Okoye, a nurse")
    asking.get_by_label("How long").select_option("15 minutes")
    asking.get_by_role("button", name="Sign as the first").click()
    expect(duarte.card("Waiting for the second signature")).to_be_visible(timeout=SLOW)
    expect(patient_field).to_have_value("")
    expect(asking).not_to_contain_text("From “Patient”")
    duarte.card("Waiting for the second signature").get_by_role("button", name="Take it back").click()
    duarte.said("Nothing was opened.")
