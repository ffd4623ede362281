"""The layouts' vectors in Chromium, whose own X25519, ML-KEM, base64 and hex the pages use where there are any."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.core_runs import bundled
from tests.browser.stand_in import StandIn

VECTORS = Path(__file__).resolve().parents[1] / "vectors"
SUITES = ("hpke", "sealing", "envelope", "shamir", "channel")
ASSERT = "--alias:node:assert/strict=./tests/browser/core/assert_in_page.ts"


def test_vectors_hold_in_chromium(page: Page, stand_in: StandIn) -> None:
    """W-79, L-6 … L-14: what the browser opens by itself is what the libraries open, and nothing else is."""
    script = bundled("tests/browser/core/vectors_in_page.ts", "--target=es2022", ASSERT)
    page.route(
        "**/static/dist/vectors.js", lambda route: route.fulfill(path=script, content_type="text/javascript")
    )
    page.goto(stand_in.url)
    files = {name: json.loads((VECTORS / f"{name}.json").read_text()) for name in SUITES}
    found = page.evaluate(
        """async (files) => {
          const core = await import("/static/dist/vectors.js");
          let told;
          const native = await core.watched(async () => { told = await core.run(files); });
          const texts = ["", "AA==", "AAA=", "AAAA", "A", "AA", "AB==", "AA ==", "AA==\\n", " AAAA", "AA-_", "=AAA"];
          return { told, native, taken: core.taken(texts) };
        }""",
        files,
    )
    assert found["told"] == dict.fromkeys(SUITES)
    assert found["taken"] == ["", "AA==", "AAA=", "AAAA"]
    print(f"\nML-KEM by {'the browser' if found['native'] else 'the library'}")
