"""How one record is shown, and which are shown openly, in Chromium."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.node import for_browsers
from tests.browser.portraits import LOINC, coded, condition, observation, record

SOURCE = """
import { held } from "./app/browser/patient/portrait/held";
import { resourceList } from "./app/browser/patient/records/resources";
import { sensitiveSwitch, shownOf } from "./app/browser/patient/sensitive";
const session: any = {};
(globalThis as any).shown = (one: any) => document.body.replaceChildren(...resourceList(held(one)));
(globalThis as any).listed = (records: any) => {
  const draw = async (): Promise<void> => {
    const ids = shownOf(records, { session }).map(({ header }: any) => Number(header.recordId));
    document.body.replaceChildren(sensitiveSwitch({ session, refresh: draw } as any), ids.join());
  };
  return draw();
};
"""
POTASSIUM, SODIUM, PRESSURE = (
    coded(LOINC, "2823-3", "Potassium"),
    coded(LOINC, "2951-2", "Sodium"),
    coded(LOINC, "85354-9", "Blood pressure"),
)


@pytest.fixture
def blank(page: Page) -> Page:
    page.add_script_tag(content=for_browsers(SOURCE))
    return page


def show(page: Page, *resources: dict[str, Any], **header: Any) -> None:
    page.evaluate("(one) => shown(one)", record(*resources, **header))


def test_several_results_are_one_table(blank: Page) -> None:
    """W-96: as laboratories print them; parts have a line each, the time stands once, and each result in full is folded."""
    ranged = [{"low": {"value": 3.5, "unit": "mmol/L"}, "high": {"value": 5.1, "unit": "mmol/L"}}]
    high = [{"coding": [{"code": "H"}]}]
    parts = [
        {"code": coded(LOINC, code, name), "valueQuantity": {"value": value, "unit": "mmHg"}}
        for code, name, value in (("8480-6", "Systolic", 128), ("8462-4", "Diastolic", 81))
    ]
    pressure = observation(PRESSURE, 0, "") | {"component": parts}
    del pressure["valueQuantity"]
    show(
        blank,
        observation(POTASSIUM, 5.6, "mmol/L", referenceRange=ranged, interpretation=high),
        observation(SODIUM, 139, "mmol/L", issued="2026-01-06T09:00:00Z"),
        pressure,
        {
            "resourceType": "DiagnosticReport",
            "status": "final",
            "code": {"text": "Panel"},
            "conclusion": "Watch potassium.",
        },
        category="laboratory",
    )
    rows = blank.get_by_role("table").get_by_role("row")
    expect(rows).to_have_count(5)
    expect(rows.nth(1)).to_contain_text("5.6 mmol/L")
    expect(rows.nth(1)).to_contain_text("3.5 to 5.1 mmol/L")
    expect(rows.nth(1).locator(".badge")).to_have_count(1)
    expect(rows.nth(2).locator(".badge")).to_have_count(0)
    expect(rows.nth(3)).to_contain_text("128 mmHg")
    expect(blank.locator("article").first).to_contain_text("Watch potassium.")
    full = blank.locator("body > details", has_text="Each entry in full")
    expect(full.locator("article")).to_have_count(3)
    expect(full.locator("article").nth(1).locator("details")).to_contain_text("6 January 2026")


def test_a_state_that_is_out_of_the_ordinary_is_said_at_once(blank: Page) -> None:
    """W-96: what goes without saying is folded, what does not is not."""
    show(blank, observation(SODIUM, 139, "mmol/L"))
    expect(blank.locator("article > dl")).not_to_contain_text("final")
    expect(blank.locator("article details")).to_contain_text("final")
    show(blank, observation(SODIUM, 139, "mmol/L") | {"status": "preliminary"})
    expect(blank.locator("article > dl")).to_contain_text("preliminary")


def test_a_summary_says_its_names_first(blank: Page) -> None:
    """W-96: once each, whatever stands beside them; the rest is a click away."""
    composition = {"resourceType": "Composition", "status": "final", "type": coded(LOINC, "60591-5")}
    allergy = {"resourceType": "AllergyIntolerance", "code": {"text": "Penicillin"}, "criticality": "high"}
    show(blank, composition, allergy, condition({"text": "Asthma"}), category="emergency")
    brief = blank.locator("article").first
    assert brief.locator("li").all_inner_texts() == ["Penicillin can be dangerous", "Asthma"]
    expect(blank.locator("body > details article")).to_have_count(3)


def test_sensitive_records_are_shown_when_the_patient_says_so(blank: Page) -> None:
    """W-95: by category and by confidentiality; back again with the same button."""
    records = [
        record(condition({"text": "x"}), number=1),
        record(condition({"text": "x"}), number=2, category="hiv"),
        record(condition({"text": "x"}), number=3, confidentiality="R"),
    ]
    blank.evaluate("(records) => listed(records)", records)
    body = blank.locator("body")
    expect(body).to_have_text(
        "Sensitive records, such as mental health, sexual health or HIV, are not shown here.Show sensitive1"
    )
    blank.get_by_role("button", name="Show sensitive").click()
    expect(body).to_contain_text("1,2,3")
    blank.get_by_role("button", name="Hide sensitive").click()
    expect(body).not_to_contain_text("1,2,3")


def test_paper_holds_every_row(blank: Page) -> None:
    """W-97: nobody can turn a page of a table on paper; on the screen it is paged as before."""
    show(blank, *(observation(coded(LOINC, f"{at}-0", f"Value {at}"), at, "mg") for at in range(1, 61)))
    rows = blank.locator("body > article tbody tr")
    expect(rows).to_have_count(50)
    blank.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(rows).to_have_count(60)
    blank.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(rows).to_have_count(50)
