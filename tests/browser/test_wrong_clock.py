"""What is signed goes by the chain's clock, whatever the device's says (W-28)."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from consentry.domain import times
from tests.browser import ways
from tests.browser.stand_in import StandIn
from tests.browser.test_changing_consents import MAKE, Changing
from tests.browser.wallet import Wallet

DAYS = 40
OPEN = "Open my directory"
SHIFTED = """(() => {
  const Real = Date, ahead = %d;
  globalThis.Date = class extends Real {
    constructor(...given) { if (given.length === 0) super(Real.now() + ahead); else super(...given); }
    static now() { return Real.now() + ahead; }
  };
})();"""


def device_ahead(page: Page, days: int = DAYS) -> None:
    page.add_init_script(SHIFTED % (days * 86_400_000))


def answering(answer: dict[str, Any]) -> Callable[[Route], None]:
    return lambda route: route.fulfill(json=answer)


def test_deadline_goes_by_the_chain(page: Page, alice: Wallet, stand_in: StandIn) -> None:
    """W-28: of the directory's signature."""
    device_ahead(page)
    ways.enter(page, stand_in.url)
    page.get_by_role("button", name=OPEN).click()
    expect(page.get_by_text("Open (version 1).")).to_be_visible()
    deadline = int(alice.typed()[0]["message"]["deadline"])
    assert 0 < deadline - time.time() <= 16 * 60


def test_consent_begins_by_the_chain_and_the_page_says_that_the_device_is_off(
    page: Page, alice: Wallet, stand_in: StandIn
) -> None:
    """W-28: the days to choose from are the device's, so the patient compares them first."""
    device_ahead(page)
    changing = Changing(page, alice, stand_in)
    changing.change()
    page.get_by_role("button", name=MAKE).click()
    alert = page.get_by_role("alert").filter(has_text="clock is off")
    expect(alert).to_contain_text(time.strftime("%Y", time.gmtime()))
    assert changing.sent == []
    begins = times.seconds(changing.made()["validFrom"])
    assert abs(begins - time.time()) < 10 * 60


def test_nothing_is_signed_by_the_devices_clock_alone(page: Page, alice: Wallet, stand_in: StandIn) -> None:
    """W-28: while the chain can't be asked, the wallet isn't either."""
    stand_in.lies.add("no-chain")
    ways.enter(page, stand_in.url)
    page.get_by_role("button", name=OPEN).click()
    expect(page.locator("#problem")).to_contain_text("relay of the chain does not answer")
    assert alice.typed() == []


def test_a_proposal_is_over_when_the_chain_says_so(page: Page, alice: Wallet, stand_in: StandIn) -> None:
    """W-122: not when this device does."""
    consent_id = stand_in.propose(alice.address)
    device_ahead(page)
    ways.enter(page, stand_in.url)
    page.locator(f"#consent-{consent_id}").get_by_role("button", name="Sign with my wallet").click()
    expect(page.locator(f"#consent-{consent_id} .badge")).to_have_text("Active")


@pytest.mark.parametrize("days, hours", [(DAYS, 1), (-DAYS, -1)], ids=["early", "late"])
def test_an_identity_is_taken_over_when_the_chain_says_so(
    page: Page, alice: Wallet, stand_in: StandIn, days: int, hours: int
) -> None:
    """W-122: on a device that is late, nobody waits longer than the guardians' time; on one that is early, nobody fails."""
    account, due = alice.address.lower(), int(time.time()) + hours * 3_600
    nobody = {"newOwner": None, "executableAt": None, "attempt": 0, "vetoSpent": False}
    guards = {"commitment": None, "nextCommitment": None, "effectiveAt": None}
    state = {"did": f"did:ethr:0x539:{account}", "controller": account, "nonce": 0, "representatives": []}
    held = {"did": f"did:ethr:0x539:0x{'66' * 20}", "how": "recovery", "from": times.iso(due)}
    for path, answer in (
        ("identity", state | {"guardians": guards, "recovery": nobody, "recoveryDelay": 172_800}),
        ("identities", {"identities": [held]}),
        ("mandates", {"given": [], "held": []}),
    ):
        page.route(f"**/api/{path}", answering(answer))
    device_ahead(page, days)
    ways.enter(page, stand_in.url, "people")
    card = page.get_by_role("region", name="Whom you act for")
    expect(card).to_contain_text("Possible from" if hours > 0 else "The waiting time is over.")
    expect(card.get_by_role("button", name="Take over this identity")).to_have_count(int(hours < 0))
