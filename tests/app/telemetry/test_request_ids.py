"""Which ids of callers are handed on, and how far (H-53)."""

from __future__ import annotations

from uuid import UUID

import pytest

from consentry.telemetry import request_id
from consentry.telemetry.request_id import Threads


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("ad6cb0f7-2f1c-4242-9da8-20e1fc752d66", True),
        ("BBE24F5C-3D40-4172-A9B9-AD5E643DFAD0", True),
        ("4bf92f3577b34da6a3ce929d0e0e4736", True),
        ("0123456789abcdef", True),
        ("MRN-4711", False),
        ("11010519491231002", False),  # digits alone: an identity card has as many
        ("110105194912310021", False),
        ("deadbeef", False),
        ("a" * 65, False),
        ("12345678-1234-0234-8234-123456789012", False),
        ("ab" * 20, False),  # as long as an address
        ("ab" * 32, False),  # as long as a record's id
        ("", False),
    ],
)
def test_opaque_keeps_what_says_nothing(given: str, *, kept: bool) -> None:
    """H-53, P-1."""
    found = request_id.opaque(given)
    assert (found == given.lower()) is kept


def test_opaque_makes_another_each_time() -> None:
    assert request_id.opaque("MRN-4711") != request_id.opaque("MRN-4711")


def test_threads_work_for_whoever_gave_the_work() -> None:
    """H-53: and for nobody afterwards."""
    with Threads(2) as threads:
        found = []
        for one in ("aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb", ""):
            request_id.begin(one)
            found += threads.map(lambda _: request_id.current(), range(4))
    assert found == ["aaaaaaaaaaaaaaaa"] * 4 + ["bbbbbbbbbbbbbbbb"] * 4 + [""] * 4


def test_with_current_tells_whoever_is_asked() -> None:
    """H-53: keepers and other gateways; of work that is for no request nothing is told."""
    request_id.begin("0123456789abcdef")
    assert request_id.with_current({"Accept": "x"}) == {"Accept": "x", "X-Request-Id": "0123456789abcdef"}
    request_id.begin("")
    assert request_id.with_current({"Accept": "x"}) == {"Accept": "x"}


def test_own_ids_are_handed_on_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """H-53: whatever they consist of."""
    digits = UUID("12345678-1234-4234-8234-123456789012")
    monkeypatch.setattr(request_id, "uuid4", lambda: digits)
    assert request_id.opaque(request_id.new_id()) == str(digits)
