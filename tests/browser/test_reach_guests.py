"""Pages that one meets once, or for somebody else: the first visit, a desk's request, reading under a mandate."""

from __future__ import annotations

import secrets

import pytest
from playwright.sync_api import Browser, expect

from consentry.demo.actors import Person
from consentry.domain import addresses
from consentry.domain.addresses import Address
from consentry.network.run import Network
from tests.browser import reach, ways
from tests.browser.guests import with_mandate
from tests.browser.reach import Theme
from tests.browser.test_reach_forms import NARROW, free_of_barriers
from tests.browser.test_reach_keyboard import unreached
from tests.browser.wallet import Wallet


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("zh", "dark")])
def test_guests_pages_have_no_barrier_and_need_no_mouse(
    browser: Browser, bundle: object, network: Network, language: str, theme: Theme
) -> None:
    """W-6, W-7, W-8, W-87, W-93, W-94: 320 CSS pixels wide, unfolded, and by Tab alone."""
    guest = Wallet()
    with_mandate(network, guest)
    where = network.gateways["city"]
    with reach.visiting(browser, where, guest, language=language, theme=theme, width=NARROW) as visit:
        page = visit.page
        visit.enter()
        visit.show("overview")
        expect(page.locator("ol > li")).to_have_count(3)
        free_of_barriers(page, "the first visit")
        assert unreached(page) == []

        visit.show("people")
        page.locator("article[data-status=active] button.primary").click()
        reach.settled(page)
        free_of_barriers(page, "before reading under a mandate")
        page.locator("#content .actions button.primary").click()
        expect(page.locator("#content")).to_contain_text("HbA1c")
        reach.settled(page)
        free_of_barriers(page, "what a mandate lets somebody read")
        assert unreached(page) == []

        desk = Person.sign_in(network, "dr_bose", "city")
        did = addresses.did(Address(guest.address.lower()), network.ledger.chain_id)
        desk.gateway.post("/api/patients/links", {"mrn": f"G-{secrets.token_hex(4)}", "did": did})
        expect(page.locator("#banner a")).to_be_visible(timeout=ways.NEWS)
        free_of_barriers(page, "a desk that asks, on another page")
        page.locator("#banner a").click()
        expect(page.locator("#content button.primary")).to_be_visible()
        reach.settled(page)
        free_of_barriers(page, "what a desk asks")
        assert unreached(page) == []
