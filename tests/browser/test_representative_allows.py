"""A daughter allows a hospital to read her mother's record by a mandate, on the real network (W-107 to W-111)."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Locator, expect

from consentry.demo.actors import Hospital, Person
from consentry.errors import NoGround
from consentry.network.run import Network
from consentry.wallets.keyfile import Wallet as KeyWallet
from tests.browser import ways
from tests.browser.company import Somebody, somebody
from tests.browser.test_patient_journey import values_once_indexed
from tests.journeys.bundles import bundle as records
from tests.journeys.bundles import laboratory, patient

SHOW, SIGN = "Show me what I would sign", "Sign with my wallet"


def named(alice: Somebody, carol: Somebody, *purposes: str) -> Locator:
    """Alice gives Carol a mandate for her laboratory results, and these purposes; her card of those she gave."""
    ways.go(alice.page, "people")
    card = alice.card("Representatives for a part")
    card.get_by_text("Name somebody for a part").click()
    card.get_by_label("Account of their wallet").fill(carol.wallet.address)
    card.get_by_role("checkbox", name="laboratory results").check()
    card.locator("summary", has_text="What they may allow others").click()
    for one in purposes:
        card.get_by_role("checkbox", name=one, exact=True).check()
    card.get_by_role("button", name=SHOW).click()
    card.get_by_role("button", name=SIGN).click()
    alice.hears("They may act for you within these limits now.")
    return card


def ended(alice: Somebody, card: Locator) -> None:
    card.get_by_role("button", name="End…").click()
    alice.page.get_by_role("checkbox", name="Then renew my directory").uncheck()
    alice.press("End it with my wallet")
    alice.hears("5 of 5 keepers have acknowledged")


def form(carol: Somebody) -> Locator:
    """Where she chooses what to allow, opened; nothing is chosen."""
    carol.enter("people")
    carol.press("Allow somebody, or take it back")
    card = carol.card("Allow an institution to read")
    card.locator("summary", has_text="Allow an institution to read").click()
    return card


def chosen(card: Locator) -> None:
    """All that the mandate lets her choose, shown as she would sign it."""
    card.get_by_label("Who may read").select_option("City Hospital")
    for one in ("treating me", "laboratory results", "everybody who works with records there"):
        card.get_by_role("checkbox", name=one).check()
    card.get_by_role("button", name=SHOW).click()


def test_daughter_allows_a_hospital_by_a_mandate_and_takes_it_back(
    browser: Browser, bundle: object, network: Network
) -> None:
    """W-107 to W-111: she signs in her mother's name, the clinician reads, the mother sees by what mandate, she ends it."""
    url = network.gateways["city"]
    with somebody(browser, url) as alice, somebody(browser, url) as carol:
        alice.enter("consents")
        alice.press("Open my directory")
        alice.hears("Your directory is open")
        city = Hospital(network, "city")
        ref = city.link("RA-1", KeyWallet(bytes(alice.wallet.account.key)))
        city.publish(records(patient("RA-1"), laboratory(6.4)), ref)
        named(alice, carol, "treating me")
        bose = Person.sign_in(network, "dr_bose", "city")
        bose.open_session("TREAT")
        with pytest.raises(NoGround):
            bose.everything(ref)

        card = form(carol)
        expect(card.get_by_role("group", name="What for").get_by_role("checkbox")).to_have_count(1)
        card.get_by_role("button", name=SHOW).click()
        expect(card.get_by_role("alert")).to_contain_text("Choose at least one purpose.")
        chosen(card)
        proposal = card.locator('[data-status="proposed"]')
        expect(proposal).to_contain_text("City Hospital")
        expect(proposal).to_contain_text(alice.account)
        before = len(carol.wallet.typed())
        carol.wallet.declines.add("eth_signTypedData_v4")
        proposal.get_by_role("button", name=SIGN).click()
        expect(carol.page.get_by_role("alert").filter(has_text="You declined in your wallet")).to_be_visible()
        carol.wallet.declines.clear()
        assert len(carol.wallet.typed()) == before
        proposal.get_by_role("button", name=SIGN).click()
        carol.hears("The consent is active.")
        signed = carol.wallet.typed()[-1]
        assert (signed["primaryType"], signed["message"]["patient"]) == ("Consent", alice.account)
        assert signed["message"]["terms"]["recipientName"] == "City Hospital"
        assert signed["message"]["terms"]["provisions"][0]["purposes"] == ["TREAT"]
        assert values_once_indexed(bose, ref, 1) == [6.4]

        alice.enter("consents")
        active = alice.page.locator('[data-status="active"]')
        expect(active).to_contain_text("by the mandate that you gave")
        expect(active).to_contain_text(carol.account)
        ways.go(alice.page, "readers")
        alice.press("Show who read my record")
        content = alice.page.locator("#content")
        expect(content).to_contain_text("by a mandate that you gave.", timeout=ways.SLOW)

        carol.press("Take it back…")
        carol.press("Take it back with my wallet")
        carol.hears("Nothing more is read under it.")
        assert carol.wallet.typed()[-1]["primaryType"] == "Revocation"
        with pytest.raises(NoGround):
            bose.everything(ref)
        alice.enter("consents")
        expect(alice.page.locator('[data-status="revoked"]')).to_have_count(1)


def test_nothing_is_signed_once_the_mandate_has_ended(
    browser: Browser, bundle: object, network: Network
) -> None:
    """W-110: ended between the form and the signature, no wallet is asked; a mandate for reading alone has no form."""
    url = network.gateways["city"]
    with somebody(browser, url) as alice, somebody(browser, url) as carol:
        alice.enter("people")
        given = named(alice, carol, "treating me")
        card = form(carol)
        chosen(card)
        proposal = card.locator('[data-status="proposed"]')
        before = len(carol.wallet.typed())
        expect(proposal).to_contain_text("City Hospital")
        ended(alice, given)
        proposal.get_by_role("button", name=SIGN).click()
        expect(proposal.get_by_role("alert")).to_contain_text("The mandate has ended.")
        assert len(carol.wallet.typed()) == before

        named(alice, carol)
        carol.enter("people")
        held = carol.card("What others let you see")
        expect(held).to_contain_text("It lets you read only")
        expect(held.get_by_role("button", name="Allow somebody, or take it back")).to_have_count(0)
