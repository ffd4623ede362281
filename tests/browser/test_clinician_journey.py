"""A clinician's whole way on the real network: finding, linking, asking, reading, and a revocation that bites."""

from __future__ import annotations

import re
import secrets

from playwright.sync_api import Locator, expect

from consentry.demo.actors import Hospital, Patient
from consentry.domain import addresses
from consentry.network.run import Network
from tests.browser.clinicians import SLOW, Clinician, Screen, enter, past_the_page
from tests.browser.ways import NEWS
from tests.journeys.bundles import bundle, laboratory, patient


def treated(network: Network, phone: Screen) -> tuple[Patient, str]:
    """A patient about whom Mercy published a laboratory result; City has never seen the person. With the DID."""
    owner, mercy = past_the_page(network, phone.wallet, "mercy"), Hospital(network, "mercy")
    owner.open_directory(network)
    number = f"M-{secrets.token_hex(4)}"
    mercy.publish(bundle(patient(number), laboratory(5.4)), mercy.link(number, owner.wallet))
    return owner, addresses.did(owner.patient, network.ledger.chain_id)


def found(shown: Screen, did: str) -> None:
    shown.go("Patient")
    shown.page.get_by_label("DID", exact=True).fill(did)
    shown.page.get_by_role("button", name="Find", exact=True).click()


def linked(shown: Screen, phone: Screen, network: Network, did: str) -> None:
    """The desk asks, the patient signs on the own phone."""
    found(shown, did)
    asking = shown.card("Link the patient")
    number = f"C-{secrets.token_hex(4)}"
    asking.get_by_label("The patient’s number here").fill(number)
    asking.get_by_role("button", name="Ask the patient’s wallet").click()
    expect(asking).to_contain_text("Waiting for the patient’s signature")
    enter(phone, network.gateways["city"])
    banner = phone.page.locator("#banner")
    expect(banner).to_contain_text("City Hospital\u2069 asks to link your wallet", timeout=NEWS)
    banner.get_by_role("link", name="See what it asks").click()
    expect(banner).to_be_empty()
    phone.page.get_by_role("button", name="Sign with your wallet").click()
    phone.said("Your wallet is linked.")
    expect(phone.card("Your hospitals").locator("li").first).to_contain_text(
        "Has known you by this wallet since"
    )
    shown.said("The patient is linked.")
    for page in ("Record", "Patient"):
        shown.go(page)
        expect(shown.card("The patient")).to_contain_text(number)


def asked(shown: Screen) -> None:
    """A consent to read laboratory results for treatment, for 30 days."""
    asking = shown.card("Ask for a consent")
    send = asking.get_by_role("button", name="Ask the patient")
    send.click()
    expect(asking).to_contain_text("Choose what it is for.")
    asking.get_by_label("What for").select_option("treatment")
    asking.get_by_label("laboratory results").check()
    asking.get_by_label("senior doctors").check()
    asking.get_by_label("How confidential at most").select_option("ordinary and restricted")
    asking.get_by_label("For how long").select_option("30 days")
    send.click()
    shown.said("The patient has been asked.")


def read(shown: Screen, purpose: str = "treatment") -> Locator:
    page = shown.page
    page.get_by_label("What you read for").select_option(purpose)
    page.get_by_role("button", name=re.compile("Sign and read|Read again")).click()
    expect(page.get_by_role("heading", name=f"Read for: {purpose}")).to_be_focused(timeout=SLOW)
    expect(page.locator("#content")).to_contain_text("There can be more, also medicines and allergies.")
    return page.locator("#content")


def test_clinician_links_asks_reads_and_no_longer(
    clinician: Clinician, phone: Screen, network: Network
) -> None:
    """W-67, W-73, W-74, W-75, W-94: two devices, nothing chosen beforehand, pending until signed, then nothing once revoked."""
    owner, did = treated(network, phone)
    bose = clinician("dr_bose")
    linked(bose, phone, network, did)
    asked(bose)
    given = bose.card("Consents of this patient to your institution")
    expect(given).to_contain_text("waits for the patient")
    (consent,) = past_the_page(network, phone.wallet, "city").consents()
    assert consent["consent"]["terms"]["provisions"][0]["purposes"] == ["TREAT"]

    bose.page.get_by_role("link", name="Read the record").click()
    bose.page.get_by_role("button", name="Sign and read").click()
    expect(bose.page.get_by_text("Choose what you read for.")).to_be_visible()
    assert not bose.wallet.typed()

    citizen = past_the_page(network, phone.wallet, "city")
    citizen.grant(consent)
    expect(read(bose)).to_contain_text("HbA1c", timeout=SLOW)
    (session,) = bose.wallet.typed()
    assert (session["primaryType"], session["message"]["purpose"]) == ("Session", "TREAT")
    bose.card("What you may read").get_by_role("link", name="laboratory results").click()
    expect(bose.page.locator("article").first).to_contain_text("5.4 %")
    expect(bose.page.locator("#content")).to_contain_text("Mercy Hospital")
    bose.page.get_by_role("link", name="All that you may read").click()
    receipts = bose.card("Receipts of this reading")
    receipts.get_by_text("one line for each record and keeper").first.click()
    expect(receipts.locator("tbody tr")).to_have_count(3)
    bose.go("My desk")
    expect(bose.card("What you asked patients for")).to_contain_text("in force")

    citizen.revoke(consent["id"])
    bose.go("Record")
    read(bose)
    expect(bose.page.get_by_text("There is nothing to show.")).to_be_visible(timeout=SLOW)
    assert len(bose.wallet.typed()) == 1


def test_each_page_is_for_its_own(clinician: Clinician, phone: Screen, network: Network) -> None:
    """W-67: a patient at the clinicians' page sees nothing of it, nor staff of the patients'; both are sent on."""
    enter(phone, f"{network.gateways['city']}/clinic")
    expect(phone.page.get_by_text("not enrolled as this member’s staff")).to_be_visible()
    expect(phone.page.locator("#pages a")).to_have_count(0)
    bose = clinician("dr_bose")
    expect(bose.card("Who you are here")).to_contain_text("Dr Arjun Bose")
    enter(bose, network.gateways["city"])
    expect(bose.page.get_by_text("This page is for patients.")).to_be_visible()
    bose.page.get_by_role("link", name="Open the other page").click()
    expect(bose.page).to_have_url(f"{network.gateways['city']}/clinic")
