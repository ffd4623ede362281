"""The form in which guardians are named: as many as the patient says must agree (W-54)."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import ways
from tests.browser.stand_in import StandIn
from tests.browser.wallet import NAME, Wallet

LETTER = "Save the letter for your guardians"


@pytest.fixture
def card(page: Page, alice: Wallet, stand_in: StandIn) -> Locator:
    """The card of somebody without guardians, its form open."""
    account = alice.address.lower()
    state = {
        "did": f"did:ethr:0x539:{account}",
        "controller": account,
        "nonce": 0,
        "representatives": [],
        "guardians": {"commitment": None, "nextCommitment": None, "effectiveAt": None},
        "recovery": {"newOwner": None, "executableAt": None, "attempt": 0, "vetoSpent": False},
        "recoveryDelay": 172_800,
    }
    page.route("**/api/identity", lambda route: route.fulfill(json=state))
    page.route("**/api/identities", lambda route: route.fulfill(json={"identities": []}))
    page.route("**/api/mandates", lambda route: route.fulfill(json={"given": [], "held": []}))
    ways.enter(page, stand_in.url, "people")
    made = page.get_by_role("region", name="Guardians")
    made.get_by_text("Name guardians").click()
    return made


def fill(card: Locator, number: int) -> None:
    group = card.get_by_role("group", name=f"Guardian {number}")
    group.get_by_label("Account of their wallet").fill("0x" + f"{number:02x}" * 20)


def test_fewer_guardians_than_must_agree_are_refused(page: Page, card: Locator, alice: Wallet) -> None:
    """W-54: one who is filled in where two must agree is not enough by herself; said in words, nothing is saved or signed."""
    fill(card, 1)
    saved: list[str] = []
    page.on("download", lambda one: saved.append(one.suggested_filename))
    card.get_by_role("button", name=LETTER).click()
    expect(card.get_by_role("alert")).to_contain_text("2 guardians are enough, but filled in 1")
    card.get_by_label("How many of them are enough").fill("")
    card.get_by_role("button", name=LETTER).click()
    expect(card.get_by_role("alert")).to_contain_text("a whole number, at least 1")
    card.get_by_role("button", name="Name them with my wallet").click()
    assert saved == [] and alice.typed() == []
    fill(card, 2)
    card.get_by_label("How many of them are enough").fill("2")
    with page.expect_download() as saving:
        card.get_by_role("button", name=LETTER).click()
    letter = json.loads(saving.value.path().read_text("utf-8"))
    assert '"threshold":2' in json.dumps(letter, separators=(",", ":"))


def test_what_was_typed_outlives_the_page_that_is_drawn_anew(
    page: Page, card: Locator, stand_in: StandIn
) -> None:
    """W-141: another language, a sign-in that ended by itself; the letter that was saved is still the one that counts."""
    representatives = page.get_by_role("region", name="Representatives", exact=True)
    representatives.get_by_text("Name a representative").click()
    representatives.get_by_label("Account of their wallet").fill("0x" + "0a" * 20)
    representatives.get_by_label("What you call them").fill("妹妹 Carol")
    representatives.get_by_label("Until").fill("2031-05-06")
    card.get_by_role("button", name="One more guardian").click()
    for number in (1, 4):
        fill(card, number)
    with page.expect_download():
        card.get_by_role("button", name=LETTER).click()
    for language, shown in (("中文", "第 4 位监护人"), ("English", "Guardian 4")):
        page.get_by_role("button", name=language).click()
        expect(page.get_by_role("group", name=shown)).to_be_visible()
    stand_in.sessions.clear()
    ways.go(page, "consents")
    connect = page.get_by_role("button", name=f"Connect {NAME}")
    connect.click()
    ways.go(page, "people")
    expect(representatives.get_by_label("Account of their wallet")).to_have_value("0x" + "0a" * 20)
    expect(representatives.get_by_label("What you call them")).to_have_value("妹妹 Carol")
    expect(representatives.get_by_label("Until")).to_have_value("2031-05-06")
    last = page.get_by_role("group", name="Guardian 4").get_by_label("Account of their wallet")
    expect(last).to_have_value("0x" + "04" * 20)
    done = {"transaction": None, "block": None}
    page.route("**/api/identity/guardians", lambda route: route.fulfill(json=done))
    card.get_by_role("button", name="Name them with my wallet").click()
    expect(page.get_by_role("status")).to_contain_text("Your guardians are named.")
    expect(last).to_have_count(0)
    expect(representatives.get_by_label("What you call them")).to_have_value("妹妹 Carol")
    page.get_by_role("button", name="Sign out").click()
    connect.click()
    expect(representatives).to_be_visible()
    expect(representatives.get_by_label("What you call them")).to_have_value("")
