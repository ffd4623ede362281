"""Colours are named once, light and dark side by side, and paper has none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import ways
from tests.browser.stand_in import StandIn
from tests.browser.wallet import Wallet

COLOURS = Path(__file__).resolve().parents[2] / "app" / "browser" / "css" / "colours.css"
_GROUND = "() => getComputedStyle(document.body).backgroundColor"
DARK, LIGHT, WHITE = "rgb(16, 23, 21)", "rgb(245, 247, 246)", "rgb(255, 255, 255)"


def test_a_browser_without_light_dark_shows_the_light_colours() -> None:
    """W-6: what is registered for old browsers, and for charts, is the light one of each pair."""
    css = COLOURS.read_text("utf-8")
    pairs = dict(re.findall(r"(--[\w-]+): light-dark\(([^,]+),", css))
    registered = dict(re.findall(r"@property (--[\w-]+) .*initial-value: ([^;]+);", css))
    assert pairs and pairs == registered


@pytest.mark.parametrize("system", ["light", "dark"])
def test_colours_follow_the_system_the_choice_and_the_paper(
    page: Page, alice: Wallet, stand_in: StandIn, system: str
) -> None:
    """W-2, W-97: the system's first, then the patient's own choice; on paper black on white, folded parts open."""
    page.emulate_media(color_scheme=system)  # type: ignore[arg-type]
    stand_in.propose(alice.address)
    ways.enter(page, stand_in.url)
    before, after = (DARK, LIGHT) if system == "dark" else (LIGHT, DARK)
    assert page.evaluate(_GROUND) == before
    page.locator("#theme").click()
    assert page.evaluate(_GROUND) == after
    folded = page.locator("details:not([open])").first
    expect(folded).to_be_visible()
    inside = folded.locator(":scope > :not(summary)").first
    expect(inside).to_be_hidden()
    page.emulate_media(media="print", color_scheme=system)  # type: ignore[arg-type]
    assert page.evaluate(_GROUND) == WHITE
    expect(inside).to_be_visible()
    expect(page.get_by_role("button", name="Sign with your wallet")).to_be_hidden()
