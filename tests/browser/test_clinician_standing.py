"""Whoever is staff no more: on an open page, signing in again, and where only the keepers know of it yet."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Route, expect

from consentry.domain.addresses import Address
from consentry.network.run import Network
from tests.browser.clinicians import SLOW, Clinician, Screen, enter, screen, wallet_of
from tests.browser.test_clinician_alerts import suspended
from tests.browser.test_clinician_edges import at_record
from tests.browser.test_clinician_turns import permitted
from tests.browser.wallet import Wallet

DAY_SECONDS = 86_400
ENDED = "You are not enrolled here any more, or your licence has ended"


def word(text: str) -> bytes:
    return text.encode().ljust(32, b"\0")


def test_whoever_is_dismissed_is_told_as_staff(
    browser: Browser, bundle: object, network: Network, screens: list[Screen]
) -> None:
    """W-146: on each page and in both languages, and where one signs in again; never in the words for patients."""
    wallet, city = Wallet(), network.sender_of("city")
    account = Address(wallet.address.lower())
    ends = int(time.time()) + DAY_SECONDS
    city.transact("MemberRegistry", "enrol", account, word("attending"), word("surgery"), ends)
    clinic = f"{network.gateways['city']}/clinic"
    ines = enter(screen(browser, wallet), clinic)
    screens.append(ines)
    expect(ines.card("Who you are here")).to_be_visible()
    city.transact("MemberRegistry", "dismiss", account)
    problem, banner = ines.page.locator("#problem"), ines.page.locator("#banner")
    expect(banner).to_contain_text(ENDED, timeout=SLOW)
    for name in ("Requests", "Emergency"):
        ines.go(name)
        expect(ines.page.locator("main")).to_contain_text(ENDED)
        expect(problem).to_contain_text("get a colleague whose licence is in force", timeout=SLOW)
        expect(problem).not_to_contain_text("your record went to a new wallet")
        expect(ines.page.get_by_text("Your role does not answer for records.")).to_have_count(0)
    ines.page.locator("#language").click()
    expect(problem).to_contain_text("请找执业许可有效的同事", timeout=SLOW)
    ines.page.locator("#language").click()
    enter(ines, clinic)
    expect(ines.page.locator("#content")).to_contain_text("or its licence has ended")
    expect(ines.page.locator("#content")).to_contain_text("ask whoever enrols staff")


def unknown(route: Route) -> None:
    """As a gateway tells what the keepers answer in the minute in which its member was suspended."""
    issue: dict[str, Any] = {
        "severity": "error",
        "code": "login",
        "details": {"coding": [{"code": "actor-unknown"}]},
        "diagnostics": "4 of 5 keepers say so. Have the member enrol this person or system account.",
    }
    body = {"resourceType": "OperationOutcome", "issue": [issue]}
    route.fulfill(status=401, json=body, content_type="application/fhir+json")


def test_keepers_that_give_staff_nothing_are_not_the_patients_will(
    clinician: Clinician, network: Network
) -> None:
    """W-146: before the page has heard that the member is suspended, the words name what it can be."""
    bose = at_record(clinician("dr_bose"), permitted(network, 5.4))
    bose.page.route("**/$everything?*", unknown)
    bose.page.get_by_role("button", name="Sign and read").click()
    problem = bose.page.locator("#problem")
    expect(problem).to_contain_text("your institution is suspended, or your enrolment", timeout=SLOW)
    expect(problem).to_contain_text("It is not the patient’s will")
    expect(problem.get_by_text("4 of 5 keepers say so.")).to_be_hidden()


def comes_back_to_it(shown: Screen) -> None:
    shown.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def is_refused(shown: Screen) -> None:
    body = {"code": "member-suspended", "title": "The consortium has suspended this institution."}

    def refuse(route: Route) -> None:
        route.fulfill(status=403, json=body, content_type="application/problem+json")

    shown.page.route("**/api/consents/proposals", refuse)
    shown.go("My desk")


@pytest.mark.parametrize("act", [comes_back_to_it, is_refused])
def test_a_suspension_is_told_as_soon_as_something_tells_of_it(
    browser: Browser,
    bundle: object,
    network: Network,
    screens: list[Screen],
    act: Callable[[Screen], None],
) -> None:
    """W-152: while the page's own time stands still, so that no turn of its own comes."""
    wallet = wallet_of(network, "dr_bose")
    bose = screen(browser, wallet)
    bose.page.clock.install()
    bose = enter(bose, f"{network.gateways['city']}/clinic")
    screens.append(bose)
    bose.go("Record")
    expect(bose.page.locator("#banner")).to_be_empty()
    bose.page.clock.pause_at(bose.page.evaluate("Date.now()") + 1_000)
    bose.page.route("**/api/members", suspended)
    act(bose)
    expect(bose.page.locator("#banner .danger")).to_contain_text("is suspended", timeout=SLOW)
