"""Which deadline a guardian joins (W-82)."""

from __future__ import annotations

from tests.browser.node import evaluate

SOURCE = """
import { joinedDeadline } from "./app/browser/core/identity";
import { Mismatch } from "./app/browser/core/checks";
declare const given: { latest: number; told: any[] };
console.log(JSON.stringify(given.told.map((one) => {
  try {
    return joinedDeadline(one, given.latest) === one;
  } catch (error) {
    if (error instanceof Mismatch) return false;
    throw error;
  }
})));
"""
LATEST, FORTNIGHT = 1_800_000_000, 14 * 24 * 3600


def test_guardian_joins_no_deadline_that_no_guardian_would_set() -> None:
    """W-82: over already, far away, or no number: the gateway's doing."""
    joined = [LATEST, LATEST + 60, LATEST - FORTNIGHT + 1, LATEST - 3600]
    refused = [LATEST + 61, LATEST - FORTNIGHT, 2**53, 1e300, 0, -1, LATEST - 0.5, "soon", None]
    assert evaluate(SOURCE, {"latest": LATEST, "told": joined + refused}) == [True] * 4 + [False] * 9
