"""The overview and the records in a browser, on the real network: what two hospitals filed, read by the patient's own page."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from consentry.demo.actors import Hospital
from consentry.demo.bundles import demo_bundles
from consentry.fhir.models import model
from consentry.network.run import Network
from tests.browser.clinicians import PHONE, SLOW, Screen, enter, screen, wallet_of
from tests.browser.owners import Owner
from tests.journeys.bundles import bundle, laboratory, patient

DIV = (
    '<div xmlns="http://www.w3.org/1999/xhtml"><h1>Letter</h1><p onclick="window.stolen=1" style="position:fixed">'
    '<b>محمد</b> is well. <a href="javascript:window.stolen=2">more</a><img src="https://evil.example/x.png" '
    'alt="x" onerror="window.stolen=3"/></p></div>'
)
HOSTILE = "<img src=x onerror=window.stolen=4>"


def letter() -> dict[str, Any]:
    """A condition whose name and narrative try to be more than text."""
    return {
        "resourceType": "Condition",
        "text": {"status": "generated", "div": DIV},
        "clinicalStatus": {
            "coding": [
                {"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active"}
            ]
        },
        "code": {"text": HOSTILE},
        "subject": {"reference": "urn:uuid:00000000-0000-4000-8000-000000000001"},
        "recordedDate": "2026-05-01",
    }


@dataclass
class Home:
    """A patient in front of the own page at City; Mercy filed a year of care, City two results, one corrected, and a letter."""

    shown: Screen
    owner: Owner

    @property
    def page(self) -> Page:
        return self.shown.page


@pytest.fixture(scope="module")
def filed(network: Network, new_owner: Callable[[], Owner]) -> Owner:
    owner = new_owner()
    mercy, city = Hospital(network, "mercy"), Hospital(network, "city")
    mercy.publish(demo_bundles(7)["alice"], owner.at_mercy)
    first = bundle(patient("P-1"), laboratory(9.9, "2026-02-01"))
    city.publish(first, owner.at_city)
    city.publish(first.replace(b'"value": 9.9', b'"value": 6.9'), owner.at_city)
    city.publish(bundle(patient("P-1"), letter()), owner.at_city)
    return owner


@pytest.fixture
def home(browser: Browser, network: Network, filed: Owner, screens: list[Screen]) -> Home:
    screens.append(screen(browser, wallet_of(network, filed.slug), PHONE))
    shown = enter(screens[-1], f"{network.gateways['city']}/#/overview")
    shown.page.get_by_role("button", name="Open my record").click()
    expect(shown.page.get_by_role("heading", name="Allergies")).to_be_visible(timeout=SLOW)
    return Home(shown, filed)


def to_record(home: Home, kind: str, hospital: str) -> None:
    """The newest record of this kind and hospital, through the list."""
    home.shown.go("Records")
    home.page.get_by_role("combobox", name="Kind", exact=True).select_option(label=kind)
    home.page.get_by_role("combobox", name="Hospital", exact=True).select_option(label=hospital)
    home.page.get_by_role("link", name="Open:").first.click()
    expect(home.page.get_by_role("heading", name="Is it genuine?")).to_be_visible(timeout=SLOW)


def test_overview_is_one_record_over_hospitals(home: Home) -> None:
    """W-35, W-36, W-39, W-40, W-95: one signature, then both hospitals together, with a table behind each chart."""
    page = home.page
    assert [data["primaryType"] for data in home.shown.wallet.typed()] == ["PatientSession"]
    penicillin = home.shown.card("Allergies").locator("li", has_text="Penicillin").first
    expect(penicillin).to_contain_text("can be dangerous")
    expect(home.shown.card("Conditions")).to_contain_text(HOSTILE)
    sugar = page.locator("figure", has_text="Long-term blood sugar")
    sugar.scroll_into_view_if_needed()
    expect(sugar.locator("canvas")).to_be_visible(timeout=SLOW)
    sugar.get_by_text("All values as a table").click()
    expect(sugar.get_by_role("table")).to_contain_text("6.9 %")
    expect(sugar.get_by_role("table")).not_to_contain_text("9.9 %")
    expect(sugar.get_by_role("table")).to_contain_text("City Hospital")
    expect(sugar.get_by_role("table")).to_contain_text("Mercy Hospital")
    visits = home.shown.card("Visits")
    visits.get_by_label("Hospital").select_option(label="City Hospital")
    expect(visits.locator("li[data-kind=visit]")).to_have_count(0)
    assert page.evaluate("window.stolen") is None
    expect(page.get_by_text("HIV 1+2")).to_have_count(0)
    page.get_by_role("button", name="Show sensitive").click()
    expect(page.get_by_text("HIV 1+2").first).to_be_attached()


def test_record_is_proven_and_its_narrative_is_harmless(home: Home, screens: list[Screen]) -> None:
    """W-38, W-39: the proof is computed here and asked of the chain now; of a narrative nothing acts, loads or leads anywhere."""
    requests: list[str] = []
    home.page.on("request", lambda request: requests.append(request.url))
    to_record(home, "diagnoses", "City Hospital")
    home.page.get_by_role("button", name="Check again now").click()
    expect(home.page.get_by_text("Checked just now")).to_be_visible(timeout=SLOW)
    home.page.get_by_text("In the hospital’s own words").click()
    narrative = home.page.locator(".narrative")
    expect(narrative).to_contain_text("محمد is well. more")
    narrative.get_by_text("more").click()
    assert narrative.locator("a, img, script, style, [onclick], [style], [href], [src]").count() == 0
    assert home.page.evaluate("window.stolen") is None
    assert not [url for url in requests if "evil.example" in url]
    # The policy looks at handlers and styles while the sanitiser takes them out, and says so; nothing else went wrong.
    home.shown.context.close()
    screens.remove(home.shown)
    assert all(
        one.startswith(("Executing inline event", "Applying inline style")) for one in home.shown.problems
    )


def test_correction_is_asked_and_answered(home: Home, network: Network) -> None:
    """W-42, W-43: at the hospital that wrote it; for another hospital's record the page says where."""
    to_record(home, "laboratory results", "City Hospital")
    page = home.page
    page.get_by_text("Please correct it / Please erase it").click()
    page.get_by_label("Please erase it").check()
    expect(page.get_by_text("The law has this hospital keep the record until")).to_be_visible()
    page.get_by_label("Please correct it").check()
    page.get_by_label("In your own words").fill("That sample was not mine. \u202eرقم")
    page.get_by_role("button", name="Send to the hospital").click()
    home.shown.said("The hospital has your request.")
    city = Hospital(network, "city").gateway
    (waiting,) = [
        one
        for one in city.get("/api/petitions/open")["petitions"]
        if one["patient"].endswith(home.owner.person.patient)
    ]
    city.post(f"/api/petitions/{waiting['id']}/answer", {"state": "declined", "words": "It was yours."})
    page.reload()
    to_record_after_reload(home)
    expect(home.shown.card("Something wrong with it?")).to_contain_text("It was yours.")
    to_record(home, "diagnoses", "Mercy Hospital")
    expect(home.shown.card("Something wrong with it?")).to_contain_text("Ask it on its own page")


