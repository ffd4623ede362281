"""Numbers keep the zeros that say how exactly somebody measured, in Chromium's own engine."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page

from tests.browser.node import for_browsers
from tests.browser.portraits import LOINC, NOW, coded, observation, record

SOURCE = """
import { parsed, written } from "./app/browser/core/decimals";
import { changeLanguage } from "./app/browser/core/language";
import { sections } from "./app/browser/patient/overview/view";
import { exported } from "./app/browser/patient/portrait/exporting";
import { current, held } from "./app/browser/patient/portrait/held";
import { portrait } from "./app/browser/patient/portrait/portrait";
import { resourceList } from "./app/browser/patient/records/resources";
(globalThis as any).again = (text: string) => written(parsed(text));
(globalThis as any).drawn = (records: any, texts: string[], now: number, language: "en" | "zh") => {
  changeLanguage(language);
  const opened = records.map((one: any, at: number) => ({ ...one, bundle: parsed(texts[at] as string) }));
  const never = new AbortController().signal;
  document.body.replaceChildren(...sections(portrait(current(opened), now), () => null, never));
  document.querySelectorAll("details").forEach((one) => (one.open = true));
  document.body.append(...opened.flatMap((one: any) => resourceList(held(one))));
  return exported(opened, records[0].header.author, 1337, "2026-05-28T00:00:00Z").then(written);
};
"""
POTASSIUM = coded(LOINC, "2823-3", "Potassium")


@pytest.fixture
def blank(page: Page) -> Page:
    """An empty page of a secure origin, with the pages' code."""
    page.route(
        "http://localhost/", lambda route: route.fulfill(body="<!doctype html>", content_type="text/html")
    )
    page.goto("http://localhost/")
    page.add_script_tag(content=for_browsers(SOURCE))
    return page


def test_numbers_stand_as_their_author_wrote_them(blank: Page) -> None:
    """W-92: on the overview, in the record, in ranges and in the export; what is converted stands as it was written beside."""
    ranges = [{"low": {"value": 3.51, "unit": "mmol/L"}, "high": {"value": 5.11, "unit": "mmol/L"}}]
    made = [
        record(
            observation(POTASSIUM, 5.41, "mmol/L", f"2026-0{number}-05T09:00:00Z", referenceRange=ranges),
            category="laboratory",
            number=number,
        )
        for number in (1, 2)
    ]
    texts = [
        json.dumps(one["bundle"]).replace("5.41", "5.40").replace("3.51", "3.50").replace("5.11", "5.0e0")
        for one in made
    ]
    given = [made, texts, NOW, "en"]
    saved = blank.evaluate("([records, texts, now, language]) => drawn(records, texts, now, language)", given)
    assert '"value": 5.40' in saved and '"value": 3.50' in saved and '"value": 5.0e0' in saved
    said = blank.locator("body").inner_text()
    assert "5.40 mmol/L" in said and "5.4 mmol/L" not in said
    assert "3.50 to 5 mmol/L" in said


def test_json_is_written_again_as_it_was_read(blank: Page) -> None:
    """W-92: whatever numbers a record holds, in objects and in lists, however large."""
    text = '{"a": [1.0, 2.50, {"b": -0.00, "c": 12345678901234567890.10}], "d": 1e3, "e": "5.40", "f": 7}'
    again = blank.evaluate("(text) => again(text)", text)
    assert "".join(again.split()) == "".join(text.split())
