"""Whatever is sent, the answer is a typed error or a bundle that can be split (F-1)."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consentry.demo.bundles import extra_bundle
from consentry.errors import ConsentryError
from consentry.fhir.split import split
from consentry.fhir.validate import parse_bundle
from tests.app.fhir import readback

JUNK: list[Any] = [
    None,
    True,
    0,
    -1,
    1.5,
    "",
    " ",
    "x",
    "Patient/p9",
    "#",
    "2025-13",
    "9999-12-31T23:59:59Z",
    "0001-01-01",
    [],
    {},
    [None],
    [[]],
    {"reference": 3},
    {"reference": "#nothing"},
    {"identifier": {}},
    {"identifier": {"value": 5}},
    {"resourceType": "Patient"},
    {"resourceType": 7},
    "http://loinc.org",
    "\ud800",
    10**40,
]


def slots(node: Any) -> list[tuple[Any, Any]]:
    """(holder, key) of everything inside."""
    found: list[tuple[Any, Any]] = []
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in items:
        found.append((node, key))
        found += slots(value)
    return found


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_broken_bundles_end_in_typed_errors(data: st.DataObject) -> None:
    """F-1"""
    bundle = copy.deepcopy(json.loads(extra_bundle()))
    for _ in range(data.draw(st.integers(1, 3))):
        holder, key = data.draw(st.sampled_from(slots(bundle)))
        action = data.draw(st.sampled_from(["junk", "drop", "rename", "swap"]))
        if action == "junk":
            holder[key] = copy.deepcopy(data.draw(st.sampled_from(JUNK)))
        elif action == "drop":
            del holder[key]
        elif action == "rename" and isinstance(holder, dict):
            holder[
                data.draw(st.sampled_from(["resourceType", "reference", "status", "url", "extension", "_id"]))
            ] = holder[key]
        else:
            other, place = data.draw(st.sampled_from(slots(bundle)))
            holder[key] = copy.deepcopy(other[place])
    try:
        drafts = split(parse_bundle(json.dumps(bundle).encode()), received_at="2025-11-06T00:00:00Z")
    except ConsentryError as error:
        assert error.code != "internal"
    else:
        assert all(readback.dangling(draft) == [] for draft in drafts)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_end_in_typed_errors(raw: bytes) -> None:
    """F-1"""
    try:
        parse_bundle(raw)
    except ConsentryError as error:
        assert error.code in ("not-json", "not-fhir")
