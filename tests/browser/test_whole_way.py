"""From the first visit to what is left after a revocation, and an emergency: each person before an own device, in both languages.

Everything that people do is done on the pages; only Mercy's computer system, which has no page, publishes by its own client.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from consentry.network.run import Network
from tests.app.gateway.ward import with_contact
from tests.browser import reach
from tests.browser.clinicians import DESK, PHONE, SLOW, Screen, enter, screen, wallet_of
from tests.browser.spoken import words
from tests.browser.steps import (
    CITY,
    asked,
    linked,
    press,
    proven,
    read,
    shown_to_the_wallet,
    told,
    treated_at_mercy,
)
from tests.browser.wallet import Wallet
from tests.journeys.bundles import bundle as records
from tests.journeys.bundles import laboratory, patient

Devices = Callable[[Wallet, str], Screen]


@pytest.fixture(params=["en", "zh"])
def said(request: pytest.FixtureRequest) -> dict[str, Any]:
    """All devices of a test speak one language: its words."""
    return words(request.param) | {"language": request.param}


@pytest.fixture
def signed_in(
    browser: Browser, bundle: object, network: Network, screens: list[Screen], said: dict[str, Any]
) -> Devices:
    """Somebody at City's page of this path, before an own device."""

    def arrive(wallet: Wallet, path: str) -> Screen:
        size = PHONE if path == "/" else DESK
        screens.append(screen(browser, wallet, size, reach.LOCALES[said["language"]]))
        connect = said["frame"]["connectWith"].format("").strip()
        return enter(screens[-1], network.gateways["city"] + path, connect)

    return arrive


@pytest.fixture
def owner(signed_in: Devices, said: dict[str, Any]) -> Screen:
    """A new patient's phone: she has just opened her directory, with a wallet that nobody has seen before."""
    shown = signed_in(Wallet(), "/")
    shown.go(said["pages"]["consents"])
    press(shown, said["directory"]["action"])
    shown.said(said["directory"]["opened"])
    return shown


def test_from_the_first_visit_to_nothing(
    signed_in: Devices, owner: Screen, network: Network, said: dict[str, Any]
) -> None:
    """W-64, W-69, W-73, W-74, W-75, W-58, C-1: she enrols, is linked, is asked, signs, is read, sees it proven, revokes."""
    did = treated_at_mercy(network, owner, lambda number: records(patient(number), laboratory(5.4)))
    desk = signed_in(wallet_of(network, "dr_bose"), "/clinic")
    linked(desk, owner, did, said)
    asked(desk, said)
    t, codes = said["consents"], said["codes"]

    told(owner, said["news"]["consent"], said["news"]["consentLink"], said)
    proposal = owner.page.locator("[data-status=proposed]")
    for part in (CITY, codes["TREAT"], codes["laboratory"], codes["attending"]):
        expect(proposal).to_contain_text(part)
    press(proposal, t["sign"])
    owner.said(t["granted"])
    shown_to_the_wallet(owner.wallet, network)

    read(desk, said)
    desk.card(said["reading"]["records"]).get_by_role("link", name=codes["laboratory"]).click()
    expect(desk.page.locator("#content article").first).to_contain_text("5.4 %")
    desk.page.get_by_role("link", name=said["reading"]["back"]).click()

    access = proven(owner, "CONSENT", said)
    r = said["readers"]
    for part in ("Dr Arjun Bose", CITY, r["why"].format(codes["TREAT"]), r["ground"]["CONSENT"]):
        expect(access).to_contain_text(part)

    owner.go(said["pages"]["consents"])
    active = owner.page.locator("[data-status=active]")
    press(active, t["revoke"])
    press(active, t["revokeNow"])
    owner.said(said["acknowledged"]["all"])
    owner.said(said["directory"]["renewed"])
    expect(owner.page.locator("[data-status=revoked]")).to_have_count(1)

    read(desk, said)
    expect(desk.page.get_by_text(said["reading"]["none"])).to_be_visible(timeout=SLOW)
    expect(desk.page.locator("#content")).not_to_contain_text("5.4")
    kinds = ["SetAttribute", "Consent", "PatientSession", "Revocation", "SetAttribute"]
    assert [one["primaryType"] for one in owner.wallet.typed()] == kinds
    assert [one["primaryType"] for one in desk.wallet.typed()] == ["Session"]


def test_emergency_by_two_is_told_and_reviewed(
    signed_in: Devices, owner: Screen, network: Network, said: dict[str, Any]
) -> None:
    """W-62, W-64, W-71, W-76, E-17: each before an own device; her open page tells her by itself, and shows what became of it."""
    did = treated_at_mercy(network, owner, lambda number: json.dumps(with_contact(number)).encode())
    t, mine, loaded = said["opening"], said["emergency"], "performance.timeOrigin"
    since = owner.page.evaluate(loaded)
    doctor, nurse, reviewer = (
        signed_in(wallet_of(network, slug), "/clinic")
        for slug in ("dr_duarte", "nurse_okoye", "dr_lindqvist")
    )
    doctor.go(said["pages"]["emergency"])
    opening = doctor.card(t["open"])
    opening.get_by_label(t["patient"], exact=True).fill(did)
    opening.get_by_label(t["second"], exact=True).select_option(nurse.wallet.address.lower())
    opening.get_by_label(t["minutes"], exact=True).select_option("15")
    press(opening, t["begin"])
    expect(doctor.card(t["waits"])).to_be_visible(timeout=SLOW)
    expect(owner.page.locator("#news")).to_be_hidden()
    nurse.go(said["pages"]["emergency"])
    press(nurse.card(t["yours"]), t["sign"])
    for one in (nurse, doctor):
        one.said(t["opened"])
    assert doctor.wallet.typed() == nurse.wallet.typed()
    (shown,) = (one["message"] for one in nurse.wallet.typed())
    assert (shown["member"], shown["subject"]["patient"]) == (CITY, owner.wallet.address.lower())

    told(owner, said["news"]["opening"], said["news"]["openingLink"], said)
    hers = owner.page.locator("article[id^=opening-]")
    expect(hers).to_have_attribute("data-status", "open", timeout=SLOW)
    for part in ("Dr Marta Duarte", "Nurse Ada Okoye", mine["holds"]):
        expect(hers).to_contain_text(part)
    identifier = str(hers.get_attribute("id")).removeprefix("opening-")
    press(hers, mine["seen"])
    expect(owner.page.locator("#news")).to_be_hidden(timeout=SLOW)

    press(doctor.page.locator(f"article[data-id='{identifier}']"), t["read"])
    expect(doctor.page.locator("#opened")).to_contain_text("+1 555 0100", timeout=SLOW)
    access = proven(owner, "EMERGENCY", said)
    for part in ("Dr Marta Duarte", said["readers"]["ground"]["EMERGENCY"]):
        expect(access).to_contain_text(part)
    press(nurse.page.locator(f"article[data-id='{identifier}']"), t["close"])
    nurse.said(t["closed"])

    reviewer.go(said["pages"]["emergency"])
    press(reviewer.page.locator(f"article[data-id='{identifier}']"), t["justified"])
    press(reviewer.page.get_by_role("dialog"), t["justified"])
    reviewer.said(t["reviewed"])
    owner.go(said["pages"]["emergency"])
    expect(hers).to_have_attribute("data-status", "reviewed", timeout=SLOW)
    expect(hers).to_contain_text(mine["finding"]["justified"])
    assert owner.page.evaluate(loaded) == since