def to_record_after_reload(home: Home) -> None:
    """Reloading forgets the reading, and nothing else."""
    home.page.get_by_role("button", name="Connect").click()
    expect(home.page.locator("#account button")).to_be_visible(timeout=SLOW)
    home.shown.go("Records")
    home.page.get_by_role("button", name="Open my record").click()
    expect(home.page.get_by_role("combobox", name="Kind", exact=True)).to_be_visible(timeout=SLOW)
    to_record(home, "laboratory results", "City Hospital")


def test_versions_are_read_when_asked_for(home: Home) -> None:
    """W-39: the newest is shown; the former one when the patient asks for it."""
    to_record(home, "laboratory results", "City Hospital")
    expect(home.page.get_by_text("6.9 %")).to_be_visible()
    home.page.get_by_role("button", name="Look for other versions").click()
    former = home.page.locator("details", has_text="version 1")
    former.locator("summary").first.click(timeout=SLOW)
    expect(former.get_by_text("9.9 %")).to_be_visible()


def test_whole_record_is_saved_as_valid_fhir(home: Home, tmp_path: Path) -> None:
    """W-41: one file, made here: every resource is valid R4, from both hospitals, and nothing was sent for it."""
    home.shown.go("Records")
    with home.page.expect_download() as saving:
        home.page.get_by_role("button", name="Save everything (FHIR)").click()
    target = tmp_path / "record.json"
    saving.value.save_as(target)
    made = json.loads(target.read_text("utf-8"))
    found = [row["resource"] for row in made["entry"]]
    for resource in found:
        model(resource["resourceType"]).model_validate(resource)
    names = {
        tag["display"] for one in found for tag in one.get("meta", {}).get("tag", []) if "display" in tag
    }
    assert names >= {"Mercy Hospital", "City Hospital"} and len(found) > 60
