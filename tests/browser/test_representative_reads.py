"""A representative reads the patient's record in the own browser, on the real network (W-48, W-54)."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from consentry.demo.actors import Hospital
from consentry.network.run import Network
from consentry.wallets.keyfile import Wallet as KeyWallet
from tests.browser import reach, ways
from tests.browser.company import somebody
from tests.browser.people import allergy
from tests.journeys.bundles import bundle as records
from tests.journeys.bundles import laboratory, patient


def test_representative_reads_what_the_patient_has(
    browser: Browser, bundle: object, network: Network
) -> None:
    """W-48, W-54, W-87, C-3: keepers release to whoever the chain says acts for the patient; the page says for whom."""
    url = network.gateways["city"]
    with somebody(browser, url) as alice, somebody(browser, url) as carol:
        alice.enter("consents")
        alice.press("Open my directory")
        alice.hears("Your directory is open")
        city = Hospital(network, "city")
        desk = KeyWallet(bytes(alice.wallet.account.key))
        city.publish(records(patient("RR-1"), laboratory(6.4)), city.link("RR-1", desk))
        ways.go(alice.page, "people")
        card = alice.card("Representatives")
        card.get_by_text("Name a representative").click()
        card.get_by_label("Account of their wallet").fill(carol.wallet.address)
        card.get_by_role("button", name="Name them with my wallet").click()
        alice.hears("They act for you now.")

        carol.enter("people")
        carol.card("Whom you act for").get_by_role("button", name="Act for this person").click()
        known = carol.page.get_by_role("dialog", name="Do you know this identity?")
        expect(known).to_contain_text("Who controls it")
        expect(known).to_contain_text(alice.account)
        known.get_by_role("button", name="I know this DID: go on").click()
        expect(carol.page.locator("#account")).to_contain_text("acting for")
        ways.go(carol.page, "records")
        reach.settled(carol.page)
        carol.page.locator("#content button").filter(has_text=reach.UNLOCK).first.click()
        expect(carol.page.locator("#content")).to_contain_text("HbA1c", timeout=ways.SLOW)
        opened = carol.wallet.typed()[-1]
        assert (opened["primaryType"], opened["message"]["patient"]) == ("PatientSession", alice.account)


def test_mandate_lets_somebody_read_a_part_until_it_is_taken_back(
    browser: Browser, bundle: object, network: Network
) -> None:
    """W-85, W-86, W-87, W-105, K-16: shown before it is signed; the laboratory opens, the allergy does not; its end counts."""
    url = network.gateways["city"]
    with somebody(browser, url) as alice, somebody(browser, url) as carol:
        alice.enter("consents")
        alice.press("Open my directory")
        alice.hears("Your directory is open")
        city = Hospital(network, "city")
        ref = city.link("RR-2", KeyWallet(bytes(alice.wallet.account.key)))
        city.publish(records(patient("RR-2"), laboratory(6.4), allergy("Penicillin")), ref)
        ways.go(alice.page, "people")
        card = alice.card("Representatives for a part")
        expect(card).to_contain_text("sign consents in your name only for what you tick")
        card.get_by_text("Name somebody for a part").click()
        card.get_by_label("Account of their wallet").fill(carol.wallet.address)
        card.get_by_label("What you call them").fill("妹妹 Carol")
        show = card.get_by_role("button", name="Show me what I would sign")
        show.click()
        expect(card.get_by_role("alert").last).to_contain_text("Choose at least one kind of record.")
        card.get_by_role("checkbox", name="laboratory results").check()
        show.click()
        expect(card).to_contain_text("What: laboratory results.")
        expect(card).to_contain_text(carol.account)
        assert [one["primaryType"] for one in alice.wallet.typed()] == ["SetAttribute"]
        card.get_by_role("button", name="Sign with my wallet").click()
        alice.hears("They may act for you within these limits now.")
        signed = alice.wallet.typed()[-1]
        assert (signed["primaryType"], signed["message"]["representative"]) == ("Mandate", carol.account)
        assert signed["message"]["scope"]["provisions"][0]["categories"] == ["laboratory"]
        expect(card).to_contain_text("妹妹 Carol")

        carol.enter("people")
        held = carol.card("What others let you see")
        expect(held).not_to_contain_text("妹妹")
        held.get_by_role("button", name="Read what I may see").click()
        carol.press("Open what I may see")
        content = carol.page.locator("#content")
        expect(content).to_contain_text("HbA1c", timeout=ways.SLOW)
        expect(content).to_contain_text("a part of the record only")
        expect(content).not_to_contain_text("Penicillin")
        opened = carol.wallet.typed()[-1]
        assert (opened["primaryType"], opened["message"]["patient"]) == ("PatientSession", alice.account)

        card.get_by_role("button", name="End…").click()
        alice.page.get_by_role("checkbox", name="Then renew my directory").uncheck()
        alice.press("End it with my wallet")
        alice.hears("5 of 5 keepers have acknowledged")
        expect(card).to_contain_text("Taken back")
        carol.enter("people")
        expect(carol.card("What others let you see")).not_to_contain_text(alice.account)
