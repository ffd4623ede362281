"""What ends, or is ambiguous, while a clinician works: an opening's time, and who is looked for."""

from __future__ import annotations

import secrets

from playwright.sync_api import Request, Route, expect

from consentry.demo.actors import Hospital
from consentry.domain import addresses
from consentry.network.run import Network
from tests.browser.clinicians import SLOW, Clinician, Screen, past_the_page
from tests.browser.people import Team
from tests.browser.test_clinician_emergency import known
from tests.browser.wallet import Wallet

OPEN_SECONDS = 900


def ended(route: Route) -> None:
    """As the chain has them a quarter of an hour later."""
    answer = route.fetch()
    told = [one | {"stage": "review-due"} for one in answer.json()["openings"]]
    route.fulfill(response=answer, json={"openings": told})


def test_an_opening_that_ends_is_shown_as_over(clinician: Clinician, phone: Screen, network: Network) -> None:
    """W-130: in the list, and above what was read under it, without a step of the reader."""
    identifier = Team.on_duty(network).open(known(network, phone))
    duarte = clinician("dr_duarte")
    duarte.page.clock.install()
    duarte.go("Emergency")
    one = duarte.page.locator(f"article[data-id='{identifier}']")
    one.get_by_role("button", name="Sign and read the summary").click()
    opened = duarte.page.locator("#opened")
    expect(opened).to_contain_text("+1 555 0100", timeout=SLOW)
    expect(opened).not_to_contain_text("This opening is over.")
    duarte.page.route("**/api/emergency/openings", ended)
    duarte.page.clock.fast_forward(OPEN_SECONDS * 1000)
    expect(one).to_have_attribute("data-stage", "review-due", timeout=SLOW)
    expect(opened).to_contain_text("This opening is over.")
    expect(opened).to_contain_text("+1 555 0100")
    opened.get_by_role("button", name="Put it away").click()
    expect(opened).to_be_empty()


def test_the_newest_opening_is_the_first_to_be_read(
    clinician: Clinician, phone: Screen, network: Network
) -> None:
    """W-130: two patients at once, the earlier one for longer; asking for what is open already leads to it in words."""
    team, did = Team.on_duty(network), known(network, phone)
    earlier, newest = (
        team.open(known(network, Screen(Wallet(), phone.context, phone.page, [])), 7_200),
        team.open(did),
    )
    duarte = clinician("dr_duarte")
    duarte.go("Emergency")
    listed = duarte.page.locator("article.opening[data-stage=open]")
    expect(listed.nth(0)).to_have_attribute("data-id", newest)
    expect(listed.nth(1)).to_have_attribute("data-id", earlier)
    asking = duarte.card("Open an emergency summary")
    asking.get_by_label("Patient", exact=True).fill(did)
    asking.get_by_label("Who signs with you").select_option("Nurse Ada Okoye, a nurse")
    asking.get_by_label("How long").select_option("15 minutes")
    asking.get_by_role("button", name="Sign as the first").click()
    problem = duarte.page.locator("#problem")
    expect(problem).to_contain_text("open already. It stands in the list of openings here", timeout=SLOW)
    expect(problem.get_by_text(newest)).to_be_hidden()


def test_one_person_is_looked_for_at_a_time(clinician: Clinician, network: Network, phone: Screen) -> None:
    """W-131: two fields might name two people; a DID is taken in either."""
    owner = past_the_page(network, phone.wallet, "city")
    number = f"C-{secrets.token_hex(4)}"
    Hospital(network, "city").link(number, owner.wallet)
    did = addresses.did(owner.patient, network.ledger.chain_id)
    bose = clinician("dr_bose")
    asked: list[Request] = []
    bose.page.on("request", lambda one: asked.append(one) if one.url.endswith("/find") else None)
    bose.go("Patient")
    here, find = (
        bose.page.get_by_label("Number here"),
        bose.page.get_by_role("button", name="Find", exact=True),
    )
    here.fill("C-somebody")
    bose.page.get_by_label("DID", exact=True).fill(did)
    find.click()
    expect(bose.page.get_by_text("they could be two people’s")).to_be_visible()
    assert not asked
    bose.page.get_by_label("DID", exact=True).fill("")
    here.fill(did)
    find.click()
    expect(bose.card("The patient")).to_be_visible()
