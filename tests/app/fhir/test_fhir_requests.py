"""Requests inside a Bundle weigh no more than requests by themselves (F-10, F-12)."""

from __future__ import annotations

from typing import Any

import pytest

from consentry import errors
from consentry.fhir.requests import MOST_CONDITION, MOST_URL, requests_of

BASE = "https://city.example/fhir"


def asked(**request: Any) -> Any:
    row = {"request": {"method": "GET", "url": "Observation"} | request}
    return requests_of({"type": "batch", "entry": [row]}, BASE)


def test_requests_of_reads_addresses_and_conditions() -> None:
    """F-10"""
    (found,) = asked(url=f"{BASE}/Observation?code=x", ifMatch='W/"1"', ifNoneExist="identifier=x")
    assert (found.url, found.if_match) == ("Observation?code=x", 'W/"1"')
    assert found.if_none_exist == "identifier=x"


@pytest.mark.parametrize(
    "request_",
    [
        {"url": "Observation?" + "a&" * (MOST_URL // 2)},
        {"ifMatch": " " * (MOST_CONDITION + 1)},
        {"ifNoneExist": "identifier=" + "1" * MOST_CONDITION},
    ],
)
def test_requests_of_refuses_what_no_head_could_hold(request_: dict[str, Any]) -> None:
    """F-12: a Bundle of 16 MiB is no address of eight million parameters."""
    with pytest.raises(errors.NotFhir):
        asked(**request_)
