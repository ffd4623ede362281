"""Consents of the patient's own making, on the real network: from a template to a clinician's reading, changed, revoked."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from consentry.demo.actors import Hospital, Person
from consentry.errors import NoGround
from consentry.network.run import Network
from consentry.wallets.keyfile import Wallet as KeyWallet
from tests.browser import ways
from tests.browser.test_patient_journey import values, values_once_indexed
from tests.browser.wallet import Wallet
from tests.journeys.bundles import bundle, laboratory, patient

MAKE = "Show me what I would sign"


def offered(page: Page, template: str) -> None:
    """Back from a form, and on to another template's."""
    ways.go(page, "consents")
    page.get_by_role("link", name=template).click()
    expect(page.get_by_role("button", name=MAKE)).to_be_visible(timeout=ways.SLOW)


def test_patient_gives_changes_and_revokes_a_consent_of_the_own_making(
    page: Page, alice: Wallet, network: Network
) -> None:
    """W-47, W-52, W-53, W-90: nobody asked; the clinician reads what was given, and after the change what is left of it."""
    page.set_default_timeout(ways.SLOW)
    ways.enter(page, network.gateways["city"])
    page.get_by_role("button", name="Open my directory").click()
    expect(page.get_by_text("Open (version 1).")).to_be_visible(timeout=ways.SLOW)
    desk = KeyWallet(bytes(alice.account.key))
    mercy, city = Hospital(network, "mercy"), Hospital(network, "city")
    mercy.publish(bundle(patient("OC-1"), laboratory(6.1)), mercy.link("OC-1", desk))
    ref = city.link("OC-7", desk)

    offered(page, "Treatment here")
    page.get_by_role("checkbox", name="treating me", exact=True).uncheck()
    page.get_by_role("button", name=MAKE).click()
    expect(page.get_by_role("alert").filter(has_text="Choose at least one purpose.")).to_be_visible()
    page.get_by_role("checkbox", name="treating me", exact=True).check()
    page.get_by_role("button", name=MAKE).click()
    proposal = page.locator('[data-status="proposed"]')
    expect(proposal).to_contain_text("I allow City Hospital to read parts of my health record.")
    assert alice.typed()[1:] == []  # the directory alone
    proposal.get_by_role("button", name="Sign with my wallet").click()
    active = page.locator('[data-status="active"]')
    expect(active).to_contain_text("laboratory results")
    bose = Person.sign_in(network, "dr_bose", "city")
    bose.open_session("TREAT")
    assert values_once_indexed(bose, ref, 1) == [6.1]

    active.get_by_role("button", name="Change…").click()
    page.get_by_role("checkbox", name="laboratory results").uncheck()
    page.get_by_role("button", name=MAKE).click()
    expect(proposal.get_by_label("Takes the place of")).not_to_have_value("")
    proposal.get_by_role("button", name="Sign with my wallet").click()
    expect(page.locator("#status")).to_contain_text("the former one has ended", timeout=ways.SLOW)
    expect(active).to_have_count(1)
    expect(active).not_to_contain_text("laboratory results")
    assert values(bose, ref) == []

    active.get_by_role("button", name="Revoke…").click()
    page.get_by_role("checkbox", name="Then renew my directory").uncheck()
    page.get_by_role("button", name="Revoke with my wallet").click()
    expect(page.locator("#status")).to_contain_text("5 of 5 keepers have acknowledged", timeout=ways.SLOW)
    with pytest.raises(NoGround):
        bose.everything(ref)
    assert [one["primaryType"] for one in alice.typed()[1:]] == ["Consent", "Replacement", "Revocation"]


def test_every_template_can_be_signed(page: Page, alice: Wallet, network: Network) -> None:
    """W-52, W-89, W-90: nobody is chosen beforehand, nothing kept; each leads to terms in words, in both languages."""
    page.set_default_timeout(ways.SLOW)
    ways.enter(page, network.gateways["city"])
    for template in ("Second opinion", "Emergency card", "Insurance", "Research"):
        offered(page, template)
        page.get_by_role("button", name=MAKE).click()
        expect(page.get_by_role("alert").last).to_contain_text("Choose who may read.")
        who = page.get_by_label("Who may read")
        hospitals = who.locator("> option:not([value=''])").all_inner_texts()
        fitting = [] if template in ("Insurance", "Research") else ["Mercy Hospital", "City Hospital"]
        assert sorted(hospitals) == sorted(fitting)
        who.select_option("Mercy Hospital")
        page.get_by_role("button", name=MAKE).click()
        expect(page.locator('[data-status="proposed"]:focus')).to_contain_text("Read it through.")
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_text("我允许“").first).to_be_visible()
    page.get_by_role("button", name="English").click()
    page.get_by_role("button", name="Change something").click()
    expect(who.locator("option:checked")).to_have_text("Mercy Hospital")
    ways.go(page, "consents")
    expect(page.get_by_text("Nothing is waiting for you.")).to_be_visible()
    expect(page.locator('[data-status="proposed"]')).to_have_count(0)
    page.get_by_role("link", name="Family representative").click()
    expect(page.get_by_role("region", name="Representatives", exact=True)).to_be_visible()
    assert alice.typed() == []


def test_consent_for_another_hospital_is_told_to_it(page: Page, alice: Wallet, network: Network) -> None:
    """W-56, W-52: signed at City's page, it is at Mercy's at once; and the file that is taken along says the same."""
    page.set_default_timeout(ways.SLOW)
    ways.enter(page, network.gateways["city"])
    page.get_by_role("button", name="Open my directory").click()
    expect(page.get_by_text("Open (version 1).")).to_be_visible(timeout=ways.SLOW)
    offered(page, "Second opinion")
    page.get_by_label("Who may read").select_option("Mercy Hospital")
    page.get_by_role("button", name=MAKE).click()
    page.get_by_role("button", name="Sign with my wallet").click()
    expect(page.locator("#status")).to_contain_text("Mercy Hospital knows the terms.", timeout=ways.SLOW)
    with page.expect_download() as saving:
        page.get_by_role("button", name="Save as a file").click()
    ways.enter(page, network.gateways["mercy"])
    expect(page.locator('[data-status="active"]')).to_contain_text("I allow Mercy Hospital")
    page.get_by_text("I signed a consent at another hospital’s page").click()
    page.get_by_label("The file that you saved there").set_input_files(saving.value.path())
    expect(page.locator("#status")).to_contain_text("This hospital knows the terms now.")
    expect(page.locator('[data-status="active"]')).to_have_count(1)
