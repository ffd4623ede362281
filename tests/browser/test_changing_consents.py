"""A consent that is changed gives no more than before unless the patient says so (W-53)."""

from __future__ import annotations

import json
import secrets
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser import ways
from tests.browser.stand_in import StandIn
from tests.browser.wallet import Wallet

CITY, MERCY, CLOSED = "0x" + "c1" * 20, "0x" + "aa" * 20, "0x" + "dd" * 20
MAKE = "Show me what I would sign"
GIVEN = "/api/consents/own/granted"
MEMBERS = [
    {"address": MERCY, "name": "Mercy Hospital", "kind": "hospital", "status": "active"},
    {"address": CITY, "name": "City Hospital", "kind": "hospital", "status": "active"},
    {"address": CLOSED, "name": "Closed Hospital", "kind": "hospital", "status": "withdrawn"},
]
PROVISION: dict[str, Any] = {
    "purposes": ["TREAT"],
    "categories": ["laboratory", "medication"],
    "confidentiality": "N",
    "dataFrom": "any",
    "dataUntil": "any",
    "authors": ["any"],
    "records": ["any"],
}


class Changing:
    """A patient's page; what its form sends is kept, and goes no further."""

    def __init__(self, page: Page, alice: Wallet, stand_in: StandIn) -> None:
        self.page, self.alice, self.stand_in = page, alice, stand_in
        self.sent: list[dict[str, Any]] = []

    def begin(
        self, *, recipient: str = CITY, uses: int = 0, window: dict[str, str] | None = None, **narrower: Any
    ) -> Locator:
        """A consent that is in force; its card."""
        terms = {
            "recipientName": "City Hospital",
            "recipient": recipient,
            "roles": ["attending"],
            "provisions": [PROVISION | narrower],
            "maxUses": uses,
            "salt": "0x" + secrets.token_hex(32),
        }
        consent_id = self.stand_in.propose(self.alice.address, terms=terms, **(window or {}))
        self.stand_in.consents[consent_id]["status"] = "active"
        self.page.route("**/api/members", lambda route: route.fulfill(json={"members": MEMBERS}))
        self.page.route(f"**{GIVEN}", self._take)
        ways.enter(self.page, self.stand_in.url)
        return self.page.locator(f"#consent-{consent_id}")

    def change(self, **consent: Any) -> None:
        self.begin(**consent).get_by_role("button", name="Change…").click()
        expect(self.page.get_by_role("button", name=MAKE)).to_be_visible()

    def made(self) -> dict[str, Any]:
        """What the form as it stands would have the patient sign."""
        before = len(self.sent)
        self.page.get_by_role("button", name=MAKE).click()
        sign = self.page.get_by_role("button", name="Sign with my wallet")
        expect(sign).to_be_visible()
        assert len(self.sent) == before  # nobody hears of it before it is signed
        with self.page.expect_event("requestfailed", lambda one: one.url.endswith(GIVEN)):
            sign.click()
        assert len(self.sent) == before + 1
        self.page.get_by_role("button", name="Change something").click()
        expect(self.page.get_by_role("button", name=MAKE)).to_be_visible()
        return dict(self.sent[-1]["consent"])

    def provision(self) -> dict[str, Any]:
        provision: dict[str, Any] = self.made()["terms"]["provisions"][0]
        return provision

    def _take(self, route: Route) -> None:
        self.sent.append(json.loads(route.request.post_data or ""))
        route.abort()


@pytest.fixture
def changing(page: Page, alice: Wallet, stand_in: StandIn) -> Changing:
    return Changing(page, alice, stand_in)


@pytest.mark.parametrize("authors", [["Closed Hospital"], ["Mercy Hospital", "City Hospital"]])
def test_authors_stay_those_that_they_were(changing: Changing, authors: list[str]) -> None:
    """W-53: one who is active no more, and several; in sight, and another one if the patient says so."""
    changing.change(authors=authors)
    field = changing.page.get_by_label("Written by")
    expect(field).to_be_visible()
    for name in authors:
        expect(field.locator("option:checked")).to_contain_text(name)
    assert changing.provision()["authors"] == authors
    field.select_option("any institution")
    assert changing.provision()["authors"] == ["any"]


def test_first_day_of_the_data_keeps_its_time(changing: Changing) -> None:
    """W-53: the field shows a day, and the exact time stands beside it."""
    changing.change(dataFrom="2025-03-04T17:45:00Z")
    field = changing.page.get_by_label("Only records from this day on")
    expect(field).to_have_value("2025-03-04")
    expect(changing.page.get_by_text("Until now from 4 March 2025")).to_contain_text("17:45")
    assert changing.provision()["dataFrom"] == "2025-03-04T17:45:00Z"
    field.fill("2025-03-05")
    assert changing.provision()["dataFrom"] == "2025-03-05T00:00:00Z"
    field.fill("")
    assert changing.provision()["dataFrom"] == "any"


def test_consent_whose_recipient_left_goes_to_nobody_else(changing: Changing) -> None:
    """W-53: the list has only others, so that there is no form."""
    changing.begin(recipient=CLOSED).get_by_role("button", name="Change…").click()
    expect(changing.page.get_by_role("note")).to_contain_text("is not active in the network any more")
    expect(changing.page.get_by_role("button", name=MAKE)).to_have_count(0)


def test_what_the_form_cannot_show_is_not_changed_by_it(changing: Changing) -> None:
    """W-53: data up to a day, for one; the card says why there is no button."""
    card = changing.begin(dataFrom="2025-01-01T00:00:00Z", dataUntil="2025-02-01T00:00:00Z")
    expect(card).to_contain_text("cannot be changed here")
    expect(card.get_by_role("button", name="Change…")).to_have_count(0)


def test_purposes_categories_and_uses_stay(changing: Changing) -> None:
    """W-53: those that no template offers too; without a number the form asks for one, as 0 is without limit."""
    changing.change(purposes=["TREAT", "FAMRQT"], categories=["laboratory", "consent"], uses=5000)
    made = changing.made()
    assert made["terms"]["maxUses"] == 5000
    assert made["terms"]["provisions"][0]["purposes"] == ["TREAT", "FAMRQT"]
    assert made["terms"]["provisions"][0]["categories"] == ["laboratory", "consent"]
    changing.page.get_by_label("How often each document").fill("")
    changing.page.get_by_role("button", name=MAKE).click()
    expect(changing.page.get_by_role("alert").filter(has_text="Say how often")).to_be_visible()
    assert len(changing.sent) == 1


def test_ordinary_consent_keeps_its_choices_folded(changing: Changing) -> None:
    """W-53: only what differs from most consents unfolds by itself."""
    changing.change()
    expect(changing.page.get_by_label("Written by")).to_be_hidden()
    assert changing.provision() == PROVISION


def test_consent_that_begins_later_still_does(changing: Changing) -> None:
    """W-53: and ends no later than before."""
    changing.change(window={"validFrom": "2040-01-01T00:00:00Z", "validUntil": "2040-02-03T04:05:06Z"})
    made = changing.made()
    assert (made["validFrom"], made["validUntil"]) == ("2040-01-01T00:00:00Z", "2040-02-03T00:00:00Z")
