"""A representative reads the patient's record in the own browser, on the real network (W-48, W-54)."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from consentry.demo.actors import Hospital
from consentry.network.run import Network
from consentry.wallets.keyfile import Wallet as KeyWallet
from tests.browser import reach, ways
from tests.browser.company import somebody
from tests.journeys.bundles import bundle as records
from tests.journeys.bundles import laboratory, patient


def test_representative_reads_what_the_patient_has(
    browser: Browser, bundle: object, network: Network
) -> None:
    """W-48, W-54, C-3: keepers release to whoever the chain says acts for the patient; the page says for whom."""
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
        expect(carol.page.locator("#account")).to_contain_text("acting for")
        ways.go(carol.page, "records")
        reach.settled(carol.page)
        carol.page.locator("#content button").filter(has_text=reach.UNLOCK).first.click()
        expect(carol.page.locator("#content")).to_contain_text("HbA1c", timeout=ways.SLOW)
        opened = carol.wallet.typed()[-1]
        assert (opened["primaryType"], opened["message"]["patient"]) == ("PatientSession", alice.account)
