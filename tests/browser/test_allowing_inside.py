"""What the form of a representative can put together lies in the mandate, by the rule that the gateway asks (W-107, W-110)."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any

import pytest

from consentry.domain.addresses import Address
from consentry.domain.mandates import Mandate, Scope
from consentry.domain.provisions import Provision, exceeding
from tests.browser.node import evaluate

SOURCE = """
import { allowedPurposes, provisionsInside } from "./app/browser/core/behalf";
import { mandate } from "./app/browser/layouts/mandates";
declare const given: any;
const read = mandate(given.mandate);
const purposes = allowedPurposes(read);
console.log(JSON.stringify({ purposes, inside: provisionsInside(read, given.purposes ?? purposes, given.categories) }));
"""
MAY = "2026-05-01T00:00:00Z"
LABORATORY = Provision(("FAMRQT", "TREAT"), ("laboratory",), "R", MAY, "any", ("Mercy",), ("any",))
RESEARCH = Provision(("HRESCH",), ("vitals", "problem"), "N", "any", "any", ("any",), ("any",))
OPEN = Provision(("any",), ("any",), "any", "any", "any", ("any",), ("any",))


def found(*scope: Provision, categories: list[str], purposes: list[str] | None = None) -> Any:
    who = Address("0x" + "11" * 20), Address("0x" + "22" * 20)
    mandate = Mandate(*who, Scope(scope, secrets.token_bytes(32)), 1, 2, 2)
    return evaluate(SOURCE, {"mandate": mandate.to_json(), "purposes": purposes, "categories": categories})


def test_what_is_chosen_is_cut_to_each_provision_of_the_scope() -> None:
    """W-110: purposes of institutions alone; what one provision names for another's purpose is not put together."""
    told = found(LABORATORY, RESEARCH, categories=["laboratory", "vitals", "psychiatry"])
    assert told["purposes"] == ["TREAT", "HRESCH"]
    first, second = (Provision.from_json(one) for one in told["inside"])
    assert first == replace(LABORATORY, purposes=("TREAT",))
    assert second == replace(RESEARCH, categories=("vitals",))
    assert (exceeding(first, LABORATORY), exceeding(second, RESEARCH)) == (None, None)


@pytest.mark.parametrize(
    ("purposes", "categories"),
    [(["HRESCH"], ["laboratory"]), (["TREAT"], ["problem"]), (["HPAYMT"], ["laboratory"]), ([], ["vitals"])],
)
def test_nothing_is_put_together_when_no_provision_names_both(
    purposes: list[str], categories: list[str]
) -> None:
    assert found(LABORATORY, RESEARCH, purposes=purposes, categories=categories)["inside"] == []


def test_mandate_for_reading_alone_lets_nothing_be_allowed_and_one_for_anything_everything_but_that() -> None:
    reading = replace(LABORATORY, purposes=("FAMRQT", "PATRQT"))
    assert found(reading, categories=["laboratory"])["purposes"] == []
    told = found(OPEN, categories=["hiv"])
    assert "TREAT" in told["purposes"] and not {"FAMRQT", "PATRQT"} & set(told["purposes"])
    (one,) = told["inside"]
    assert one["categories"] == ["hiv"] and exceeding(Provision.from_json(one), OPEN) is None
