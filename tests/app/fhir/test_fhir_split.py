"""Splitting: everything once, nothing that points elsewhere (F-2, F-3)."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consentry import errors
from consentry.domain.categories import SENSITIVE
from consentry.fhir import tables
from consentry.fhir.split import split
from consentry.fhir.validate import parse_bundle, problems
from tests.app.fhir import readback
from tests.app.fhir.builders import (
    MRN,
    bundle,
    condition,
    encounter,
    in_encounter,
    labelled,
    observation,
    patient,
    practitioner,
    resource_lists,
)

SLOW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@SLOW
@given(resource_lists())
def test_split_puts_every_resource_in_exactly_one_record(found: list[dict[str, Any]]) -> None:
    """F-2"""
    parsed = parse_bundle(bundle(*found))
    drafts = split(parsed)
    for entry in parsed.entries:
        places = readback.homes(drafts, entry.identity)
        supporting = tables.resource_types()[entry.type].role == "supporting"
        assert len(places) >= 1 if supporting else len(places) == 1
    clinical = sum(1 for one in parsed.entries if one.type != "Practitioner")
    counted = sum(
        count
        for draft in drafts
        for kind, count in draft.resource_types
        if kind not in ("Practitioner", "Patient")
    )
    assert counted == clinical


@SLOW
@given(resource_lists())
def test_split_leaves_nothing_that_points_out_of_a_record(found: list[dict[str, Any]]) -> None:
    """F-2: neither as a reference nor as an id, a display or an address in the bytes."""
    drafts = split(parse_bundle(bundle(*found)))
    for draft in drafts:
        assert readback.dangling(draft) == []
        text = draft.content.decode()
        assert (
            "MRN17" not in text and "Liang" not in text and "Patient/" not in text and "elsewhere" not in text
        )
        inside = {one["id"] for one in readback.resources(draft)}
        for other in drafts:
            foreign = {one["id"] for one in readback.resources(other)} - inside
            assert not any(name in text for name in foreign)


@SLOW
@given(resource_lists(), st.randoms(use_true_random=False))
def test_split_does_not_depend_on_the_order_of_entries(
    found: list[dict[str, Any]], dice: random.Random
) -> None:
    """F-2: publishing the same visit again gives the same bytes, which idempotence (G-1) rests on."""
    shuffled = list(found)
    dice.shuffle(shuffled)
    assert split(parse_bundle(bundle(*found))) == split(parse_bundle(bundle(*shuffled)))


@SLOW
@given(resource_lists())
def test_split_gives_back_what_was_published(found: list[dict[str, Any]]) -> None:
    """F-3"""
    parsed = parse_bundle(bundle(*found))
    drafts = split(parsed)
    for entry in parsed.entries:
        for _, published in readback.homes(drafts, entry.identity):
            assert readback.without_rewritten(published) == readback.without_rewritten(entry.resource)
            assert problems(published, "") == ()


@SLOW
@given(resource_lists())
def test_split_never_makes_a_record_laxer_than_its_parts(found: list[dict[str, Any]]) -> None:
    """F-2: labels in the record never exceed what its header says."""
    for draft in split(parse_bundle(bundle(*found))):
        assert draft.level == 3
        if draft.category in SENSITIVE:
            assert draft.confidentiality != "N"
        for one in readback.resources(draft):
            codes = {label["code"] for label in one.get("meta", {}).get("security", ())}
            assert "V" not in codes or draft.confidentiality == "V"
            assert "R" not in codes or draft.confidentiality != "N"


def test_split_groups_by_encounter_category_and_confidentiality() -> None:
    """F-2"""
    drafts = split(
        parse_bundle(
            bundle(
                patient(),
                encounter(),
                encounter("e2", "2025-06-01T08:00:00+08:00"),
                observation("o1", **in_encounter()),
                observation("o2", **in_encounter()),
                observation("o3", meta=labelled("R"), **in_encounter()),
                observation("o4", **in_encounter("e2")),
                observation("o5", "vital-signs", **in_encounter()),
                observation("o6", effectiveDateTime="2025-03-05T01:00:00+08:00"),
            )
        )
    )
    assert [(d.date, str(d.category), str(d.confidentiality), d.resource_types) for d in drafts] == [
        ("2025-03-04T09:00:00Z", "laboratory", "N", (("Observation", 2),)),
        ("2025-03-04T09:00:00Z", "laboratory", "R", (("Observation", 1),)),
        ("2025-03-04T09:00:00Z", "visit", "N", (("Encounter", 1),)),
        ("2025-03-04T09:00:00Z", "vitals", "N", (("Observation", 1),)),
        ("2025-03-04T17:00:00Z", "laboratory", "N", (("Observation", 1),)),
        ("2025-06-01T00:00:00Z", "laboratory", "N", (("Observation", 1),)),
        ("2025-06-01T00:00:00Z", "visit", "N", (("Encounter", 1),)),
    ]


def test_split_copies_supporting_resources_to_where_they_are_used() -> None:
    """F-2"""
    by = {"performer": [{"reference": "Practitioner/dr"}]}
    parsed = parse_bundle(
        bundle(
            patient(),
            practitioner(),
            practitioner("idle"),
            observation("o1", **by),
            observation("o2", "imaging", **by),
        )
    )
    drafts = split(parsed)
    assert [str(draft.category) for draft, _ in readback.homes(drafts, "Practitioner/dr")] == [
        "imaging",
        "laboratory",
    ]
    assert [str(draft.category) for draft, _ in readback.homes(drafts, "Practitioner/idle")] == ["visit"]


def test_split_keeps_sex_and_birth_date_but_not_the_person() -> None:
    """P-1: who it is stays at home."""
    who = patient(gender="female", birthDate="1979-04-06", address=[{"city": "Beijing"}])
    drafts = split(
        parse_bundle(bundle(who, observation("o1", subject={"reference": "Patient/p1", "display": "Liang"})))
    )
    (found,) = [
        one for draft in drafts for one in readback.resources(draft) if one["resourceType"] == "Patient"
    ]
    assert {key: found[key] for key in found if key != "id"} == {
        "resourceType": "Patient",
        "gender": "female",
        "birthDate": "1979-04-06",
    }
    assert all(
        word not in draft.content.decode() for draft in drafts for word in ("Liang", "Beijing", MRN, "MRN17")
    )


def test_split_dates_what_has_no_date_by_bundle_then_receipt() -> None:
    """F-2"""
    undated = observation("o1")
    del undated["effectiveDateTime"]
    assert (
        split(parse_bundle(bundle(patient(), undated, timestamp="2025-03-05T10:00:00Z")))[0].date
        == "2025-03-05T10:00:00Z"
    )
    later = condition("c1", recordedDate="2025-04")
    assert {d.date for d in split(parse_bundle(bundle(patient(), undated, later)))} == {
        "2025-04-01T00:00:00Z"
    }
    parsed = parse_bundle(bundle(patient(), undated))
    assert split(parsed, received_at="2025-05-01T00:00:00Z")[0].date == "2025-05-01T00:00:00Z"
    with pytest.raises(errors.DateMissing) as caught:
        split(parsed)
    assert caught.value.expression == ("Bundle.entry[1].resource",)
