"""How long a long life takes to draw. Times are printed, not judged."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from consentry.demo.bundles import demo_bundles
from tests.browser.node import for_browsers
from tests.browser.portraits import CITY, MERCY, NOW, published

SOURCE = """
import { sections } from "./app/browser/patient/overview/view";
import { current } from "./app/browser/patient/portrait/held";
import { portrait } from "./app/browser/patient/portrait/portrait";
(globalThis as any).drawn = (records: any, now: number) => {
  const began = performance.now();
  const made = portrait(current(records), now);
  const told = performance.now();
  document.body.append(...sections(made, () => "#/records/1", new AbortController().signal));
  const height = document.body.scrollHeight;
  return { told: told - began, shown: performance.now() - told, height, records: made.records };
};
"""


def test_overview_of_500_records_is_drawn(page: Page) -> None:
    """W-44: 500 records of two hospitals, from what was opened to what stands on the page, in Chromium."""
    year = [
        one for author in (MERCY, CITY) for raw in demo_bundles(3).values() for one in published(raw, author)
    ]
    many = [
        {**one, "header": {**one["header"], "recordId": f"0x{at:064x}"}}
        for at, one in enumerate(year * (500 // len(year) + 1), start=1)
    ][:500]
    page.add_script_tag(content=for_browsers(SOURCE))
    took = page.evaluate("([records, now]) => drawn(records, now)", [many, NOW])
    print(f"500 records: told in {took['told']:.0f} ms, on the page after {took['shown']:.0f} ms more")
    assert took["records"] == 500 and took["height"] > 0
    expect(page.get_by_role("heading", name="Visits")).to_be_visible()
