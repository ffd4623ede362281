"""What a sign-in has opened stays open: looking for new records asks keepers for what is new."""

from __future__ import annotations

import base64
import json

import pytest
from playwright.sync_api import BrowserContext, Page, Request, Route, expect

from consentry.demo.actors import Hospital
from consentry.domain.categories import Category
from consentry.fhir.merge import RECORD_TAG
from consentry.network.run import Network
from tests.browser import ways
from tests.browser.people import Enrolled, enrolled
from tests.journeys.bundles import bundle, laboratory, patient


@pytest.fixture
def rosa(network: Network, context: BrowserContext) -> Enrolled:
    return enrolled(network, context)


def items_asked(page: Page, press: str) -> set[tuple[str, str]]:
    """Type and id of what keepers are asked for until the page has read; of categories' keys the category."""
    asked: set[tuple[str, str]] = set()

    def note(request: Request) -> None:
        if request.url.endswith("/release"):
            told = json.loads(base64.b64decode(json.loads(request.post_data or "")["request"]))
            asked.update(
                (one["type"], one.get("category") or one["header"]["recordId"]) for one in told["items"]
            )

    page.on("request", note)
    button = page.get_by_role("button", name=press)
    button.click()
    expect(page.get_by_role("button", name="Look for new records")).to_be_enabled(timeout=ways.SLOW)
    expect(page.locator("[aria-busy]")).to_have_count(0, timeout=ways.SLOW)
    page.remove_listener("request", note)
    return asked


def test_looking_for_new_records_opens_only_what_is_new(page: Page, network: Network, rosa: Enrolled) -> None:
    """W-104: what is open stays so without a keeper; keepers decide on what was taken back; after signing out all is new."""
    mercy = Hospital(network, "mercy")
    first = filed(mercy, rosa, "2026-03-01")
    ways.enter(page, network.gateways["city"], "overview")
    seeds = {("seed", one) for one in Category}
    assert items_asked(page, "Open my record") == seeds | {("record", first)}
    second = filed(mercy, rosa, "2026-03-02")
    assert items_asked(page, "Look for new records") == seeds | {("record", second)}
    expect(page.locator("#content")).to_contain_text("2 records")
    mercy.gateway.post("/api/records/retractions", {"record": first, "reason": "entered-in-error"})
    assert items_asked(page, "Look for new records") == seeds | {("record", first)}
    expect(page.locator("#content")).to_contain_text("1 record from")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Connect").click()
    assert items_asked(page, "Open my record") == seeds | {("record", first), ("record", second)}


def filed(mercy: Hospital, who: Enrolled, on: str) -> str:
    """Mercy publishes a laboratory value of that day; its record id."""
    answer = mercy.publish(bundle(patient(who.number), laboratory(5.0, on)), who.ref)
    return str(answer["entry"][0]["response"]["location"]).removeprefix(f"{RECORD_TAG}:")


def test_looking_again_brings_no_sealed_entry_twice(page: Page, network: Network, rosa: Enrolled) -> None:
    """W-114: of what the page holds come the rows alone; a gateway that takes more for held than there is is asked again."""
    mercy = Hospital(network, "mercy")
    filed(mercy, rosa, "2026-03-01")
    ways.enter(page, network.gateways["city"], "overview")
    brought: list[str] = []

    def note(route: Route) -> None:
        answer = route.fetch()
        told = answer.json()
        brought.extend(hit["state"] for hit in told["hits"])
        route.fulfill(response=answer)

    page.route("**/api/index/entries", note)
    items_asked(page, "Open my record")
    assert brought == ["stored"]
    filed(mercy, rosa, "2026-03-02")
    brought.clear()
    items_asked(page, "Look for new records")
    assert sorted(brought) == ["held", "stored"]
    page.unroute("**/api/index/entries")

    def claim(route: Route) -> None:
        """Everything is held, it says to whoever holds anything."""
        answer = route.fetch()
        told = answer.json()
        if json.loads(route.request.post_data or "").get("held"):
            told["hits"] = [hit | {"state": "held", "entry": None, "proof": None} for hit in told["hits"]]
        route.fulfill(response=answer, json=told)

    filed(mercy, rosa, "2026-03-03")
    page.route("**/api/index/entries", claim)
    items_asked(page, "Look for new records")
    expect(page.locator("#content")).to_contain_text("3 records")
